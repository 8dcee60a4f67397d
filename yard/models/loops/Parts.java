import module java.base;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopChooser;
import dev.heddle.Task;
import dev.heddle.http.internal.codec.RetryBudget;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sync.Channel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;

/**
 * The parts of {@code ManyLoops}, measured: what one processor does alone, what two do beside each other, and what a
 * touch of something shared costs. Needs two processors, and Heddle on the class path: {@code yard/models/loops/run
 * measure}.
 *
 * <p>A line has the median of the rounds, in nanoseconds of CPU or in bytes, and behind it the least and the most. The
 * parts take turns in each round.
 */
void main() throws Exception {
    if (Runtime.getRuntime().availableProcessors() < 2) {
        throw new IllegalStateException("two processors are needed");
    }
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (int round = -1; round < ROUNDS; round++) {
        for (var part : PARTS.entrySet()) {
            if (!part.getKey().matches(WANTED)) {
                continue;
            }
            double number = part.getValue().call();
            if (round >= 0) {
                all.computeIfAbsent(part.getKey(), key -> new ArrayList<>()).add(number);
            }
        }
        System.err.println(round < 0 ? "warm" : "round " + (round + 1) + " of " + ROUNDS);
    }
    all.forEach((name, numbers) -> {
        Collections.sort(numbers);
        System.out.printf(Locale.ROOT, "%-44s %12.4g   # %.4g .. %.4g%n", name, numbers.get(numbers.size() / 2),
                numbers.getFirst(), numbers.getLast());
    });
}

static final int ROUNDS = Integer.getInteger("rounds", 7);

static final String WANTED = System.getProperty("parts", ".*");

static final Map<String, Callable<Double>> PARTS = parts();

static Map<String, Callable<Double>> parts() {
    Map<String, Callable<Double>> parts = new LinkedHashMap<>();
    parts.put("line.own", () -> Lines.adds(1, true));
    parts.put("line.apart.2", () -> Lines.adds(2, true));
    parts.put("line.shared.2", () -> Lines.adds(2, false));
    parts.put("line.transfer", Lines::transfer);
    parts.put("line.writes.apart.2", () -> Lines.writes(true));
    parts.put("line.writes.shared.2", () -> Lines.writes(false));
    parts.put("thread.made.1", () -> together(1, Shared::threads) / Shared.THREAD_COUNT);
    parts.put("thread.made.2", () -> together(2, Shared::threads) / Shared.THREAD_COUNT);
    parts.put("descriptor.1", () -> together(1, Kernel::descriptors) / Kernel.DESCRIPTORS);
    parts.put("descriptor.2", () -> together(2, Kernel::descriptors) / Kernel.DESCRIPTORS);
    parts.put("budget.1", () -> together(1, Shared::budget) / Shared.REQUESTS);
    parts.put("budget.2", () -> together(2, Shared::budget) / Shared.REQUESTS);
    parts.put("chooser.64", Shared::chooser);
    parts.put("watch.1", () -> together(1, Shared::watches) / Shared.WATCHES);
    parts.put("watch.2", () -> together(2, Shared::watches) / Shared.WATCHES);
    for (int percent : new int[]{0, 1, 10, 50, 100}) {
        parts.put("message." + percent + ".2", () -> Messages.nanos(2, percent / 100.0));
    }
    parts.put("message.0.1", () -> Messages.nanos(1, 0));
    parts.put("message.asleep", Messages::asleep);
    parts.put("switch.1", () -> Tasks.nanos(1, Tasks::switches));
    parts.put("switch.2", () -> Tasks.nanos(2, Tasks::switches));
    parts.put("spawn.1", () -> Tasks.nanos(1, Tasks::lives));
    parts.put("spawn.2", () -> Tasks.nanos(2, Tasks::lives));
    parts.put("request.1", () -> Requests.nanos(1, true));
    parts.put("request.2", () -> Requests.nanos(2, true));
    parts.put("request.bytes", () -> Requests.bytes(true));
    parts.put("connection.1", () -> Requests.nanos(1, false));
    parts.put("connection.2", () -> Requests.nanos(2, false));
    parts.put("connection.bytes", () -> Requests.bytes(false));
    return parts;
}

