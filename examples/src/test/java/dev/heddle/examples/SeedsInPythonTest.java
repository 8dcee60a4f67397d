package dev.heddle.examples;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Programs in Python about threads, asyncio, generators and gevent, and the examples that answer them: they print the
 * same lines.
 */
@Tag("full")
@Timeout(120)
final class SeedsInPythonTest {

    private static final Path SOURCES = Path.of("src", "test", "resources", "seeds");

    /** @param modules what the program imports that Python may lack */
    private record Seed(String python, List<String> modules, String example, String method, List<Object> arguments) {

        Seed(String python, String example, String method, Object... arguments) {
            this(python, List.of("asyncio"), example, method, List.of(arguments));
        }

        Seed needing(String module) {
            return new Seed(python, List.of(module), example, method, arguments);
        }

        @Override
        public String toString() {
            return example;
        }
    }

    /** What happens on one thread of Python has an order there. */
    private static final List<Seed> IN_ORDER = List.of(
            new Seed("conversation.py", "Conversation", "talk"),
            new Seed("say_hello.py", "SayHello", "sayHelloThreeTimes"),
            new Seed("queue_orders.py", "QueueOrders", "inEachOrder"),
            new Seed("send.py", "SendCloseThrow", "send"),
            new Seed("delegation.py", "Delegation", "show"),
            new Seed("ten_sleeps.py", "TenSleeps", "sleepTenTimes"),
            new Seed("result_and_callback.py", "ResultAndCallback", "fetchWithCallback"),
            new Seed("call_soon_and_later.py", "CallSoonAndLater", "callBack"),
            new Seed("greenlets.py", "Coroutines", "takeTurns").needing("greenlet"),
            new Seed("eat_and_play.py", "EatAndPlay", "withSleepOfHeddle").needing("gevent"),
            new Seed("sync_and_async.py", "SyncAndAsync", "inBothWays").needing("gevent"));

    /** Which of several threads or processes prints first is not part of the comparison. */
    private static final List<Seed> IN_ANY_ORDER = List.of(
            new Seed("title_and_detail.py", "TitleAndDetail", "fetchBoth"),
            new Seed("three_spiders.py", "ThreeSpiders", "crawl"));

    private static List<String> here(Seed seed) {
        return withoutTimes(Simulated.outputOf(seed.example(), seed.method(), seed.arguments().toArray()));
    }

    private static List<String> there(Seed seed) throws Exception {
        Python.assumeHas(seed.modules().toArray(String[]::new));
        return withoutTimes(Python.linesOf(source(seed.python())));
    }

    static String source(String python) throws IOException {
        return Files.readString(SOURCES.resolve(python));
    }

    private static List<String> withoutTimes(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst("(time|in).* \\d+ ms$", "$1 N ms")).toList();
    }

    @ParameterizedTest
    @FieldSource("IN_ORDER")
    void bothPrintTheSameLinesInTheSameOrder(Seed seed) throws Exception {
        assertEquals(there(seed), here(seed));
    }

    /** Ours has two more ways: one by one, and tasks. */
    @Test
    void bothComputeAndSleepInProcessesAndThreads() throws Exception {
        List<String> here = withoutTimes(
                Output.of(() -> run(() -> Program.example("Fibonacci").call("compare", 20, 23))));
        List<String> there = withoutTimes(Python.linesOf(source("fibonacci.py")));
        assertEquals(
                there.stream().sorted().toList(),
                Stream.concat(here.subList(0, 11).stream(), here.subList(16, 25).stream()).sorted().toList());
    }

    @ParameterizedTest
    @FieldSource("IN_ANY_ORDER")
    void bothPrintTheSameLinesInSomeOrder(Seed seed) throws Exception {
        assertEquals(there(seed).stream().sorted().toList(), here(seed).stream().sorted().toList());
    }
}
