import module java.base;

/**
 * A model of many loops on as many processors, from parts that were measured on two: {@code yard/models/loops/run}
 * prints what it says as tables, and fails if it is more than a quarter off what two loops did. The parts are in {@code
 * parts.txt} beside it, each with its origin.
 *
 * <p>How it works: a closed simulation of discrete events. Each loop has a processor and always has something to do. A
 * step is work of its own, or a touch of something that all share: a line of the cache or a lock, which one processor
 * has at a time, in the order in which they come. To get it from another processor takes longer than to have it still.
 * A collection of the young generation stops all loops. What a loop alone costs is measured whole: the touches that it
 * contains are taken off and simulated, so that nothing counts twice.
 *
 * <p>What it leaves out: processors that share a memory bus, a cache or a power budget, a network card and its queues,
 * and whatever the kernel shares besides descriptors. So its numbers are bounds from above.
 */
void main(String[] arguments) throws IOException {
    Path file = arguments.length > 0 ? Path.of(arguments[0]) : Path.of("yard/models/loops/parts.txt");
    var parts = Parts.read(file);
    boolean wrong = false;
    System.out.println("| load | two loops, measured | model | error |\n|---|--:|--:|--:|");
    for (Load load : loads(parts)) {
        if (!load.measured.isEmpty()) {
            double measured = parts.get(load.measured);
            double model = new World(parts, load, 2, 1).run().nanosOfProcessor();
            double error = model / measured - 1;
            System.out.printf(Locale.ROOT, "| %s | %,.0f ns | %,.0f ns | %+.0f %% |%n", load.name, measured, model,
                    100 * error);
            wrong |= Math.abs(error) > MAX_ERROR;
        }
    }
    System.out.print("\n| load |");
    for (int processors : PROCESSORS) {
        System.out.print(" " + processors + " |");
    }
    System.out.println(" 64, lines three times as far | first bottleneck at 64 | its share |");
    System.out.println("|---|" + "--:|".repeat(PROCESSORS.length + 1) + "---|--:|");
    for (Load load : loads(parts)) {
        double alone = 0;
        Outcome last = null;
        System.out.print("| " + load.name + " |");
        for (int processors : PROCESSORS) {
            last = new World(parts, load, processors, 1).run();
            alone = alone == 0 ? last.perSecond() : alone;
            System.out.printf(Locale.ROOT, " %.1f |", last.perSecond() / alone);
        }
        Outcome far = new World(parts, load, PROCESSORS[PROCESSORS.length - 1], FAR).run();
        System.out.printf(Locale.ROOT, " %.1f | %s | %.0f %% |%n", far.perSecond() / alone, last.bottleneck(),
                100 * last.share(last.bottleneck()));
    }
    if (wrong) {
        System.err.println("what the model says of two loops is more than a quarter off what was measured");
        System.exit(1);
    }
}

static final int[] PROCESSORS = {1, 2, 4, 8, 16, 64};

static final double MAX_ERROR = 0.25;

/** How much longer a line takes from another socket; assumed, since one socket cannot tell. */
static final double FAR = 3;

/**
 * What a loop does again and again.
 *
 * @param measured the part that the model is compared with at two loops; empty for none
 * @param alone the part with the nanoseconds of one on a single loop
 * @param bytes the part with the heap of one; empty for none
 * @param touches of what all loops share, in its course
 * @param cross the chance that one goes to another loop
 */
record Load(String name, String measured, String alone, String bytes, List<String> touches, double cross) {}

