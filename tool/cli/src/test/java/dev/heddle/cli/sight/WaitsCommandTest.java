package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree and the waits of programs in JVMs of their own, on into the children of their pools. */
@Tag("full")
class WaitsCommandTest {

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    @BeforeEach
    void set() throws IOException {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    @Test
    void chainIsNamedLinkByLinkIntoAChildProcessWithItsLines() throws Exception {
        Process program = programs.start(ObservedPrograms.CHAIN);
        String pid = Long.toString(program.pid());
        String line = "\\R +at [^\\n]*\\(Program0\\.java:\\d+\\)(\\R +spawned at [^\\n]+)?";
        Pattern chain = Pattern.compile(
                "task main \\(loop, running\\): a body in a child process \\((\\d+)\\), for [^\\n]+" + line
                        + "\\R +in process \\1:\\R(?s:.*)"
                        + "\\R +task waiter \\(loop-1, running\\): sleeping 1 h, for [^\\n]+; holds up \\d+" + line
                        + "\\R +task cook \\(loop-0, running\\): sending to a channel of 1, last served by task waiter "
                        + "\\(loop-1, running\\), for [^\\n]+" + line
                        + "\\R +task guest \\(loop-0, running\\): acquiring mutex kitchen, held by task cook "
                        + "\\(loop-0, running\\), for [^\\n]+" + line
                        + "\\R +task main \\(loop-0, running\\): joining task guest \\(loop-0, running\\), for [^\\n]+"
                        + line);
        CommandLine told = programs.heddleUntil(chain, "waits", pid);
        assertEquals(0, told.exit(), told::err);
        String json = programs.heddle("waits", "--json", pid).out();
        assertEquals(1, json.lines().filter(each -> each.startsWith("{\"kind\":\"process\"")).count(), json);
        assertTrue(json.contains("\"what\":\"acquiring mutex kitchen\""), json);
    }

    @Test
    void treeGoesOnIntoAChildProcess() throws Exception {
        Process program = programs.start(ObservedPrograms.CHAIN);
        String pid = Long.toString(program.pid());
        Pattern tree = Pattern.compile("""
                (?s)^loop \\(\\w+\\), 1 task
                  main #1: a body in a child process \\((\\d+)\\), for .*
                process \\1:
                .*  loop-0 \\(\\w+\\), 3 tasks
                    main #1: joining task guest \\(loop-0, running\\), for [^\n]*
                      cook #2: sending to a channel of 1, for [^\n]*
                      guest #3: acquiring mutex kitchen, held by task cook \\(loop-0, running\\), for [^\n]*
                  loop-1 \\(\\w+\\), 1 task
                    waiter #1: sleeping 1 h, for [^\n]*
                $""");
        CommandLine told = programs.heddleUntil(tree, "tree", pid);
        assertEquals(0, told.exit(), told::err);
        CommandLine named = programs.heddle("tree", "--name", "gu*", "--lines", pid);
        assertTrue(named.out().contains("main #1") && named.out().contains("guest #3"), named::out);
        assertTrue(!named.out().contains("cook #2"), named::out);
    }

    private static final String LEAKS = """
            run(() -> {
                Mutex till = Mutex.named("till");
                Event closing = Event.named("closing");
                spawn("cashier", () -> till.run(() -> new Promise<String>().join()));
                spawn("clerk", () -> group(orders -> {
                    Channel<String> channel = Channel.of(0);
                    orders.spawn("cook", () -> {
                        channel.receive();
                    });
                }));
                spawn("guard", closing::await);
                checkpoint();
                spawn("customer", () -> till.run(() -> {}));
                sleep(Duration.ofMillis(100));
                IO.println("ready");
                sleep(Duration.ofHours(1));
                closing.set();
            });""";

    private static final String NO_LEAKS = """
            run(() -> {
                Event closing = Event.named("closing");
                spawn("guard", closing::await);
                IO.println("ready");
                sleep(Duration.ofHours(1));
                closing.set();
            });""";

    private static final String HEAD = " leaked of \\d+ waits?; the program stood still for [^\\n]+, for a dump of "
            + "[^\\n]+B\\R";

    private Path dumps() throws IOException {
        return Files.createDirectory(directory.resolve("dumps"));
    }

    private static void assertEmpty(Path dumps) throws IOException {
        try (Stream<Path> left = Files.list(dumps)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void leakedWaitsAreNamedWithThoseThatTheyHoldUpAndNoFileIsLeft() throws Exception {
        Path dumps = dumps();
        String pid = Long.toString(programs.start(LEAKS, "-Djava.io.tmpdir=" + dumps).pid());
        String places = "\\R +at [^\\n]*\\(Program0\\.java:\\d+\\)\\R +spawned at [^\\n]+";
        Pattern leaks = Pattern.compile("2" + HEAD
                + "\\Rtask cashier \\(loop, running\\): joining [^\\n]+, for [^\\n]+; holds up 1" + places
                + "\\R  task customer \\(loop, running\\): acquiring mutex till, held by task cashier "
                + "\\(loop, running\\), for [^\\n]+" + places
                + "\\R\\Rtask cook \\(loop, running\\): receiving from a channel of 0, for [^\\n]+; holds up 1"
                + places + "\\R  task clerk \\(loop, running\\): the end of its 1 task, [^\\n]+" + places + "\\R");
        CommandLine told = programs.heddle("waits", "--leaked", pid);
        assertTrue(leaks.matcher(told.out()).matches(), told.out() + told.err());
        assertEquals(0, told.exit(), told::err);
        String json = programs.heddle("waits", "--leaked", "--json", pid).out();
        assertTrue(json.startsWith("{\"kind\":\"leaks\",\"took\":"), json);
        assertEquals(2, json.lines().filter(line -> line.endsWith(",\"leaked\":true}")).count(), json);
        assertEmpty(dumps);
    }

    @Test
    void leakedWaitOfAChildProcessIsToldByItsOwnNumberAlone() throws Exception {
        Process program = programs.start("""
                run(() -> {
                    try (ProcessPool pool = ProcessPool.of(1)) {
                        IO.println("ready");
                        pool.call(() -> Heddle.run(() -> {
                            spawn("guest", () -> new Promise<String>().join());
                            sleep(Duration.ofHours(1));
                            return 1;
                        }));
                    }
                });""");
        Pattern guest = Pattern.compile("task guest \\(loop, running\\): joining an open promise, for ");
        programs.heddleUntil(guest, "waits", "--all", Long.toString(program.pid()));
        String child = program.children().map(each -> Long.toString(each.pid()))
                .filter(pid -> Files.exists(programs.sockets().resolve(pid + ".sock"))).findFirst().orElseThrow();
        CommandLine told = programs.heddle("waits", "--leaked", child);
        assertTrue(guest.matcher(told.out()).find() && told.out().startsWith("1 leaked of "), told.out() + told.err());
        CommandLine parent = programs.heddle("waits", "--leaked", Long.toString(program.pid()));
        assertTrue(parent.out().startsWith("0 leaked of "), parent.out() + parent.err());
    }

    @Test
    void handlerOfHttp2ThatWaitsInVainIsNamedAndOneThatIsWokenIsNot() throws Exception {
        String pid = Long.toString(programs.start("""
                run(() -> {
                    Event closing = Event.named("closing");
                    try (HttpServer server = HttpServer.builder()
                            .get("/lost", request -> Response.text(new Promise<String>().join()))
                            .get("/kept", request -> {
                                closing.await();
                                return Response.text("late");
                            })
                            .start("127.0.0.1", 0);
                            HttpClient http = HttpClient.builder().http2PriorKnowledge().build()) {
                        spawn("loser", () -> http.get("http://" + server.address() + "/lost"));
                        spawn("keeper", () -> http.get("http://" + server.address() + "/kept"));
                        sleep(Duration.ofSeconds(1));
                        IO.println("ready");
                        sleep(Duration.ofHours(1));
                        closing.set();
                    }
                });""").pid());
        CommandLine told = programs.heddle("waits", "--leaked", pid);
        assertTrue(told.out().startsWith("1 leaked of "), told.out() + told.err());
        assertTrue(Pattern.compile("joining an open promise, for [^\\n]+\\R +at [^\\n]+Program0\\.java:\\d+")
                .matcher(told.out())
                .find(), told.out());
    }

    @Test
    void programWithoutLeakedWaitsSaysSo() throws Exception {
        String pid = Long.toString(programs.start(NO_LEAKS).pid());
        CommandLine told = programs.heddle("waits", "--leaked", pid);
        assertTrue(told.out().matches("0" + HEAD), told.out() + told.err());
        assertEquals(0, told.exit(), told::err);
    }

    @Test
    void dumpIsDeletedWhereItHasNoRoomAndWithTheProgram() throws Exception {
        Path dumps = dumps();
        Process program = programs.start(NO_LEAKS, "-Djava.io.tmpdir=" + dumps);
        String pid = Long.toString(program.pid());
        assertEquals(0, new ProcessBuilder("prlimit", "--fsize=1000000:", "--pid", pid).start().waitFor());
        CommandLine told = programs.heddle("waits", "--leaked", pid);
        assertEquals(1, told.exit());
        assertTrue(told.err().matches("(?s).*says: the heap could not be dumped: \\S.*"), told.err());
        assertEmpty(dumps);
        assertEquals(0, new ProcessBuilder("prlimit", "--fsize=unlimited:", "--pid", pid).start().waitFor());
        try (ProgramAnswer answer = new Program(program.pid(), programs.sockets().resolve(pid + ".sock")).ask("dump",
                Map.of())) {
            assertTrue(Files.exists(Path.of(Objects.requireNonNull(answer.next()).text("file"))));
            program.destroy();
            program.waitFor();
        }
        assertEmpty(dumps);
    }

    @Test
    void heapThatIsTooLargeForTheCommandSaysSo() throws Exception {
        String pid = Long.toString(programs.start("""
                run(() -> {
                    var many = new java.util.ArrayList<Object>();
                    for (int i = 0; i < 500_000; i++) {
                        many.add(new Object[1]);
                    }
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                    IO.println(many.size());
                });""").pid());
        CommandLine told = programs.heddleWith(List.of("-Xmx16m"), "waits", "--leaked", pid);
        assertEquals(1, told.exit(), told::err);
        assertTrue(told.err().contains("its heap has more objects than this command has memory for; HEDDLE_JAVA_OPTS"),
                told.err());
    }

    @Test
    void programWithNoPlaceForADumpSaysSo() throws Exception {
        Process program = programs.start(NO_LEAKS, "-Djava.io.tmpdir=" + directory.resolve("none"));
        CommandLine told = programs.heddle("waits", "--leaked", Long.toString(program.pid()));
        assertEquals(1, told.exit());
        assertTrue(told.err().contains(" says: there is no place for a heap dump: "), told.err());
    }
}
