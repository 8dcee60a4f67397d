package dev.heddle.examples;

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.server.HttpServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Examples of every idea, each in a JVM of its own, from its source file, with real time and real sockets. */
@Tag("full")
final class LaunchTest {

    private record Launch(String example, List<String> arguments, List<String> expected) {}

    private static final List<Launch> LAUNCHES = List.of(
            new Launch("TenSleeps", List.of(), List.of(">> twenty lines >>", "time: [2-9]\\d\\d\\d ms")),
            new Launch("CancelAndCleanUp", List.of(), List.of(
                    "cancel_me(): before sleep",
                    "main(): after sleep",
                    "cancel_me(): cancel sleep",
                    "cancel_me(): after sleep",
                    "main(): cancel_me is cancelled now")),
            new Launch("TcpEcho", List.of(), List.of(
                    "CLIENT-0 SAYS HELLO 9",
                    "CLIENT-499 SAYS HELLO 9",
                    "500 clients said hello 10 times each and all were answered")),
            new Launch("SequentialAndConcurrent", List.of("5", "10"), List.of(
                    "one by one: 5 pages in \\d+ ms",
                    "all at once: 5 pages in \\d+ ms")),
            new Launch("Crawler", List.of(), List.of(
                    "found 1001 pages, read 45783 characters",
                    "broken: /1000")),
            new Launch("Generators", List.of(), List.of("\\[0, 1, 4, 9, 16]", ">> the rest >>", "both in \\d+ ms")),
            new Launch("Coroutines", List.of(), List.of(
                    "Ada eats 1",
                    "Bob plays 1",
                    "Ada eats 2",
                    "Bob plays 2",
                    "Bob is done")),
            new Launch("GuestLoop", List.of(), List.of(
                    "3 ...",
                    "an event of the window",
                    "2 ...",
                    "1 ...",
                    "all on AWT-EventQueue-0")),
            new Launch("Philosophers", List.of(), List.of(
                    "A lock for each thing, and two orders:",
                    "  Nezha has got the noodles",
                    "  Nezha has got the fork",
                    "  Nezha eats",
                    ">> the report, and who eats >>",
                    "All take the noodles first:",
                    ">> all eat >>")),
            new Launch("ThreadsAndTasks", List.of(), List.of(
                    "40 orders cooked",
                    "by threads: \\d+, by tasks: \\d+",
                    "at the stove at the same time: [1-3]")),
            new Launch("OwnLoop", List.of(), List.of(
                    "300 pages, the site took 100 ms for each",
                    "this is /page/0",
                    "all together in \\d+ ms")),
            new Launch("Chat", List.of(), List.of(
                    "1 order of what was said, heard by all 100",
                    "the first of them said: guest-N: hello")),
            new Launch("FetchInEveryStyle", List.of(), List.of(
                    "requests, one after the other",
                    "  /page/3 page 3",
                    "  /page/1 page 1",
                    "  /page/2 page 2",
                    ">> the other styles >>",
                    "Tornado's count-down",
                    ">> in the order that they come >>",
                    "  in \\d+ ms")),
            new Launch("FetchWithThreads", List.of(), List.of(
                    ">> fifteen lines >>",
                    "url:</baidu> size:\\[13]",
                    "url:</github> size:\\[14]",
                    "url:</openstack> size:\\[17]",
                    "url:</python> size:\\[14]",
                    "url:</sina> size:\\[12]")),
            new Launch("Grequests", List.of(), List.of(
                    "map: \\[DeadlineExceededException, ConnectFailedException, <Response \\[500]>]",
                    ">> both failures >>",
                    "imap, one at a time:",
                    "  DeadlineExceededException",
                    "  ConnectFailedException",
                    "  <Response \\[500]>",
                    "map with a timeout for all:",
                    "  not done within PT5S",
                    "  <Response \\[200]>")),
            new Launch("Fibonacci", List.of("26"), List.of(
                    "computing:",
                    ">> numbers in any order >>",
                    "sleeping:",
                    ">> numbers in any order >>",
                    "tasks: last time is \\d+ ms")));

    /** They do not end by themselves or need someone else, so they are run apart. */
    @Test
    @Timeout(120)
    void serverRunsUntilItIsStoppedAndTheClientAsksAnyServer() throws Exception {
        Process server = Program.example("AiohttpServer").start("0");
        try (var out = server.inputReader()) {
            assertEquals("running on 127.0.0.1, port 0", out.readLine());
            server.destroy();
            assertTrue(server.waitFor(60, TimeUnit.SECONDS), "SIGTERM stops it");
        } finally {
            server.destroyForcibly();
        }
        run(() -> {
            var site = (HttpServer.Builder) Program.example("AiohttpServer").result("app");
            try (var started = site.start("127.0.0.1", 0)) {
                var ending = offload(
                        () -> Program.example("AiohttpClient").launch("http://" + started.address() + "/"));
                assertEquals(List.of("201", "/"), ending.out(), ending.err());
            }
        });
    }

    @Test
    @Timeout(300) // several compilers at once, maybe on a busy machine
    void examplesRunFromTheirSourceFiles() {
        List<Program.Ending> endings = run(
                () -> map(
                        LAUNCHES,
                        LAUNCHES.size(),
                        launch -> offload(
                                () -> Program.example(launch.example())
                                        .launch(launch.arguments().toArray(String[]::new)))));
        for (int i = 0; i < endings.size(); i++) {
            Program.Ending ending = endings.get(i);
            List<String> expected = LAUNCHES.get(i).expected();
            assertAll(
                    () -> assertEquals(0, ending.exit(), ending.err()),
                    () -> assertLinesMatch(expected, ending.out(), ending.err()));
        }
    }
}