static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

/**
 * Nanoseconds of CPU that each of so many threads needs for the same work beside each other: of several short tries the
 * one in which they had a processor each for most of the time. Only then do they meet at what they share.
 */
static double together(int threads, IntConsumer work) {
    double best = 0;
    double nanos = 0;
    for (int i = 0; i < TRIES && (best < ALL_THE_TIME || i < MIN_TRIES); i++) {
        var present = new AtomicInteger();
        var used = new AtomicLong();
        var first = new AtomicLong(Long.MAX_VALUE);
        var last = new AtomicLong(Long.MIN_VALUE);
        List<Thread> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int index = thread;
            all.add(Thread.ofPlatform().start(() -> {
                present.incrementAndGet();
                while (present.get() < threads) {
                    // The other one is about to come.
                }
                first.accumulateAndGet(System.nanoTime(), Math::min);
                long before = THREADS.getCurrentThreadCpuTime();
                work.accept(index);
                used.addAndGet(THREADS.getCurrentThreadCpuTime() - before);
                last.accumulateAndGet(System.nanoTime(), Math::max);
            }));
        }
        all.forEach(Shared::join);
        double each = used.get() / (double) threads;
        double share = each / (last.get() - first.get());
        if (share > best) {
            best = share;
            nanos = each;
        }
    }
    return nanos;
}

private static final int TRIES = 200;
private static final int MIN_TRIES = 20;
private static final double ALL_THE_TIME = 0.95;

/** What threads share: the JDK's number of the next thread, and a set like that of {@code Unclosed}. */
static final class Shared {
    static final int THREAD_COUNT = 10_000;
    static final int WATCHES = 10_000;
    static final int REQUESTS = 50_000;
    private static final int CHOICES = 2_000;
    private static final RetryBudget BUDGET = new RetryBudget();
    private static final Set<Object> OPEN = ConcurrentHashMap.newKeySet();

    static void threads(int index) {
        Thread.Builder maker = Thread.ofVirtual();
        for (int i = 0; i < THREAD_COUNT; i++) {
            if (maker.unstarted(() -> {}).isAlive()) {
                throw new IllegalStateException();
            }
        }
    }

    static void watches(int index) {
        for (int i = 0; i < WATCHES; i++) {
            var each = new Object();
            OPEN.add(each);
            OPEN.remove(each);
        }
    }

    /** Requests of a client whose budget of retries is full. */
    static void budget(int index) {
        for (int i = 0; i < REQUESTS; i++) {
            BUDGET.requested();
        }
    }