static List<Load> loads(Parts parts) {
    List<String> twoSides = List.of(
            "descriptor", "descriptor", "thread", "watch", "thread", "descriptor", "descriptor");
    List<String> server = List.of("descriptor", "thread", "descriptor");
    List<Load> loads = new ArrayList<>(List.of(
            new Load("switches", "switch.2", "switch.1", "", List.of(), 0),
            new Load("spawn and join", "spawn.2", "spawn.1", "spawn.bytes", List.of("thread"), 0),
            new Load("requests, both ends", "request.2", "request.1", "request.bytes", List.of(), 0),
            new Load("requests, the server", "", "server.request", "request.bytes", List.of(), 0),
            new Load("requests, a client with one written budget", "", "client.request", "request.bytes",
                    List.of("budget"), 0),
            new Load("requests, a client", "", "client.request", "request.bytes", List.of(), 0),
            new Load("short connections, both ends", "connection.2", "connection.1", "connection.bytes", twoSides, 0),
            new Load("short connections, the server", "", "server.connection", "connection.bytes", server, 0)));
    for (int percent : new int[]{1, 10, 50}) {
        loads.add(new Load("messages, " + percent + " % to other loops", "message." + percent + ".2", "message.0.2",
                "", List.of(), percent / 100.0));
    }
    return loads;
}

/** The parts of the file: a name, a number and its origin on each line. */
record Parts(Map<String, Double> numbers) {

    static Parts read(Path file) throws IOException {
        Map<String, Double> numbers = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            if (words.length == 2) {
                numbers.put(words[0], Double.valueOf(words[1]));
            } else if (!words[0].isEmpty()) {
                throw new IllegalArgumentException("not a name, a number and an origin: " + line);
            }
        }
        return new Parts(numbers);
    }

    double get(String name) {
        Double number = numbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("the file of parts has no " + name);
        }
        return number;
    }
}

/** What a simulation ended with. */
record Outcome(int processors, long done, double nanos, Map<String, Double> lost) {

    double perSecond() {
        return done * 1e9 / nanos;
    }

    /** The time of a processor that one took. */
    double nanosOfProcessor() {
        return nanos * processors / done;
    }

    /** Part of the time of all processors. */
    double share(String what) {
        return lost.getOrDefault(what, 0.0) / (nanos * processors);
    }

    String bottleneck() {
        return lost.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("none");
    }
}

/** Something that one processor has at a time. */
static final class Shared {
    final String name;
    private final double own;
    private final double other;
    private double free;
    private int owner = -1;

    /**
     * @param own nanoseconds of a touch by the processor that had it last
     * @param other of one by another
     */
    Shared(String name, double own, double other) {
        this.name = name;
        this.own = own;
        this.other = other;
    }

    /** When a touch that begins now is over. */
    double touch(int processor, double now) {
        free = Math.max(now, free) + (owner == processor || owner < 0 ? own : other);
        owner = processor;
        return free;
    }
}

/** One loop on its processor. */
static final class Processor {
    final int index;
    double now;
    int step;
    boolean asleep;

    /** The actors that have a message, in the order of these. */
    final ArrayDeque<Integer> messages = new ArrayDeque<>();

    /** The actors whose lines of the cache another processor has. */
    final BitSet away = new BitSet();

    Processor(int index) {
        this.index = index;
    }
}

/** A simulation of one load on so many processors. */
static final class World {
    private static final long EACH = 20_000;
    private static final int ACTORS = 32;
    private static final long SEED = 1;

    private final Parts parts;
    private final Load load;
    private final List<Processor> processors = new ArrayList<>();
    private final PriorityQueue<Processor> next = new PriorityQueue<>(
            Comparator.<Processor>comparingDouble(each -> each.now).thenComparingInt(each -> each.index));
    private final Map<String, Shared> shared = new HashMap<>();
    private final List<Shared> inboxes = new ArrayList<>();
    private final Map<String, Double> lost = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final double work;

    /** What a message to another loop costs more: nearly all of it is lines of the cache that come from there. */
    private final double moreToOther;

    private long done;

