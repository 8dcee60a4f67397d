// What it takes to start a task, a thread, a process and to let it wait: time and memory, here and in CPython. Linux only.
// Answers Day 11, threads and asyncio; Threads and coroutines: the tables of processes and threads, with numbers.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.os.Subprocess;
import dev.heddle.process.JvmProcess;
import java.util.concurrent.locks.LockSupport;

static final int WAITING = 1_000;
static final int WAITING_TASKS = 100_000;
static final int ROUNDS = 5;

void main() {
    run(Config.DEFAULT.withBlockedAfter(Duration.ZERO), () -> measure(100_000, 1_000, 2));
}

/** So many are started, one after the other: of the smallest things, of threads and of processes. */
void measure(int small, int threads, int processes) throws Exception {
    IO.println("                               start to end     while it waits");
    show("Heddle: task", start(small, () -> spawn(() -> {}).join()), heapOfTasks());
    show("JDK: virtual thread", startElsewhere(small, Thread.ofVirtual()), heapOfVirtualThreads());
    show("JDK: platform thread", startElsewhere(threads, Thread.ofPlatform()), memoryOfThreads());
    show("Heddle: child JVM", start(processes, () -> {
        try (var child = JvmProcess.spawn(() -> {})) {
            child.join();
        }
    }), memoryOfChild());
    show("Heddle: program", start(10 * processes, () -> Subprocess.run("true")), memoryOfProgram());

    String[] python = {"/usr/bin/python3", "-c", IN_PYTHON, "" + small / 4, "" + threads, "" + processes};
    IO.print(Subprocess.run(python).check().text());
}

/** @param bytes that one of them takes while it waits */
void show(String what, long nanos, long bytes) {
    IO.println(String.format("%-28s %,12.1f us  %,14.1f KB", what, nanos / 1e3, bytes / 1e3));
}

// ---- the time from the start to the end of an empty body, one after the other ----

/** The best round: the first ones are not compiled yet, and others may be disturbed. */
long start(int number, Action one) throws Exception {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        for (int i = 0; i < number; i++) {
            one.run();
        }
        best = Math.min(best, (System.nanoTime() - begin) / number);
    }
    return best;
}

/** As it is without Heddle: the thread that starts them is of the same kind and belongs to no loop. */
long startElsewhere(int number, Thread.Builder threads) {
    var result = new CompletableFuture<Long>();
    threads.start(() -> {
        try {
            result.complete(start(number, () -> threads.start(() -> {}).join()));
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    });
    return await(result);
}

// ---- the memory of one that waits ----

long heapOfTasks() {
    long before = heap();
    var tasks = IntStream.range(0, WAITING_TASKS).mapToObj(_ -> spawn(() -> LockSupport.park())).toList();
    checkpoint();                                                 // all have begun and wait now
    long bytes = (heap() - before) / WAITING_TASKS;
    tasks.forEach(task -> task.cancel("measured"));
    return bytes;
}

long heapOfVirtualThreads() throws InterruptedException {
    long before = heap();
    var threads = IntStream.range(0, WAITING_TASKS)
            .mapToObj(_ -> Thread.startVirtualThread(LockSupport::park))
            .toList();
    awaitWaiting(threads);
    long bytes = (heap() - before) / WAITING_TASKS;
    end(threads);
    return bytes;
}

long memoryOfThreads() throws Exception {
    long before = ownMemory("self") + kernelStacks();
    var threads = IntStream.range(0, WAITING).mapToObj(_ -> Thread.ofPlatform().start(LockSupport::park)).toList();
    awaitWaiting(threads);
    long bytes = (ownMemory("self") + kernelStacks() - before) / WAITING;
    end(threads);
    return bytes;
}

long memoryOfChild() throws Exception {
    try (var child = JvmProcess.spawn(() -> Thread.sleep(Duration.ofHours(1)))) {
        sleep(Duration.ofSeconds(1));                             // it has started by then
        long bytes = ownMemory("" + child.pid());
        child.kill();
        return bytes;
    }
}

long memoryOfProgram() throws Exception {
    try (var program = Subprocess.start("cat")) {
        sleep(Duration.ofMillis(100));
        return ownMemory("" + program.pid());
    }
}

static void awaitWaiting(List<Thread> threads) {
    while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
        sleep(Duration.ofMillis(10));
    }
}

