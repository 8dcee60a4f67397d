package dev.heddle.bench;

import dev.heddle.bench.Original.Effort;
import java.util.List;

/**
 * The programs of the documents that measure something, and their way to fetch pages in each style that Python has,
 * each beside the example that answers it.
 */
final class Originals {

    /** Before the names, on the command line. */
    static final String PREFIX = "documents-";

    private static final int FULL = 100_000_000;
    private static final int WARM_UP = 1_000_000;
    private static final String FIBS = "range(25,%d)";
    private static final int FIBS_END = 40;
    private static final int FIBS_WARM_UP = 27;
    private static final int SHORTER = 100;
    private static final int COLD_STARTS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String WAITS = "each page takes 50 ms to come, and that is nearly all";

    static final List<Original> ALL = List.of(
            new Original(
                    "fib-processes", "fib(25) to fib(39) in a pool of 3 processes", "quicker than threads",
                    "fib_processes.py", "processes/Fibonacci", Effort.far(FIBS, FIBS_WARM_UP, FIBS_END),
                    "compiled code; three JVMs have to start for it", "multiprocessing"),
            new Original(
                    "fib-threads", "the same on 3 threads", "slower than processes",
                    "fib_threads.py", "processes/Fibonacci", Effort.far(FIBS, FIBS_WARM_UP, FIBS_END),
                    "CPython's lock lets one thread compute at a time; in Java all compute", "sys"),
            new Original(
                    "sleep-processes", "sleeps of 0.3, 0.1 and 0.2 s in a pool of 3 processes", "slower than threads",
                    "sleep_processes.py", "processes/Fibonacci", Effort.times(1, 1),
                    "three JVMs have to start for it, a fork is quicker", "multiprocessing"),
            new Original(
                    "sleep-threads", "the same on 3 threads", "quicker than processes",
                    "sleep_threads.py", "processes/Fibonacci", Effort.times(1, 1),
                    "all of it is the longest sleep", "sys"),
            new Original(
                    "start-thread", "a thread is started, says hello and ends; here a task", "quicker than a process",
                    "start_thread.py", "processes/TasksAndProcesses", Effort.times(1_000, 1_000),
                    "a task is no thread of the system", "sys"),
            new Original(
                    "start-process", "the same in a process", "slower than a thread",
                    "start_process.py", "processes/TasksAndProcesses", Effort.times(5, 3),
                    "a fork copies a process that has started, a JVM has to start", "multiprocessing"),
            new Original(
                    "no-lock", "100 threads wait in the middle of an update; sleeps 1:100", "0.52 s, n is 99",
                    "no_lock.py", "locks/LostUpdates", Effort.shorter(SHORTER),
                    "5 ms of it is sleep, the rest are 100 threads there and 100 tasks here", "sys"),
            new Original(
                    "lock", "the same with a lock around the update, 1:100", "53.29 s, n is 0",
                    "lock.py", "locks/LostUpdates", Effort.shorter(SHORTER),
                    "100 updates one after the other: 530 ms of sleep", "sys"),
            new Original(
                    "join", "the same with a join after each start, 1:100", "350.69 s, n is 0",
                    "join.py", "locks/LostUpdates", Effort.shorter(SHORTER),
                    "all one after the other: 3.5 s of sleep", "sys"),
            new Original(
                    "straight", "two loops of 100,000,000 steps, one after the other", "10.99 s",
                    "straight.py", "generators/SwitchCost", Effort.far("%d", WARM_UP, FULL),
                    "compiled code: little is left of a loop whose steps do nothing", "sys"),
            new Original(
                    "switches", "the same, switching at each step: 200,000,000 switches", "52.76 s",
                    "switches.py", "generators/SwitchCost", Effort.far("%d", WARM_UP, FULL),
                    "about a tenth of a microsecond for a switch on both sides, and nothing gained", "greenlet"),
            new Original(
                    "call", "a consumer called 100,000,000 times", "12.63 s",
                    "call.py", "generators/CallOrSend", Effort.far("%d", WARM_UP, FULL),
                    "compiled code: little is left of a loop whose steps do nothing", "sys"),
            new Original(
                    "send", "a consumer sent 100,000,000 items", "12.00 s",
                    "send.py", "generators/CallOrSend", Effort.far("%d", WARM_UP, FULL),
                    "Python's generators keep no stack, ours may yield from inside a call and pay for it", "sys"),
            new Original(
                    "sequential", "2 pages one after the other", "",
                    "sequential.py", "http/SequentialAndConcurrent", Effort.pages(2), WAITS, "requests"),
            new Original(
                    "thread-pool", "7 pages on 7 threads, handled there", "",
                    "thread_pool.py", "pools/PagesOnThreads", Effort.pages(7), WAITS, "requests"),
            new Original(
                    "thread-pool-callback", "the same, handled in a callback", "",
                    "thread_pool_callback.py", "pools/PagesOnThreads", Effort.pages(7), WAITS, "requests"),
            new Original(
                    "process-pool", "7 pages in 7 new processes, handled there", "",
                    "process_pool.py", "processes/PagesInProcesses", Effort.pages(7),
                    "seven JVMs have to start for it", "requests"),
            new Original(
                    "process-pool-callback", "the same, handled in a callback", "",
                    "process_pool_callback.py", "processes/PagesInProcesses", Effort.pages(7),
                    "seven JVMs have to start for it", "requests"),
            new Original(
                    "process-pool-kept", "the same in 7 processes that are there already", "",
                    "process_pool_kept.py", "processes/PagesInProcesses", Effort.pages(7), WAITS, "requests"),
            new Original(
                    "sockets-in-executor", "20 pages by raw sockets on 3 threads", "",
                    "sockets_in_executor.py", "pools/BlockingSockets", Effort.pages(20),
                    "seven times 50 ms: three wait at a time", "asyncio"),
            new Original(
                    "asyncio-by-hand", "2 pages by asyncio, HTTP made by hand", "",
                    "asyncio_by_hand.py", "sockets/HttpByHand", Effort.pages(2), WAITS, "asyncio"),
            new Original(
                    "asyncio-by-hand-20", "20 pages by asyncio, HTTP made by hand", "",
                    "asyncio_by_hand_20.py", "sockets/HttpByHand", Effort.pages(20), WAITS, "asyncio"),
            new Original(
                    "aiohttp", "2 pages by aiohttp", "",
                    "aiohttp_pages.py", "http/StatusOfEach", Effort.pages(2), WAITS, "aiohttp"),
            new Original(
                    "requests-in-executor", "2 pages by requests in an executor", "",
                    "requests_in_executor.py", "pools/BlockingLibrary", Effort.pages(2), WAITS, "requests"),
            new Original(
                    "gevent", "3 pages by requests in gevent", "",
                    "gevent_pages.py", "http/JoinAll", Effort.pages(3), WAITS, "gevent"),
            new Original(
                    "gevent-pool", "3 pages by requests in gevent's pool", "",
                    "gevent_pool.py", "pools/PoolOfTasks", Effort.pages(3), WAITS, "gevent"),
            new Original(
                    "grequests", "3 requests by grequests: too late, no such host, an error", "",
                    "grequests_map.py", "http/Grequests", Effort.pages(1), WAITS, "gevent"),
            new Original(
                    "twisted", "4 pages by Twisted", "",
                    "twisted_pages.py", "http/DeferredPages", Effort.pages(4), WAITS, "twisted"),
            new Original(
                    "tornado", "2 pages by Tornado", "",
                    "tornado_pages.py", "http/CallbackAndCount", Effort.pages(2), WAITS, "tornado"),
            new Original(
                    "loop-by-hand", "100 pages by a loop made by hand", "",
                    "loop_by_hand.py", "loops/OwnLoop", Effort.pages(100),
                    "50 ms of it is waiting, the rest are 100 connections", "sys"));

