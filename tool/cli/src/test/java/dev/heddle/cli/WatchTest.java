package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.script.Standby;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watched program is started again in a JVM that was there before the change, and nothing of it stays behind. */
final class WatchTest {

    @TempDir
    private Path directory;

    /** A server on a port, which tells of itself and of its JVM. */
    private static String server(String word, int port) {
        return """
                import static dev.heddle.Heddle.*;
                import dev.heddle.http.server.*;
                import dev.heddle.net.*;

                void main() {
                    run(() -> {
                        try (Listener listener = Tcp.listen("127.0.0.1", %d)) {
                            IO.println("%s in " + ProcessHandle.current().pid());
                            HttpServer.builder().get("/", request -> Response.text("%s")).build().serve(listener);
                        }
                    });
                }
                """.formatted(port, word, word);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static long pid(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static Stream<ProcessHandle> standbys(ChildJvm child) {
        return child.process.children().filter(one -> one.info()
                .arguments()
                .stream()
                .flatMap(Stream::of)
                .anyMatch(word -> word.startsWith("-D" + Standby.PROPERTY)));
    }

    /** Waits for the JVM that stands by; nobody is told of it. */
    private static ProcessHandle awaitStandby(ChildJvm child, long otherThan) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (true) {
            Optional<ProcessHandle> one = standbys(child).filter(each -> each.pid() != otherThan).findFirst();
            if (one.isPresent()) {
                return one.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no JVM stands by");
            }
            Thread.sleep(20);
        }
    }

    @Test
    @Tag("full")
    void nextJvmStandsByAndTakesThePortOver() throws Exception {
        int port = freePort();
        Path program = Files.writeString(directory.resolve("Program.java"), server("one", port));
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            long first = pid(child.awaitOut("one in "));
            ProcessHandle standby = awaitStandby(child, first);

            Files.writeString(program, server("two", port));
            long second = pid(child.awaitOut("two in "));
            assertNotEquals(first, second);

            ProcessHandle next = awaitStandby(child, second);
            assertNotEquals(standby, next);
            child.signal("TERM");
            assertEquals(143, child.end().exit());
            for (long pid : new long[]{first, second, next.pid()}) {
                assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false),
                        () -> "left behind: " + pid);
            }
        }
    }

    @Test
    @Tag("full")
    void standbyThatIsKilledIsReplacedByAFreshStart() throws Exception {
        int port = freePort();
        Path program = Files.writeString(directory.resolve("Program.java"), server("one", port));
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            ProcessHandle standby = awaitStandby(child, pid(child.awaitOut("one in ")));
            standby.destroyForcibly();
            standby.onExit().get(10, TimeUnit.SECONDS);

            Files.writeString(program, server("two", port));
            assertNotEquals(standby.pid(), pid(child.awaitOut("two in ")));
            child.signal("INT");
            assertEquals(130, child.end().exit());
        }
    }

    @Test
    @Tag("full")
    void ofQuickChangesTheLastOneStays() throws Exception {
        int port = freePort();
        Path program = Files.writeString(directory.resolve("Program.java"), server("one", port));
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            child.awaitOut("one in ");
            // Each while the one before is compiled, starts or has just begun; a half of a file among them.
            for (int i = 0; i < 5; i++) {
                Files.writeString(program, server("some " + i, port));
            }
            Files.writeString(program, server("half", port).substring(0, 100));
            Files.writeString(program, server("last", port));
            child.awaitOut("last in ");

            child.signal("TERM");
            CommandLine end = child.end();
            assertEquals(143, end.exit());
            assertTrue(end.out().lines().allMatch(line -> line.startsWith("last in ")), end.out());
        }
    }

    @Test
    @Tag("full")
    void standbyEndsWhenWhoHasStartedItIsKilled() throws Exception {
        Path program = Files.writeString(directory.resolve("Program.java"), "void main() { IO.println(\"ran\"); }");
        try (ChildJvm child = ChildJvm.start("run", "--watch", program.toString())) {
            child.awaitOut("ran");
            ProcessHandle standby = awaitStandby(child, 0);
            child.process.destroyForcibly();
            standby.onExit().get(30, TimeUnit.SECONDS);
        }
    }
}
