package dev.heddle.conformance;

import static dev.heddle.conformance.SubprocessFixture.message;
import static dev.heddle.conformance.SubprocessFixture.sh;
import static dev.heddle.conformance.SubprocessFixture.withFile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Stdio;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.os.StartFailedException;
import dev.heddle.os.StartFailedException.Reason;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of commands that cannot be started, and of what those inherit that can. */
interface SubprocessStartContract extends SubprocessFixture {

    SubprocessOptions DEFAULT = SubprocessOptions.DEFAULT;

    private static StartFailedException refused(Reason reason, SubprocessOptions options, String... command) {
        StartFailedException e = assertThrows(StartFailedException.class, () -> Subprocess.run(options, command));
        assertEquals(reason, e.reason(), message(e));
        assertTrue(message(e).startsWith("cannot start "), message(e));
        return e;
    }

    @Test
    default void commandThatIsNotFoundSaysWhereItWasLookedFor() {
        run(() -> {
            StartFailedException e = refused(Reason.NOT_FOUND, DEFAULT.withVariable("PATH", "/nowhere:/bin"),
                    "no-such-command");

            assertTrue(message(e).contains("no-such-command: the command is not found; PATH is /nowhere:/bin"));
            refused(Reason.NOT_FOUND, DEFAULT, "/no/such/file");
            refused(Reason.NOT_FOUND, DEFAULT, "");
        });
    }

    @Test
    default void fileThatIsNoProgramIsNotExecutable() {
        run(() -> {
            refused(Reason.NOT_EXECUTABLE, DEFAULT, "/tmp");
            withFile("text", file -> {
                refused(Reason.NOT_EXECUTABLE, DEFAULT, file.toString());
                refused(
                        Reason.NOT_EXECUTABLE,
                        DEFAULT.withVariable("PATH", file.resolveSibling("").toString()),
                        file.getFileName().toString());
            });
        });
    }

    @Test
    default void missingDirectoryIsNamed() {
        run(() -> {
            StartFailedException e = refused(Reason.NO_DIRECTORY, DEFAULT.withDirectory(Path.of("/no/such/place")),
                    "true");

            assertTrue(message(e).contains("/no/such/place"), message(e));
        });
    }

    @Test
    default void whatTheSystemRefusesHasItsReason() {
        run(() -> {
            StartFailedException tooLong = refused(Reason.REFUSED, DEFAULT, "true", "x".repeat(3_000_000));
            assertTrue(message(tooLong).contains("Argument list too long"), message(tooLong));

            withFile("#!/no/such/interpreter\n", file -> {
                assertTrue(file.toFile().setExecutable(true));
                StartFailedException e = refused(Reason.REFUSED, DEFAULT, file.toString());
                assertTrue(!tellsSignals() || message(e).contains("interpreter"), message(e));
            });

            StartFailedException input = refused(Reason.REFUSED,
                    DEFAULT.withStdin(Stdio.file(Path.of("/no/such/input"))), "cat");
            assertTrue(message(input).contains("/no/such/input"), message(input));
        });
    }

    @Test
    default void namedPipeIsNoFileForAStream() {
        run(() -> withFile("", file -> {
            Path pipe = file.resolveSibling(file.getFileName() + ".pipe");
            Subprocess.run("mkfifo", pipe.toString()).check();
            for (SubprocessOptions options : List.of(
                    DEFAULT.withStdin(Stdio.file(pipe)),
                    DEFAULT.withStdout(Stdio.file(pipe)),
                    DEFAULT.withStderr(Stdio.appendTo(pipe)))) {
                StartFailedException e = refused(Reason.REFUSED, options, "cat");
                assertTrue(message(e).contains(pipe + " is a named pipe"), message(e));
            }
            Files.delete(pipe);
            Subprocess.run(DEFAULT.withStdin(Stdio.file(Path.of("/dev/null"))), "cat").check();
        }));
    }

    @Test
    default void scriptWithoutAnInterpreterIsTheShells() {
        run(() -> withFile("echo $0 $1", file -> {
            assertTrue(file.toFile().setExecutable(true));

            assertEquals(file + " one\n", Subprocess.run(file.toString(), "one").check().text());
        }));
    }

    @Test
    default void whatCannotBePassedIsRefused() {
        run(() -> {
            assertThrows(IllegalArgumentException.class, () -> Subprocess.run());
            assertThrows(IllegalArgumentException.class, () -> Subprocess.run("echo", "a\0b"));
            assertThrows(IllegalArgumentException.class, () -> Subprocess.run("ec\0ho"));
            for (String name : List.of("", "A=B", "A\0")) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Subprocess.run(DEFAULT.withEnvironment(Map.of(name, "x")), "true"),
                        name);
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Subprocess.run(DEFAULT.withVariable("A", "x\0y"), "true"));
            assertThrows(
                    IllegalArgumentException.class, () -> Subprocess.run(DEFAULT.withStdout(Stdio.MERGE), "true"));
        });
    }

    @Test
    default void startThatFailsLeavesNothing() {
        run(() -> {
            Subprocess.run("true");
            long descriptors = LeftoverCheck.openDescriptors();
            long children = ProcessHandle.current().children().count();
            for (int i = 0; i < 20; i++) {
                refused(Reason.NOT_FOUND, DEFAULT, "no-such-command");
                refused(Reason.REFUSED, DEFAULT, "true", "x".repeat(3_000_000));
                refused(Reason.REFUSED, DEFAULT.withStdin(Stdio.file(Path.of("/no/such/input"))), "cat");
            }

            LeftoverCheck.awaitDescriptors(descriptors);
            assertEquals(children, ProcessHandle.current().children().count());
        });
    }

    @Test
    default void nothingIsStartedInsideACancelledScope() {
        run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");

            assertThrows(CancelledException.class, () -> Subprocess.start("sleep", "100"));
            return "";
        }));
    }

    @Test
    default void childInheritsTheThreeStreamsOnly() {
        run(() -> withFile("", file -> {
            try (InputStream open = Files.newInputStream(file);
                    Listener listener = Tcp.listen(0);
                    ByteStream stream = Tcp.connect("127.0.0.1", listener.port());
                    Subprocess other = Subprocess.start("cat")) {
                assertEquals(
                        "0\n1\n2\n", Subprocess.run(DEFAULT, sh("ls /proc/$$/fd")).check().text());
                assertTrue(stream.isOpen() && other.status().isEmpty() && open.available() == 0);
            }
        }));
    }

    @Test
    default void loopGoesOnWhileAProcessIsStarted() {
        run(() -> Heddle.group(g -> {
            Task<Void> ticks = g.spawn(() -> {
                for (int i = 0; i < 3; i++) {
                    Heddle.checkpoint();
                }
            });
            Subprocess.run("true").check();
            assertTrue(ticks.isDone());
        }));
    }
}