    private Originals() {}

    /** As on the command line, in the order of the table. */
    static List<String> names() {
        return ALL.stream().map(original -> PREFIX + original.name()).toList();
    }

    /**
     * Measures both sides, by turns.
     *
     * @param name one of {@link #names()}
     * @return its row for {@link OriginalsPage}
     * @throws IllegalStateException if Python lacks something, a side fails, or has not fetched its pages
     */
    static String measure(String name) {
        Original original = ALL.get(names().indexOf(name));
        try (OriginalsSite site = new OriginalsSite()) {
            Benchmark benchmark = original.benchmark(site.port());
            Outcome outcome = Contest.run(benchmark);
            List<Samples> cold = original.isShort() ? cold(benchmark) : List.of();
            int starts = cold.isEmpty() ? 0 : Counts.rounds(COLD_STARTS);
            long expected = 2L * original.effort().pages() * (benchmark.warmUps() + benchmark.rounds() + starts);
            if (site.asked() < expected) {
                throw new IllegalStateException("only " + site.asked() + " of " + expected + " pages were fetched");
            }
            return OriginalsPage.row(
                    original,
                    outcome.samples().getFirst().getFirst().median(),
                    outcome.samples().getLast().getFirst().median(),
                    cold);
        }
    }

    /** The time of a fresh process until it has done one round, of each side, by turns. */
    private static List<Samples> cold(Benchmark benchmark) {
        int starts = Counts.rounds(COLD_STARTS);
        double[][] times = new double[2][starts];
        for (int start = 0; start < starts; start++) {
            for (int side = 0; side < times.length; side++) {
                long begin = System.nanoTime();
                try (Peer peer = Peer.start(benchmark, benchmark.sides().get(side))) {
                    peer.round(0);
                    times[side][start] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
                }
            }
        }
        return List.of(new Samples(times[0]), new Samples(times[1]));
    }
}
