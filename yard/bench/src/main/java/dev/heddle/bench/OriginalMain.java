package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.http.client.HttpClient;
import dev.heddle.process.ProcessPool;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our side beside a program of the documents: the example that answers it, a round for each line on the standard input,
 * answered by its milliseconds. A main program of its own, which knows nothing of the other benchmarks, so that its
 * first round is that of a small program.
 */
final class OriginalMain implements Workload {

    /** Names are looked up in this machine's file only: no question for one that does not exist leaves the machine. */
    static final List<String> OPTIONS = List.of("-Djdk.net.hosts.file=/etc/hosts");

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int FIRST_FIB = 25;
    private static final int THREE = 3;
    private static final List<Integer> TENTHS_OF_A_SECOND = List.of(3, 1, 2);
    private static final int TWENTY = 20;
    private static final int HUNDRED = 100;
    private static final List<String> SEVEN = List.of(
            "/baidu", "/sina", "/zhihu", "/autohome", "/bing", "/csdn", "/oschina");

    private final String site;
    /** How often those run in a round that need a loop and nothing else. */
    private final int times;

    private final int warmUp;
    private final int measured;
    /** The processes that outlive a round, for those who keep them. */
    private final @Nullable ProcessPool kept;

    private final Body body;

    /** An example, with the number that says how much it does; zero where that is not to be chosen. */
    private interface Body {
        void run(int number) throws Exception;
    }

    /** An example that is given something, which is closed after it. */
    private interface Using<T> {
        void run(T given) throws Exception;
    }

    private OriginalMain(String name, int port, int times, int warmUp, int measured) {
        this.site = "http://127.0.0.1:" + port;
        this.times = times;
        this.warmUp = warmUp;
        this.measured = measured;
        this.kept = name.equals("process-pool-kept") ? ProcessPool.of(SEVEN.size()) : null;
        this.body = body(name);
    }

