package dev.heddle.examples;

import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples, in simulated time where they can be: their output is exact then, and their sleeps take no time. */
final class ExamplesTest {

    private static final SimOptions NO_DELAYS = SimOptions.DEFAULT.withLink(LinkOptions.INSTANT);

    private static List<String> outputOf(String example, String method, Object... arguments) {
        return Output.of(() -> Sim.run(NO_DELAYS, sim -> Program.example(example).call(method, arguments)));
    }

    private static List<String> outputOfMain(String example) {
        return Output.of(() -> {
            try {
                Program.example(example).call("main");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void tenTasksThatSleepTwoSecondsTakeTwoSeconds() {
        List<String> expected = Stream.of(
                Collections.nCopies(10, "start get html"),
                Collections.nCopies(10, "end get html"),
                List.of("time: 2000 ms")).flatMap(List::stream).toList();
        assertEquals(expected, outputOf("TenSleeps", "sleepTenTimes"));
    }

    @Test
    void cancelledTaskCleansUpBeforeItsOwnerIsTold() {
        assertEquals(
                List.of(
                        "cancel_me(): before sleep",
                        "main(): after sleep",
                        "cancel_me(): cancel sleep",
                        "cancel_me(): after sleep",
                        "main(): cancel_me is cancelled now"),
                outputOf("CancelAndCleanUp", "cancelAfterASecond"));
    }

    @Test
    void everyClientOfTheEchoServerIsAnswered() {
        assertEquals(
                List.of(
                        "CLIENT-0 SAYS HELLO 9",
                        "CLIENT-499 SAYS HELLO 9",
                        "500 clients said hello 10 times each and all were answered"),
                outputOf("TcpEcho", "serveAndTalk"));
    }

    @Test
    void everyGuestOfTheChatHearsAllInTheSameOrder() {
        assertEquals(
                List.of("1 order of what was said, heard by all 100", "the first of them said: guest-N: hello"),
                outputOf("Chat", "serveAndTalk"));
    }

    @Test
    void fetchingAllAtOnceTakesTheTimeOfOnePage() {
        assertEquals(
                List.of("one by one: 20 pages in 2000 ms", "all at once: 20 pages in 100 ms"),
                outputOf("SequentialAndConcurrent", "compare", 20, Duration.ofMillis(100)));
    }

    @Test
    void crawlerReadsEachPageOnceAndNamesBrokenLinks() {
        assertEquals(
                List.of("found 1001 pages, read 45783 characters", "broken: /1000"),
                outputOf("Crawler", "serveAndCrawl"));
    }

    @Test
    void spiderYieldsItemsAndRequestsAndObeysRobots() {
        assertEquals(
                List.of(
                        "Ada: Page 1 is short.",
                        "Ada: Page 2 is short.",
                        "Ada: Page 3 is short.",
                        "Ada: Page 4 is short.",
                        "Ada: Page 5 is short.",
                        "Bob: Read every page.",
                        "5 pages, 6 quotes, 9 dropped, 5 not allowed"),
                outputOf("Spider", "serveAndCrawl"));
    }

    @Test
    void generatorsGiveTakeDelegateAndWait() {
        assertEquals(
                List.of(
                        "[0, 1, 4, 9, 16]",
                        "producing 1",
                        "consuming 1",
                        "the consumer returns 200 OK",
                        "producing 2",
                        "consuming 2",
                        "the consumer returns 200 OK",
                        "the consumer is closed",
                        "a",
                        "b",
                        "1",
                        "2",
                        "0",
                        "1",
                        "4",
                        "two: 3",
                        "one: 2",
                        "two: 2",
                        "one: 1",
                        "two: 1",
                        "both in 450 ms"),
                outputOf("Generators", "show"));
    }

    @Test
    void coroutinesTakeTurns() {
        assertEquals(
                List.of("Ada eats 1", "Bob plays 1", "Ada eats 2", "Bob plays 2", "Bob is done"),
                outputOf("Coroutines", "takeTurns"));
    }

    @Test
    void oneGuestEatsThenAllWaitForEachOtherAndAreReportedAndWithACureAllEat() {
        List<String> lines = Simulated.outputOf("Philosophers", "eatThreeTimes");
        assertEquals(
                List.of(
                        "A lock for each thing, and two orders:",
                        "  Nezha has got the noodles",
                        "  Nezha has got the fork",
                        "  Nezha eats",
                        "  Nezha has got the fork",
                        "  egon has got the noodles"),
                lines.subList(0, 6));
        int cure = lines.indexOf("One re-entrant lock stands for both things:");
        String deadlock = String.join("\n", lines.subList(6, cure));
        assertTrue(deadlock.contains("task Nezha-2 (sim, running): acquiring mutex noodles"), deadlock);
        assertTrue(deadlock.contains(", held by task egon-1 (sim, running)"), deadlock);
        assertTrue(deadlock.contains("at Philosophers.lambda$locked$"), deadlock);
        assertTrue(
                deadlock.endsWith("  hungry: 5, all but one give up\n  Nezha has got the noodles\n  Nezha eats"),
                deadlock);
        assertEquals("All take the noodles first:", lines.get(cure + 19));
        assertEquals(18, lines.subList(cure + 1, cure + 19).size());
        assertEquals(6, lines.subList(cure + 1, cure + 19).stream().filter(line -> line.endsWith(" eats")).count());
        assertEquals(6, lines.subList(cure + 20, lines.size()).stream().filter(line -> line.endsWith(" eats")).count());
    }

    @Test
    void stylesDifferInWhoWaitsForWhomOnly() {
        List<String> asTheyCome = List.of("  /page/1 page 1", "  /page/2 page 2", "  /page/3 page 3");
        List<String> inOrder = List.of("  /page/3 page 3", "  /page/1 page 1", "  /page/2 page 2");
        List<String> expected = Stream.of(
                List.of("requests, one after the other"),
                inOrder,
                List.of("  in 140 ms", "asyncio, HTTP made by hand"),
                asTheyCome,
                List.of("  in 90 ms", "aiohttp and gather"),
                inOrder,
                List.of("  in 90 ms", "gevent\\.joinall"),
                asTheyCome,
                List.of("  in 90 ms", "gevent\\.pool\\.Pool\\(2\\)"),
                asTheyCome,
                List.of("  in 90 ms", "Twisted's DeferredList"),
                asTheyCome,
                List.of("  done", "  in 90 ms", "Tornado's count-down",
                        "  Error: GET http://fakedomain.invalid/: cannot connect to fakedomain.invalid:80: .+"),
                asTheyCome,
                List.of("  in 90 ms")).flatMap(List::stream).toList();
        assertLinesMatch(expected, outputOf("FetchInEveryStyle", "fetchInEveryStyle"));
    }

    @Test
    void eachOfManyRequestsFailsInItsOwnWayAndSaysSo() {
        assertEquals(
                List.of(
                        "map: [DeadlineExceededException, ConnectFailedException, <Response [500]>]",
                        "map with an exception handler:",
                        "  / ConnectFailedException",
                        "  Request failed",
                        "  /delay/1 DeadlineExceededException",
                        "  Request failed",
                        "imap, one at a time:",
                        "  DeadlineExceededException",
                        "  ConnectFailedException",
                        "  <Response [500]>",
                        "map with a timeout for all:",
                        "  not done within PT5S",
                        "  <Response [200]>"),
                outputOf("Grequests", "serveAndMap"));
    }

    @Test
    void serverOfTwoHandlersAnswersTheClient() {
        assertEquals(
                List.of(
                        "running on 127.0.0.1, port 9977",
                        "201",
                        "/",
                        "id 7",
                        "query a=1&b=2",
                        "200",
                        "7",
                        "404",
                        "Not Found"),
                Output.of(() -> Sim.run(NO_DELAYS, sim -> {
                    var server = spawn(() -> Program.example("AiohttpServer").call("serve", 9977));
                    sim.awaitIdle();
                    for (String target : List.of("/", "/7?a=1&b=2", "/a/b")) {
                        Program.example("AiohttpClient").call("getHtml", "http://127.0.0.1:9977" + target);
                    }
                    server.cancel();
                })).stream().filter(line -> !line.isEmpty()).toList());
    }

    /** Threads live outside of a simulation, so this one and the next take their time. */
    @Test
    void blockingLibraryWorksOnThreads() {
        List<String> lines = outputOfMain("FetchWithThreads");
        List<String> names = List.of("baidu", "github", "openstack", "python", "sina");
        for (String style : List.of("in one", "callback", "offload")) {
            assertEquals(
                    names.stream().map(name -> style + ": this is " + name).toList(),
                    lines.stream().filter(line -> line.startsWith(style)).sorted().toList());
        }
        assertEquals(
                names.stream().map(name -> "url:</" + name + "> size:[" + (8 + name.length()) + "]").toList(),
                lines.subList(15, lines.size()));
    }

    @Test
    void threadsAndTasksShareTheWorkAndTheLimit() {
        assertLinesMatch(
                List.of(
                        "40 orders cooked",
                        "by threads: \\d+, by tasks: \\d+",
                        "at the stove at the same time: [1-3]"),
                outputOfMain("ThreadsAndTasks"));
    }

    /** Its sockets are real. */
    @Test
    void loopOfOnesOwnFetchesAllPagesTogether() {
        assertLinesMatch(
                List.of(
                        "300 pages, the site took 100 ms for each",
                        "this is /page/0",
                        "all together in \\d+ ms"),
                outputOfMain("OwnLoop"));
    }
}
