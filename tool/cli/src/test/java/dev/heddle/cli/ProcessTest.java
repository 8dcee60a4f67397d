package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own: signals, pipes, a terminal, full disks, exit codes. */
@Tag("full")
final class ProcessTest {

    private static final long LARGE_BYTES = 64L << 20;

    @TempDir
    Path directory;

    @Test
    void firstInterruptEndsAFetchWithItsResultsAndAPartialSummary() throws Exception {
        try (TestSite site = new TestSite(HttpServer.builder().get("/", request -> Response.text("home")));
                FaultServer silent = FaultServer.silent();
                ChildJvm child = ChildJvm.start("fetch", "--json", silent.url(), site.url("/"), silent.url())) {
            silent.asked.await();
            child.signal("INT");
            CommandLine end = child.end();

            assertEquals(130, end.exit());
            assertTrue(end.err().contains("interrupted: "), end.err());
            assertTrue(end.err().contains("not finished"), end.err());
            assertFalse(end.err().contains("Exception"), end.err());
            assertTrue(end.out().isEmpty() || end.out().startsWith("{\"url\":\"" + site.url("/")), end.out());
        }
    }

    @Test
    void terminatedFetchExitsWith143() throws Exception {
        try (FaultServer silent = FaultServer.silent();
                ChildJvm child = ChildJvm.start("fetch", silent.url())) {
            silent.asked.await();
            child.signal("TERM");

            assertEquals(143, child.end().exit());
        }
    }

    @Test
    void interruptEndsAFetchThatWaitsForItsList() throws Exception {
        try (TestSite site = new TestSite(HttpServer.builder().get("/", request -> Response.text("home")));
                ChildJvm child = ChildJvm.start("fetch", "-i", "-")) {
            OutputStream list = child.process.getOutputStream();
            list.write((site.url("/") + "\n").getBytes(US_ASCII));
            list.flush();
            child.awaitOut("200  ");
            child.signal("INT");
            assertTrue(child.awaitErr("1 URL in").contains("1 ok"));

            assertEquals(130, child.process.waitFor());
        }
    }

