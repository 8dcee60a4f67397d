package dev.heddle.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.engine.Stdio;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The standard streams of another JVM: those of this one belong to the tests' runner. */
final class StandardStreamsTest {

    private static final SubprocessOptions DEFAULT = SubprocessOptions.DEFAULT;

    /** The process at the other end. */
    static final class Child {
        public static void main(String[] args) {
            switch (args[0]) {
                case "upper" -> Heddle.run(Child::upper);
                case "cancel" -> Heddle.run(Child::cancelAndReadOn);
                case "again" -> {
                    Heddle.run(() -> StandardStreams.out().write(StandardStreams.in().readLine(100).orElseThrow()));
                    Heddle.run(() -> StandardStreams.out().write(StandardStreams.in().readLine(100).orElseThrow()));
                }
                case "flood" -> Heddle.run(Child::flood);
                case "exit" -> Heddle.run(() -> {
                    StandardStreams.out().write("last words");
                    System.exit(3);
                });
                case "close" -> Heddle.run(Child::close);
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void upper() {
            ByteStream in = StandardStreams.in();
            for (Optional<String> line = in.readLine(100); line.isPresent(); line = in.readLine(100)) {
                StandardStreams.out().write(line.get().toUpperCase(Locale.ROOT) + "\n");
            }
            StandardStreams.err().write("done\n");
        }

        private static void cancelAndReadOn() {
            boolean read = Heddle.moveOnAfter(Duration.ofMillis(5), () -> {
                StandardStreams.in().fill();
            });
            StandardStreams.out().write(read + "\n");
            StandardStreams.out().write(StandardStreams.in().readLine(100).orElseThrow() + "\n");
        }

        private static void flood() {
            try {
                while (true) {
                    StandardStreams.out().write("y\n".repeat(1000));
                }
            } catch (BrokenException e) {
                StandardStreams.err().write("the reader is gone\n");
            }
        }

        private static void close() {
            Task<Integer> reading = Heddle.spawn(() -> StandardStreams.in().fill().remaining());
            Fixtures.letOthersRun();
            StandardStreams.in().close();
            boolean closed = reading.awaitOutcome() instanceof Outcome.Failure<Integer>(Throwable failure)
                    && failure instanceof ClosedException;
            StandardStreams.out().write(closed + "\n");
        }
    }

    private static void withChild(SubprocessOptions options, String mode, ChildBody body) {
        Heddle.run(() -> {
            try (Subprocess child = JavaChild.start(options, Child.class, mode)) {
                body.run(child);
            }
        });
    }

    /** A test over a child. */
    interface ChildBody {
        void run(Subprocess child) throws Exception;
    }

    @Test
    void pipesAreReadAndWritten() {
        withChild(DEFAULT.withInput("one\ntwo\nthree"), "upper", child -> {
            // The last line has no end, which readLine tells.
            Subprocess.Result result = child.communicate();
            assertEquals("ONE\nTWO\n", result.text());
            assertTrue(result.errorText().contains("EndOfStreamException"), result.errorText());
        });
    }

    @Test
    void filesAreReadAndWritten() throws Exception {
        Path in = Files.writeString(Files.createTempFile("heddle", "in"), "from a file\n");
        Path out = Files.createTempFile("heddle", "out");
        try {
            SubprocessOptions options = DEFAULT.withStdin(Stdio.file(in)).withStdout(Stdio.file(out));
            withChild(options, "upper", child -> {
                assertEquals("done\n", child.communicate().check().errorText());
                assertEquals("FROM A FILE\n", Files.readString(out));
            });
        } finally {
            Files.delete(in);
            Files.delete(out);
        }
    }

    @Test
    void nothingIsReadFromNowhere() {
        withChild(DEFAULT, "upper", child -> assertEquals("done\n", child.communicate().check().errorText()));
    }

    @Test
    void whatComesAfterACancelledReadIsKept() {
        withChild(SubprocessOptions.PIPED, "cancel", child -> {
            assertEquals("false", child.stdout().readLine(100).orElseThrow());
            child.stdin().write("kept\n");
            assertEquals("kept", child.stdout().readLine(100).orElseThrow());
        });
    }

    @Test
    void readerThatIsGoneBreaksTheOutput() {
        withChild(SubprocessOptions.PIPED.withStderr(Stdio.PIPE), "flood", child -> {
            assertEquals("y", child.stdout().readLine(100).orElseThrow());
            child.stdout().close();
            assertEquals("the reader is gone", child.stderr().readLine(100).orElseThrow());
            assertEquals(0, child.await().code());
        });
    }

    @Test
    void lastWordsBeforeAnExitAreNotLost() {
        withChild(DEFAULT, "exit", child -> {
            Subprocess.Result result = child.communicate();
            assertEquals("last words", result.text());
            assertEquals(3, result.code());
        });
    }

    @Test
    void secondLoopReadsOn() {
        withChild(SubprocessOptions.PIPED, "again", child -> {
            child.stdin().write("first\n");
            assertEquals("first", new String(child.stdout().readExactly(5)));
            child.stdin().write("second\n");
            assertEquals("second", new String(child.stdout().readExactly(6)));
            assertEquals(0, child.await().code());
        });
    }

    @Test
    void closingEndsAWait() {
        withChild(SubprocessOptions.PIPED, "close", child -> {
            // Its input stays open, or the wait would end by itself.
            assertEquals("true", child.stdout().readLine(100).orElseThrow());
        });
    }

    @Test
    void simulatedLoopsHaveNone() {
        ManualEngine.run(() -> {
            assertThrows(UnsupportedOperationException.class, StandardStreams::in);
            assertTrue(assertThrows(UnsupportedOperationException.class, () -> Subprocess.run("true"))
                    .getMessage()
                    .contains("starts no processes"));
        });
    }
}
