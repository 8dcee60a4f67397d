package dev.heddle.examples;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Examples, and the Python programs that they answer: they print the same lines. */
@Tag("full")
@Timeout(120)
final class PlayedInPythonTest {

    /** Whether the order of the lines is compared: where it hangs on real time in Python, or on threads, it is not. */
    private enum Order {
        SAME,
        ANY,
        /** Nor how often each comes: threads of Python race for it. */
        ANY_NUMBER
    }

    /**
     * An example and its Python program, which has the same name.
     *
     * @param method what to call in simulated time; {@code main} runs in real time
     * @param arguments of the method
     * @param order of the lines
     * @param modules that the Python program needs
     */
    private record Pair(String example, String method, List<Object> arguments, Order order, List<String> modules) {

        static Pair of(String example, String method, Object... arguments) {
            return new Pair(example, method, List.of(arguments), Order.SAME, List.of("sys"));
        }

        Pair inAnyOrder() {
            return new Pair(example, method, arguments, Order.ANY, modules);
        }

        Pair inAnyNumber() {
            return new Pair(example, method, arguments, Order.ANY_NUMBER, modules);
        }

        Pair needing(String... names) {
            return new Pair(example, method, arguments, order, List.of(names));
        }

        List<String> here() {
            return method.equals("main")
                    ? Played.real(example, arguments.toArray())
                    : Played.simulated(example, method, arguments.toArray());
        }

        /** Times differ, and how a library words an error. */
        List<String> comparable(List<String> lines) {
            var plain = lines.stream()
                    .map(line -> line.replaceFirst("\\d+ ms$", "N ms").replaceFirst("^Error:.*", "Error"));
            return switch (order) {
                case SAME -> plain.toList();
                case ANY -> plain.sorted().toList();
                case ANY_NUMBER -> plain.distinct().sorted().toList();
            };
        }

        @Override
        public String toString() {
            return example;
        }
    }

    private static final List<Pair> ALONE = List.of(
            Pair.of("TwoAtOnce", "runBoth").inAnyOrder(),
            Pair.of("NamedTasks", "runBoth").inAnyOrder(),
            Pair.of("SharedVariable", "oneAfterTheOther"),
            Pair.of("StudentOfEachTask", "processBoth").inAnyOrder(),
            Pair.of("SendAndAnswer", "main"),
            Pair.of("YieldFrom", "main"),
            Pair.of("SayAfter", "sayBoth"),
            Pair.of("CancelAndCleanUp", "cancelAfterASecond"),
            Pair.of("ResultOfATask", "askTwice"),
            Pair.of("TenUrls", "getTen").inAnyOrder(),
            Pair.of("GatherThree", "gatherThree").inAnyOrder(),
            Pair.of("TakingTurns", "takeTurns"),
            Pair.of("SharedList", "shareTheList").inAnyNumber(),
            Pair.of("ShieldedWork", "saveTwice"),
            Pair.of("WaitFor", "waitWithALimit"),
            Pair.of("SendCloseThrow", "showStates"),
            Pair.of("SleepAndShow", "sleepAndShow").inAnyOrder(),
            Pair.of("BeforeAndEnd", "waitTwice"),
            Pair.of("Coroutines", "takeTurns").needing("greenlet"),
            Pair.of("CallOrSend", "main", (Object) new String[]{"10000"}));

    private static final List<Pair> OF_PAGES = List.of(
            Pair.of("JoinAll", "serveAndFetch").inAnyOrder().needing("gevent", "requests"),
            Pair.of("StatusOfEach", "serveAndFetch").inAnyOrder().needing("aiohttp"),
            Pair.of("DeferredPages", "serveAndFetch").needing("twisted"),
            Pair.of("CallbackAndCount", "serveAndFetch").inAnyOrder().needing("tornado"),
            Pair.of("PoolOfTasks", "serveAndFetch", 2).inAnyOrder().needing("gevent", "requests"),
            Pair.of("PollTwo", "main").inAnyOrder(),
            Pair.of("BlockingLibrary", "main").inAnyOrder().needing("requests"),
            Pair.of("PagesOnThreads", "main").inAnyOrder().needing("requests"),
            Pair.of("PagesInProcesses", "main").inAnyOrder().needing("requests"));

    @ParameterizedTest
    @FieldSource("ALONE")
    void bothPrintTheSame(Pair pair) throws Exception {
        Python.assumeHas(pair.modules().toArray(String[]::new));
        List<String> there = Python.linesOf(Played.python(pair.example()), "10000");
        assertEquals(pair.comparable(there), pair.comparable(pair.here()));
    }

    /** The Python program is given the site of the example. */
    @ParameterizedTest
    @FieldSource("OF_PAGES")
    void bothFetchTheSame(Pair pair) throws Exception {
        Python.assumeHas(pair.modules().toArray(String[]::new));
        Program example = Program.example(pair.example());
        var site = HttpServer.builder().get("/{name}", request -> (Response) example.result("answer", request));
        String source = Played.python(pair.example());
        List<String> there = run(() -> {
            try (var started = site.start("127.0.0.1", 0)) {
                return offload(() -> Python.linesOf(source, "http://" + started.address()));
            }
        });
        assertEquals(pair.comparable(there), pair.comparable(pair.here()));
    }
}