    World(Parts parts, Load load, int count, double far) {
        this.parts = parts;
        this.load = load;
        this.moreToOther = (parts.get("message.100.2") - parts.get("message.0.2")) * far;
        double transfer = parts.get("line.transfer") * far;
        double own = parts.get("line.own");
        shared.put("thread", new Shared("number of the next thread", own, parts.get("thread.lines") * transfer));
        shared.put("budget", new Shared("budget of retries", parts.get("budget.own"), transfer));
        shared.put("watch", new Shared("set of open streams", parts.get("watch.lines") * own,
                parts.get("watch.lines") * transfer));
        shared.put("descriptor", new Shared("table of descriptors", parts.get("descriptor.held"),
                parts.get("descriptor.held") + parts.get("descriptor.lines") * transfer));
        double touched = load.touches.stream().mapToDouble(each -> shared.get(each).own).sum();
        this.work = (parts.get(load.alone) - touched) / (load.touches.size() + 1);
        for (int i = 0; i < count; i++) {
            var processor = new Processor(i);
            processor.now = random.nextDouble() * work;
            processors.add(processor);
            next.add(processor);
            inboxes.add(new Shared("inboxes of loops", own, transfer));
            for (int message = 0; message < ACTORS; message++) {
                processor.messages.add(message);
            }
        }
    }

    Outcome run() {
        long most = EACH * processors.size();
        double now = 0;
        while (done < most) {
            Processor processor = next.remove();
            now = processor.now;
            if (load.cross > 0) {
                pass(processor);
            } else {
                step(processor);
            }
            if (!processor.asleep) {
                next.add(processor);
            }
        }
        return new Outcome(processors.size(), done, now + stopped(now), lost);
    }

    /** Some work, and then a touch or the end of one. */
    private void step(Processor processor) {
        processor.now += some(work);
        if (processor.step < load.touches.size()) {
            Shared touched = shared.get(load.touches.get(processor.step));
            double free = touched.touch(processor.index, processor.now);
            lose(touched.name, free - processor.now - touched.own);
            processor.now = free;
            processor.step++;
        } else {
            processor.step = 0;
            done++;
        }
    }

    /** Takes a message and passes it on. */
    private void pass(Processor processor) {
        processor.messages.remove();
        processor.now += some(parts.get(load.alone));
        if (processors.size() > 1 && random.nextDouble() < load.cross) {
            int to = (processor.index + 1 + random.nextInt(processors.size() - 1)) % processors.size();
            sendTo(processors.get(to), processor);
        } else {
            int actor = random.nextInt(ACTORS);
            if (processor.away.get(actor)) {
                processor.away.clear(actor);
                lose("messages between loops", moreToOther);
                processor.now += moreToOther;
            }
            processor.messages.add(actor);
        }
        done++;
        processor.asleep = processor.messages.isEmpty();
    }

    /** The lines of the actor come to the sender; they go back with the next message of its own loop. */
    private void sendTo(Processor other, Processor from) {
        Shared inbox = inboxes.get(other.index);
        double before = from.now;
        from.now = inbox.touch(from.index, before) + Math.max(0, moreToOther - inbox.other);
        lose("messages between loops", from.now - before);
        int actor = random.nextInt(ACTORS);
        other.away.set(actor);
        other.messages.add(actor);
        if (other.asleep) {
            other.asleep = false;
            lose("loops asleep", Math.max(0, from.now - other.now));
            double wake = parts.get("message.asleep") / 2;
            lose("wake-ups", 2 * wake);
            from.now += wake;
            other.now = Math.max(other.now, from.now) + wake;
            next.add(other);
        }
    }

    /** How long collections have stopped all loops. */
    private double stopped(double nanos) {
        if (load.bytes.isEmpty()) {
            return 0;
        }
        double collections = done * parts.get(load.bytes) / parts.get("collector.young");
        double each = parts.get("collector.stop")
                + parts.get("collector.reach") * processors.size();
        lose("stops of the collector", collections * each * processors.size());
        return collections * each;
    }

    private void lose(String what, double nanos) {
        lost.merge(what, nanos, Double::sum);
    }

    /** From half of it to half as much again, so that the processors do not march in step. */
    private double some(double nanos) {
        return nanos * (0.5 + random.nextDouble());
    }
}