    /** The choice of one of 64 loops by how many tasks they have. */
    static double chooser() {
        List<Loop> loops = Stream.generate(() -> Loop.create(CONFIG)).limit(64).toList();
        try {
            LoopChooser chooser = LoopChooser.leastTasks(loops);
            return together(1, index -> {
                for (int i = 0; i < CHOICES; i++) {
                    chooser.next();
                }
            }) / CHOICES;
        } finally {
            loops.forEach(Loop::close);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

/** Touches of lines of the cache. */
static final class Lines {
    private static final int TOUCHES = 50_000;
    private static final int APART = 32; // 256 bytes: the processor fetches lines by twos
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long[] FIELD = new long[8 * APART];

    /** An atomic step. */
    static double adds(int threads, boolean apart) {
        return together(threads, index -> {
            int place = (apart ? 1 + index : 1) * APART;
            for (int i = 0; i < TOUCHES; i++) {
                LONGS.getAndAdd(FIELD, place, 1L);
            }
        }) / TOUCHES;
    }

    /** Plain counts on one line or on two, each behind some work of its own. */
    static double writes(boolean apart) {
        return together(2, index -> {
            int place = APART + (apart ? index * APART : index);
            for (int i = 0; i < TOUCHES; i++) {
                LONGS.setOpaque(FIELD, place, FIELD[place] + 1);
            }
        }) / TOUCHES;
    }

    /** One way of a line from one processor to the other and into its register. */
    static double transfer() {
        int ways = 10_000;
        LONGS.setVolatile(FIELD, APART, 0L);
        return together(2, index -> {
            for (long i = index; i < ways; i += 2) {
                while ((long) LONGS.getAcquire(FIELD, APART) != i) {
                    // The other one is quick.
                }
                LONGS.setRelease(FIELD, APART, (i + 1) % ways);
            }
        }) / ways;
    }
}

/** What the kernel keeps once for a process. */
static final class Kernel {
    static final int DESCRIPTORS = 500;
    private static final MethodHandle SOCKET = link("socket", 3);
    private static final MethodHandle CLOSE = link("close", 1);

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, int arguments) {
        Linker linker = Linker.nativeLinker();
        var types = new ValueLayout[arguments];
        Arrays.fill(types, ValueLayout.JAVA_INT);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
    }

    /** Makes and closes sockets. */
    static void descriptors(int index) {
        try {
            for (int i = 0; i < DESCRIPTORS; i++) {
                int descriptor = (int) SOCKET.invokeExact(/* AF_UNIX */ 1, /* SOCK_STREAM */ 1, 0);
                int closed = (int) CLOSE.invokeExact(descriptor);
                if (closed != 0) {
                    throw new IllegalStateException("cannot close " + descriptor);
                }
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

static final Config CONFIG = Config.DEFAULT.withBlockedAfter(Duration.ofMinutes(1));

/** Runs the same body on each of so many loops, each on a processor of its own. */
static void onLoops(int loops, IntFunction<Action> body) {
    Config config = CONFIG.withLoops(loops).withCpus(IntStream.range(0, loops).toArray());
    Heddle.run(config, () -> {
        List<Task<Void>> others = new ArrayList<>();
        List<Loop> all = Heddle.currentLoop().siblings();
        for (int i = 1; i < loops; i++) {
            others.add(all.get(i).spawn(body.apply(i)));
        }
        body.apply(0).run();
        others.forEach(Task::join);
    });
}

/** Tasks of loops that have nothing to do with each other. */
static final class Tasks {
    private static final int EACH = 1_000_000;

    static double nanos(int loops, Action work) {
        long start = SYSTEM.getProcessCpuTime();
        onLoops(loops, loop -> work);
        return (SYSTEM.getProcessCpuTime() - start) / (double) (EACH * loops);
    }

    static void switches() {
        Task<Void> other = Heddle.spawn(() -> {
            for (int i = 0; i < EACH / 2; i++) {
                Heddle.checkpoint();
            }
        });
        for (int i = 0; i < EACH / 2; i++) {
            Heddle.checkpoint();
        }
        other.join();
    }

    static void lives() {
        for (int i = 0; i < EACH; i++) {
            Heddle.spawn(() -> {}).join();
        }
    }
}

/** Actors on all loops that pass tokens on, with a given chance to one of another loop. */
static final class Messages {
    static final int ACTORS = 32;
    static final int TOKENS = 32;
    private static final int EACH = 1_000_000;

    static double nanos(int loops, double cross) {
        var channels = new ArrayList<List<Channel<Integer>>>();
        for (int loop = 0; loop < loops; loop++) {
            channels.add(IntStream.range(0, ACTORS)
                    .mapToObj(i -> Channel.<Integer>of(2 * TOKENS * loops)).toList());
        }
        var done = new AtomicBoolean();
        var passed = new long[loops * 32];
        var times = new AtomicLong();
        onLoops(loops, loop -> () -> {
            List<Task<Void>> actors = new ArrayList<>();
            var random = new SplittableRandom(loop);
            for (Channel<Integer> own : channels.get(loop)) {
                own.send(0);
                actors.add(Heddle.spawn(() -> {
                    while (!done.get()) {
                        int token = own.receive();
                        int to = loops > 1 && random.nextDouble() < cross
                                ? (loop + 1 + random.nextInt(loops - 1)) % loops
                                : loop;
                        channels.get(to).get(random.nextInt(ACTORS)).send(token);
                        passed[loop * 32]++;
                    }
                }));
            }
            if (loop == 0) {
                Heddle.sleep(Duration.ofMillis(100));
                long before = sum(passed);
                long start = SYSTEM.getProcessCpuTime();
                Heddle.sleep(Duration.ofMillis(400));
                times.set((long) ((SYSTEM.getProcessCpuTime() - start) * 1000.0 / (sum(passed) - before)));
                done.set(true);
                // Whoever waits for a token gets one.
                channels.forEach(all -> all.forEach(channel -> channel.trySend(0)));
            }
            actors.forEach(Task::join);
        });
        return times.get() / 1000.0;
    }

    private static long sum(long[] passed) {
        long sum = 0;
        for (long each : passed) {
            sum += each;
        }
        return sum;
    }

    /** One way from a loop to another that sleeps. */
    static double asleep() {
        int ways = 10_000;
        Channel<Integer> there = Channel.of(1);
        Channel<Integer> back = Channel.of(1);
        long start = SYSTEM.getProcessCpuTime();
        onLoops(2, loop -> () -> {
            for (int i = 0; i < ways / 2; i++) {
                if (loop == 0) {
                    there.send(i);
                    back.receive();
                } else {
                    there.receive();
                    back.send(i);
                }
            }
        });
        return (SYSTEM.getProcessCpuTime() - start) / (double) ways;
    }
}

/** A server on each loop, and its clients beside it, which know no more than the bytes. */
static final class Requests {
    private static final int CLIENTS = 16;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "Hello".getBytes(StandardCharsets.US_ASCII);

    /** Nanoseconds and bytes of heap for one. */
    private record Cost(double nanos, double bytes) {}

    static double nanos(int loops, boolean kept) {
        return cost(loops, kept).nanos;
    }

    static double bytes(boolean kept) {
        return cost(1, kept).bytes;
    }

    private static Cost cost(int loops, boolean kept) {
        var cost = new AtomicReference<Cost>();
        var done = new AtomicBoolean();
        var served = new long[loops * 32];
        onLoops(loops, loop -> () -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("Hello"))
                    .limits(ServerLimits.DEFAULT.withMaxRequests(Integer.MAX_VALUE))
                    .start("127.0.0.1", 0);
            List<Task<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Heddle.spawn(() -> {
                    while (!done.get()) {
                        try (ByteStream stream = Tcp.connect("127.0.0.1", server.port())) {
                            do {
                                stream.write(kept ? REQUEST : LAST);
                                stream.readUntil(END, 1024);
                                served[loop * 32]++;
                            } while (kept && !done.get());
                        }
                    }
                }));
            }
            if (loop == 0) {
                Heddle.sleep(Duration.ofMillis(300));
                long before = sum(served);
                long bytes = THREADS.getTotalThreadAllocatedBytes();
                long start = SYSTEM.getProcessCpuTime();
                Heddle.sleep(Duration.ofMillis(600));
                double count = sum(served) - before;
                cost.set(new Cost((SYSTEM.getProcessCpuTime() - start) / count,
                        (THREADS.getTotalThreadAllocatedBytes() - bytes) / count));
                done.set(true);
            }
            clients.forEach(Task::join);
            server.stop(Duration.ofSeconds(1));
        });
        return cost.get();
    }

    private static long sum(long[] served) {
        long sum = 0;
        for (long each : served) {
            sum += each;
        }
        return sum;
    }
}