static void end(List<Thread> threads) throws InterruptedException {
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
        thread.join();
    }
}

static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
}

/** What a process does not share with others. */
static long ownMemory(String process) throws IOException {
    return bytes("/proc/" + process + "/smaps_rollup", "Private_Clean:", "Private_Dirty:");
}

/** Each thread has one, of 16 KiB. */
static long kernelStacks() throws IOException {
    return bytes("/proc/meminfo", "KernelStack:");
}

static long bytes(String file, String... names) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
        return lines.map(line -> line.split(" +"))
                .filter(words -> List.of(names).contains(words[0]))
                .mapToLong(words -> 1024 * Long.parseLong(words[1]))
                .sum();
    }
}

// ---- the same in CPython ----

static final String IN_PYTHON = """
        import asyncio, multiprocessing, sys, threading, time
        small, threads, processes = map(int, sys.argv[1:])

        def show(what, nanos, size):
            print(f"{what:28} {nanos / 1e3:12,.1f} us  {size / 1e3:14,.1f} KB", flush=True)

        def start(number, one):
            best = None
            for _ in range(5):
                begin = time.perf_counter_ns()
                for _ in range(number):
                    one()
                nanos = (time.perf_counter_ns() - begin) / number
                best = min(best or nanos, nanos)
            return best

        def field(file, *names):
            with open(file) as lines:
                return sum(1024 * int(line.split()[1]) for line in lines if line.split()[0] in names)

        def own(pid="self"):
            return field(f"/proc/{pid}/smaps_rollup", "Private_Clean:", "Private_Dirty:")

        def growth(number, begin, end):
            before = own() + field("/proc/meminfo", "KernelStack:")
            things = [begin() for _ in range(number)]
            time.sleep(0.1)
            size = (own() + field("/proc/meminfo", "KernelStack:") - before) / number
            end(things)
            return size

        def nothing():
            pass

        async def nothing_asyncio():
            pass

        async def tasks():
            best = None
            for _ in range(5):
                begin = time.perf_counter_ns()
                for _ in range(small):
                    await asyncio.create_task(nothing_asyncio())
                nanos = (time.perf_counter_ns() - begin) / small
                best = min(best or nanos, nanos)
            event, before, number = asyncio.Event(), own(), 100_000
            waiting = [asyncio.create_task(event.wait()) for _ in range(number)]
            await asyncio.sleep(0)
            show("CPython: asyncio task", best, (own() - before) / number)
            event.set()
            await asyncio.gather(*waiting)

        def of_thread():
            def life():
                thread = threading.Thread(target=nothing)
                thread.start()
                thread.join()
            event = threading.Event()
            def begin():
                thread = threading.Thread(target=event.wait)
                thread.start()
                return thread
            def end(things):
                event.set()
                for thread in things:
                    thread.join()
            show("CPython: thread", start(threads, life), growth(1000, begin, end))

        def of_process(method):
            context = multiprocessing.get_context(method)
            def life():
                process = context.Process(target=time.sleep, args=(0,))
                process.start()
                process.join()
            process = context.Process(target=time.sleep, args=(3600,))
            process.start()
            time.sleep(1)
            size = own(process.pid)
            process.terminate()
            process.join()
            show(f"CPython: process, {method}", start(processes, life), size)

        def of_greenlet():
            try:
                import gevent, gevent.event
            except ImportError:
                return
            event = gevent.event.Event()
            before, number = own(), 20_000
            waiting = [gevent.spawn(event.wait) for _ in range(number)]
            gevent.sleep(0)
            size = (own() - before) / number
            event.set()
            gevent.joinall(waiting)
            show("gevent: greenlet", start(small, lambda: gevent.spawn(nothing).join()), size)

        asyncio.run(tasks())
        of_greenlet()
        of_thread()
        of_process("fork")
        of_process("spawn")
        """;