    /**
     * Takes the name of a comparison, the port of the site, how often the example runs in a round, and how much it does
     * in a round that does not count and in one that does.
     */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        int[] numbers = Stream.of(args).skip(1).mapToInt(Integer::parseInt).toArray();
        Worker.serve(() -> new OriginalMain(args[0], numbers[0], numbers[1], numbers[2], numbers[3]), answers);
    }

    private Body body(String name) {
        return switch (name) {
            case "fib-processes" -> number -> inProcesses(
                    THREE, pool -> Example.of("Fibonacci").call("compute", pool, fibsBelow(number)));
            case "fib-threads" -> number -> onThreads(
                    pool -> Example.of("Fibonacci").call("compute", pool, fibsBelow(number)));
            case "sleep-processes" -> ignored -> inProcesses(
                    THREE, pool -> Example.of("Fibonacci").call("sleepAll", pool, TENTHS_OF_A_SECOND));
            case "sleep-threads" -> ignored -> onThreads(
                    pool -> Example.of("Fibonacci").call("sleepAll", pool, TENTHS_OF_A_SECOND));
            case "start-thread" -> inLoop("TasksAndProcesses", "startTask");
            case "start-process" -> inLoop("TasksAndProcesses", "startProcess");
            case "no-lock" -> inLoop("LostUpdates", "withoutALock");
            case "lock" -> inLoop("LostUpdates", "withALock");
            case "join" -> inLoop("LostUpdates", "oneAfterTheOther");
            case "straight" -> number -> Example.of("SwitchCost").call("oneAfterTheOther", number);
            case "switches" -> number -> Example.of("SwitchCost").call("takingTurns", number);
            case "call" -> number -> Example.of("CallOrSend").call("call", number);
            case "send" -> number -> Example.of("CallOrSend").call("send", number);
            default -> fetching(name);
        };
    }

    private Body fetching(String name) {
        return switch (name) {
            case "sequential" -> {
                List<String> urls = List.of(site + "/github", site + "/bing");
                yield fetch(http -> Example.of("SequentialAndConcurrent").call("oneByOne", http, urls));
            }
            case "thread-pool" -> inLoop("PagesOnThreads", "together", seven().stream().map(URI::create).toList());
            case "thread-pool-callback" ->
                inLoop("PagesOnThreads", "withACallback", seven().stream().map(URI::create).toList());
            case "process-pool" -> ignored -> inProcesses(
                    SEVEN.size(), pool -> Example.of("PagesInProcesses").call("together", pool, seven()));
            case "process-pool-callback" -> ignored -> inProcesses(
                    SEVEN.size(), pool -> Example.of("PagesInProcesses").call("withACallback", pool, seven()));
            case "process-pool-kept" -> inLoop(
                    "PagesInProcesses", "together", Objects.requireNonNull(kept), seven());
            case "sockets-in-executor" -> inLoop("BlockingSockets", "fetchAll", numbered(TWENTY));
            case "asyncio-by-hand" -> inLoop("HttpByHand", "fetchAll", numbered(2));
            case "asyncio-by-hand-20" -> inLoop("HttpByHand", "fetchAll", numbered(TWENTY));
            case "aiohttp" -> fetch(http -> Example.of("StatusOfEach").call("fetchBoth", http));
            case "requests-in-executor" -> inLoop("BlockingLibrary", "fetchBoth", site);
            case "gevent" -> fetch(http -> Example.of("JoinAll").call("joinAll", http));
            case "gevent-pool" -> {
                List<String> names = List.of("python", "yahoo", "github");
                yield fetch(http -> Example.of("PoolOfTasks").call("fetchAll", http, names, Integer.MAX_VALUE));
            }
            case "grequests" -> fetch(http -> Example.of("Grequests").call("mapAll", http));
            case "twisted" -> {
                List<String> urls = Collections.nCopies(4, "/cnblogs");
                yield fetch(http -> Example.of("DeferredPages").call("fetchAll", http, urls));
            }
            case "tornado" -> fetch(
                    http -> Example.of("CallbackAndCount").call("fetchAll", http, List.of("/baidu", "/bing")));
            case "loop-by-hand" -> {
                Consumer<String> callback = IO::println;
                yield inLoop("OwnLoop", "fetch", URI.create(site).getPort(), HUNDRED, callback);
            }
            default -> throw new IllegalArgumentException("nothing answers " + name);
        };
    }

    private Body inLoop(String example, String method, Object... arguments) {
        return ignored -> Heddle.run(Loops.PATIENT, () -> {
            for (int i = 0; i < times; i++) {
                Example.of(example).call(method, arguments);
            }
        });
    }

    private Body fetch(Using<HttpClient> body) {
        return ignored -> Heddle.run(Loops.PATIENT, () -> {
            try (HttpClient http = HttpClient.builder().baseUrl(site).build()) {
                body.run(http);
            }
        });
    }

    private static void inProcesses(int processes, Using<ProcessPool> body) {
        Heddle.run(Loops.PATIENT, () -> {
            try (ProcessPool pool = ProcessPool.of(processes)) {
                body.run(pool);
            }
        });
    }

    private static void onThreads(Using<WorkerPool> body) {
        Heddle.run(Loops.PATIENT, () -> {
            try (WorkerPool pool = WorkerPool.of(THREE)) {
                body.run(pool);
            }
        });
    }

    private static List<Integer> fibsBelow(int end) {
        return IntStream.range(FIRST_FIB, end).boxed().toList();
    }

    /** Seven pages, as texts. */
    private List<String> seven() {
        return SEVEN.stream().map(path -> site + path).toList();
    }

    private List<URI> numbered(int count) {
        return IntStream.range(0, count).mapToObj(number -> URI.create(site + "/" + number)).toList();
    }

    @Override
    public double[] round(double slowest) throws Exception {
        int number = Double.isNaN(slowest) ? warmUp : measured;
        long start = System.nanoTime();
        body.run(number);
        return new double[]{(System.nanoTime() - start) / NANOS_PER_MILLI / times};
    }

    @Override
    public double[] round() throws Exception {
        return round(0);
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
    }
}