    @Test
    void interruptedFetchLeavesNoPartOfABody() throws Exception {
        try (FaultServer stuck = new FaultServer(socket -> {
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(200_000))
                            .getBytes(US_ASCII));
            socket.getInputStream().read();
        });
                ChildJvm child = ChildJvm.start("fetch", "-o", directory.toString(), stuck.url())) {
            while (!hasFile(directory)) {
                Thread.onSpinWait();
            }
            child.signal("INT");

            assertEquals(130, child.end().exit());
            assertFalse(hasFile(directory));
        }
    }

    private static boolean hasFile(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findAny().isPresent();
        }
    }

    @Test
    void readerThatGoesAwayEndsTheProgramQuietly() throws Exception {
        try (TestSite site = new TestSite(HttpServer.builder().get("/{n}", request -> Response.text("page")));
                FaultServer silent = FaultServer.silent()) {
            String list = IntStream.range(0, 3_000).mapToObj(i -> site.url("/" + i)).collect(Collectors.joining("\n"));
            Files.writeString(directory.resolve("list"), list + "\n" + silent.url() + "\n");
            try (ChildJvm child = ChildJvm.shell(directory, "$heddle fetch -i list | head -1; echo ${PIPESTATUS[0]}")) {
                CommandLine end = child.end();

                assertEquals(2, end.lines().size(), end.out());
                assertTrue(end.lines().get(0).startsWith("200  "), end.out());
                assertEquals("1", end.lines().get(1));
                assertEquals("", end.err());
            }
        }
    }

    @Test
    void closedStandardInputIsNoTrouble() throws Exception {
        try (TestSite site = new TestSite(HttpServer.builder().get("/", request -> Response.text("home")));
                ChildJvm child = ChildJvm.shell(directory, "$heddle fetch \"$1\" <&-", site.url("/"))) {
            CommandLine end = child.end();

            assertEquals(0, end.exit(), end.err());
            assertEquals(1, end.lines().size());
        }
    }

    @Test
    void engineThatIsNotThereIsOneClearLineAndTheVersionStillWorks() throws Exception {
        try (ChildJvm child = ChildJvm.shell(directory,
                "export HEDDLE_ENGINE=windmill; $heddle --version && $heddle serve .")) {
            CommandLine end = child.end();

            assertEquals(2, end.exit());
            assertTrue(end.lines().get(2).startsWith("engine none: there is no engine windmill"), end.out());
            String last = end.err().lines().toList().get((int) end.err().lines().count() - 2);
            assertTrue(
                    last.startsWith(
                            "heddle serve: there is no engine windmill, which HEDDLE_ENGINE asks for; there are: "),
                    end.err());
        }
    }

    @Test
    void fullDiskUnderTheResultsIsOneClearLine() throws Exception {
        try (TestSite site = new TestSite(HttpServer.builder().get("/", request -> Response.text("home")));
                ChildJvm child = ChildJvm.shell(directory, "$heddle fetch \"$1\" >/dev/full", site.url("/"))) {
            CommandLine end = child.end();

            assertEquals(1, end.exit());
            assertEquals("heddle fetch: cannot write the results: No space left on device\n", end.err());
        }
    }

    @Test
    void fullDiskUnderAHelpTextIsOneClearLine() throws Exception {
        try (ChildJvm child = ChildJvm.shell(directory, "$heddle --help >/dev/full")) {
            CommandLine end = child.end();

            assertEquals(1, end.exit());
            assertEquals("heddle: No space left on device\n", end.err());
        }
    }

    @Test
    void barIsDrawnOnATerminalAndGoneAtTheEnd() throws Exception {
        try (FaultServer silent = FaultServer.silent();
                ChildJvm child = ChildJvm.shell(
                        directory,
                        "script -qec \"stty cols 60; JAVA_TOOL_OPTIONS=-Dheddle.terminal=true "
                                + "$heddle fetch --json -t 1s $1\" /dev/null </dev/null",
                        silent.url())) {
            String screen = child.end().out();

            assertTrue(screen.contains("\r\u001b[K"), screen);
            assertTrue(screen.contains("0/1"), screen);
            for (String drawn : screen.split("\r\u001b\\[K", -1)) {
                String line = drawn.lines().findFirst().orElse("");
                assertTrue(!line.contains("running") || line.length() < 60, line);
            }
            String last = screen.substring(screen.lastIndexOf("\r\u001b[K"));
            assertFalse(last.contains("running"), last);
        }
    }

    @Test
    void withoutATerminalThereIsNoBar() throws Exception {
        try (FaultServer silent = FaultServer.silent();
                ChildJvm child = ChildJvm.start("fetch", "-t", "300ms", silent.url())) {
            CommandLine end = child.end();

            assertFalse((end.out() + end.err()).contains("\u001b"), end.err());
            assertFalse(end.err().contains("running"), end.err());
        }
    }

    @Test
    void serverFinishesARunningDownloadWhenItIsInterrupted() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            file.setLength(LARGE_BYTES);
        }
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0")) {
            URI address = address(child);
            try (Socket download = new Socket(address.getHost(), address.getPort())) {
                InputStream in = ask(download, "/large");
                child.signal("INT");
                child.awaitErr("stopping");
                awaitRefusal(address);

                assertTrue(in.readAllBytes().length >= LARGE_BYTES - 1);
            }
            assertEquals(130, child.end().exit());
        }
    }

    @Test
    void secondInterruptEndsTheServerAtOnce() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            file.setLength(LARGE_BYTES);
        }
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0", "--grace", "1h")) {
            URI address = address(child);
            try (Socket download = new Socket(address.getHost(), address.getPort())) {
                ask(download, "/large");
                child.signal("INT");
                child.awaitErr("stopping");
                child.signal("INT");

                assertEquals(130, child.end().exit());
            }
        }
    }

    @Test
    void idleServerStopsAtOnceWhenItIsTerminated() throws Exception {
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0")) {
            address(child);
            child.signal("TERM");

            assertEquals(143, child.end().exit());
        }
    }

    @Test
    void portInUseIsOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p",
                        Integer.toString(taken.getLocalPort()))) {
            CommandLine end = child.end();

            assertEquals(1, end.exit());
            assertEquals(1, end.err().lines().count(), end.err());
            assertTrue(
                    end.err().startsWith("heddle serve: cannot listen on 127.0.0.1:" + taken.getLocalPort()),
                    end.err());
        }
    }

    @Test
    void addressOfAnotherMachineIsOneClearLine() throws Exception {
        for (String host : new String[]{"192.0.2.1", "no-such-host.invalid"}) {
            try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "--host", host)) {
                CommandLine end = child.end();

                assertEquals(1, end.exit());
                assertEquals(1, end.err().lines().count(), end.err());
                assertTrue(end.err().startsWith("heddle serve: cannot "), end.err());
            }
        }
    }

    @Test
    void programRunsWithItsArgumentsItsStreamsAndItsExitCode() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), """
                import static dev.heddle.Heddle.*;

                void main(String[] arguments) {
                    IO.println(run(() -> gather(() -> 1, () -> 2)) + String.join(",", arguments) + IO.readln());
                    System.exit(7);
                }
                """);
        try (ChildJvm child = ChildJvm.start("run", program.toString(), "a", "--help")) {
            child.process.getOutputStream().write("typed\n".getBytes(US_ASCII));
            CommandLine end = child.end();

            assertEquals("[1, 2]a,--helptyped\n", end.out());
            assertEquals(7, end.exit());
        }
    }

    @Test
    void typoInAProgramShowsTheCompilersMessage() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), """
                import static dev.heddle.Heddle.*;

                void main() {
                    rum(() -> sleep(java.time.Duration.ZERO));
                }
                """);
        try (ChildJvm child = ChildJvm.start("run", program.toString())) {
            CommandLine end = child.end();

            assertEquals(1, end.exit());
            assertTrue(end.err().contains("Program.java:4: error: cannot find symbol"), end.err());
            assertEquals("", end.out());
        }
    }

    @Test
    void signalReachesTheProgramThatRunsAndTheExitCodeIsTheProgramsOwn() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), """
                import static dev.heddle.Heddle.*;
                import java.time.Duration;

                void main() {
                    run(() -> {
                        IO.println("ready");
                        try {
                            sleep(Duration.ofMinutes(5));
                        } finally {
                            IO.println("cleaned up");
                            System.exit(9);
                        }
                    });
                }
                """);
        try (ChildJvm child = ChildJvm.start("run", program.toString())) {
            child.awaitOut("ready");
            child.signal("TERM");
            child.awaitOut("cleaned up");

            assertEquals(9, child.end().exit());
        }
    }

    @Test
    void programHasTheUsersClassPathAndItsFailureShowsItsOwnFrames() throws Exception {
        Path lib = Files.createDirectory(directory.resolve("lib"));
        Files.writeString(lib.resolve("words.txt"), "from the class path");
        Path program = Files.writeString(directory.resolve("Program.java"), """
                void main() throws Exception {
                    try (var in = Thread.currentThread().getContextClassLoader().getResourceAsStream("words.txt")) {
                        IO.println(new String(in.readAllBytes()));
                    }
                    throw new IllegalStateException("the end");
                }
                """);
        try (ChildJvm child = ChildJvm.start("run", "--class-path", lib.toString(), program.toString())) {
            CommandLine end = child.end();

            assertEquals("from the class path\n", end.out());
            assertEquals(1, end.exit());
            assertEquals(
                    List.of(
                            "Exception in thread \"main\" java.lang.IllegalStateException: the end",
                            "\tat Program.main(Program.java:5)"),
                    end.err().lines().toList());
        }
    }

    @Test
    @Tag("full")
    void programHasLibrariesThatMavenFindsOnce() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), """
                import com.google.gson.Gson;
                import java.util.List;

                void main() {
                    IO.println(new Gson().toJson(List.of(1, 2)));
                }
                """);
        String library = "com.google.code.gson:gson:2.13.2";
        List<String> command = new ArrayList<>(
                ChildJvm.command("run", "--dep", library, program.toString()));
        for (String told : List.of("heddle run: looking for " + library + " with Maven...\n", "")) {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("XDG_CACHE_HOME", directory.resolve("caches").toString());
            Process process = builder.start();
            assertEquals("[1,2]\n", new String(process.getInputStream().readAllBytes(), US_ASCII));
            assertEquals(told, new String(process.getErrorStream().readAllBytes(), US_ASCII));
            assertEquals(0, process.waitFor());
        }
    }

    private static String saying(String word) {
        return """
                import static dev.heddle.Heddle.*;
                import java.time.Duration;

                void main() {
                    run(() -> {
                        IO.println("%s");
                        try {
                            sleep(Duration.ofMinutes(5));
                        } finally {
                            IO.println("%s cleaned up");
                        }
                    });
                }
                """.formatted(word, word);
    }

    @Test
    void watchedProgramIsStartedAgainWhenItChangesAndGoesOnWhileItDoesNotCompile() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), saying("one"));
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            child.awaitOut("one");
            Files.writeString(program, saying("two"));
            child.awaitOut("one cleaned up");
            child.awaitOut("two");

            Files.writeString(program, "void main() { nothing(); }");
            child.awaitErr("Program.java:1: error: cannot find symbol");
            child.awaitErr("the program keeps running until the next change");
            // As editors do: written beside, and moved into place.
            Path beside = Files.writeString(directory.resolve("beside"), saying("three"));
            Files.move(beside, program, StandardCopyOption.ATOMIC_MOVE);
            child.awaitOut("two cleaned up");
            child.awaitOut("three");

            child.signal("TERM");
            child.awaitOut("three cleaned up");
            assertEquals(143, child.end().exit());
        }
    }

    @Test
    void watchedProgramThatEndsIsToldOfAndStartedAtTheNextChangeOfWhatItUses() throws Exception {
        Path lib = Files.createDirectory(directory.resolve("lib"));
        Path below = Files.createDirectory(lib.resolve("below"));
        Path words = Files.writeString(below.resolve("words.txt"), "one");
        Path program = Files.writeString(directory.resolve("Program.java"),
                """
                        void main() throws Exception {
                            try (var in = Thread.currentThread().getContextClassLoader().getResourceAsStream("below/words.txt")) {
                                IO.println(new String(in.readAllBytes()) + Other.WORD);
                            }
                        }
                        """);
        Path other = Files.writeString(directory.resolve("Other.java"), "class Other { static final int WORD = 1; }");
        try (ChildJvm child = ChildJvm.start("run", "--watch", "--class-path", lib.toString(), program.toString())) {
            child.awaitOut("one1");
            child.awaitErr("ended with 0; waiting for a change");
            Files.writeString(words, "two");
            child.awaitOut("two1");
            child.awaitErr("ended with 0; waiting for a change");
            Files.writeString(other, "class Other { static final int WORD = 2; }");
            child.awaitOut("two2");
            child.awaitErr("ended with 0; waiting for a change");

            // As a clean build does.
            Files.delete(words);
            Files.delete(below);
            Files.delete(lib);
            child.awaitErr("no such directory or jar");
            Files.createDirectories(below);
            Files.writeString(words, "three");
            child.awaitOut("three2");

            child.signal("INT");
            assertEquals(130, child.end().exit());
        }
    }

    @Test
    void watchedProgramStartsWhenAFileThatItHasNeverCompiledWithIsMended() throws Exception {
        Path util = Files.createDirectory(directory.resolve("util"));
        Path deep = Files.writeString(util.resolve("Deep.java"), "package util; public class Deep { int }");
        Path program = Files.writeString(directory.resolve("Program.java"),
                "void main() { IO.println(util.Deep.WORD + Missing.WORD); }");
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            child.awaitErr("waiting for a change");
            Files.writeString(deep, "package util; public class Deep { public static final String WORD = \"deep\"; }");
            child.awaitErr("Missing");
            child.awaitErr("waiting for a change");
            Path missing = Files.writeString(
                    directory.resolve("Missing.java"), "class Missing { static final int WORD = 1; }");
            child.awaitOut("deep1");
            child.awaitErr("ended with 0; waiting for a change");

            Files.writeString(directory.resolve("Unused.java"), "class Unused {}");
            Files.writeString(missing, "class Missing { static final int WORD = 2; }");
            child.awaitOut("deep2");

            child.signal("INT");
            CommandLine end = child.end();
            assertEquals(130, end.exit());
            assertEquals("", end.out());
        }
    }

    private static URI address(ChildJvm child) throws IOException {
        String line = child.awaitErr("serving on ");
        return URI.create(line.replaceAll(".*(http://[^ ]*).*", "$1"));
    }

    /** Asks for a file and waits for the first byte of the answer. */
    private static InputStream ask(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
        assertEquals('H', socket.getInputStream().read());
        return socket.getInputStream();
    }

    /** New connections are refused; one in the backlog at the moment of the stop may still be made, or reset. */
    private static void awaitRefusal(URI address) throws IOException {
        while (true) {
            try {
                new Socket(address.getHost(), address.getPort()).close();
            } catch (ConnectException refused) {
                return;
            } catch (SocketException reset) {
                continue;
            }
        }
    }
}
