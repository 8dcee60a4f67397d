package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.FailureException;
import dev.heddle.observe.internal.LineChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that answers as it should, and such that say nothing, stop in the midst, or talk rubbish. */
final class ProgramAnswerTest {

    private static final long SHORT_MILLIS = 30;

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerSocketChannel server;
    private Program program;

    @BeforeEach
    void listen() throws IOException {
        Path socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1);
        program = new Program(ProcessHandle.current().pid(), socket);
        open.add(server);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    /** The answer of a program that sends this and ends the connection. */
    private ProgramAnswer answer(String sent) throws IOException {
        ProgramAnswer answer = program.ask("tree", Map.of());
        open.add(answer);
        try (SocketChannel channel = server.accept()) {
            channel.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    private static String failure(ProgramAnswer answer) {
        return String.valueOf(assertThrows(FailureException.class, answer::next).getMessage());
    }

    @Test
    void requestIsOneLineWithItsValuesEncoded() throws IOException {
        open.add(program.ask("cancel", Map.of("loop", "a b=c\n%é+", "task", "7")));
        try (SocketChannel channel = server.accept()) {
            ByteBuffer bytes = ByteBuffer.allocate(1000);
            channel.read(bytes);
            assertEquals(
                    "cancel loop=a%20b%3Dc%0A%25%C3%A9%2B task=7\n",
                    StandardCharsets.UTF_8.decode(bytes.flip()).toString());
        }
    }

    @Test
    void linesComeUntilTheEnd() throws IOException {
        ProgramAnswer answer = answer("{\"kind\":\"task\",\"id\":1}\n{\"kind\":\"round\"}\n{\"kind\":\"end\"}\n");

        assertEquals(1, answer.next().number("id"));
        assertEquals("{\"kind\":\"task\",\"id\":1}", answer.json());
        assertEquals("round", answer.next().kind());
        assertNull(answer.next());
    }

    @Test
    void errorOfTheProgramIsTheFailure() throws IOException {
        assertEquals(
                program + " says: no such \u001bthing".replace('\u001b', '?'),
                failure(answer("{\"kind\":\"error\",\"message\":\"no such \\u001bthing\"}\n")));
    }

    @Test
    void answerThatBreaksOffIsAFailure() throws IOException {
        ProgramAnswer answer = answer("{\"kind\":\"task\"}\n{\"kind\":");

        assertEquals("task", answer.next().kind());
        assertTrue(failure(answer).startsWith(program + ": it ended the connection in the midst of its answer"));
    }

    @Test
    void rubbishIsAFailureAndNothingOfItReachesTheTerminal() throws IOException {
        String failure = failure(answer("\u001b[2Jrubbish\n"));

        assertTrue(failure.startsWith(program + ": no JSON: "), failure);
        assertTrue(failure.indexOf('\u001b') < 0, failure);
        assertTrue(failure(answer("x".repeat(100))).startsWith(program + ": "));
    }

    @Test
    void jsonThatIsPrintedHasNothingRaw() throws IOException {
        ProgramAnswer answer = answer("{\"kind\":\"task\",\"name\":\"a\u009bb\u202ec\u007f\ud83e\uddf5\"}\n");

        assertEquals("a?b?c?\ud83e\uddf5", answer.next().text("name"));
        assertEquals("{\"kind\":\"task\",\"name\":\"a\\u009bb\\u202ec\\u007f\ud83e\uddf5\"}", answer.json());
    }

    @Test
    void programThatSaysNothingIsGivenUp() throws IOException {
        try (LineChannel channel = LineChannel.open(program.socket(), "tree", SHORT_MILLIS);
                ProgramAnswer answer = new ProgramAnswer(program, channel, SHORT_MILLIS)) {
            String failure = failure(answer);
            assertTrue(failure.startsWith(program + " does not answer; jcmd "), failure);
            assertTrue(failure.contains("\nFrom outside: java"), failure);
        }
    }

    @Test
    void programThatLetsNobodyInIsGivenUp() throws IOException {
        SocketTimeoutException timeout = assertThrows(SocketTimeoutException.class, () -> {
            while (true) {
                open.add(LineChannel.open(program.socket(), "tree", SHORT_MILLIS));
            }
        });
        assertEquals("it does not answer", timeout.getMessage());
    }

    @Test
    void socketWhereNobodyListensIsAFailureAtOnce() throws IOException {
        server.close();

        assertThrows(ConnectException.class, () -> LineChannel.open(program.socket(), "tree", SHORT_MILLIS));
        String failure = String.valueOf(
                assertThrows(FailureException.class, () -> program.ask("tree", Map.of())).getMessage());
        assertTrue(failure.startsWith(program + " does not listen any more"), failure);
    }

    @Test
    void programThatRefusesBeforeItHearsIsHeard() throws Exception {
        Thread refusing = Thread.ofPlatform().daemon().start(() -> {
            try (SocketChannel channel = server.accept()) {
                channel.write(ByteBuffer
                        .wrap("{\"kind\":\"error\",\"message\":\"16 ask\"}\n".getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        // Longer than the system takes at once, so that it is refused while it is said.
        ProgramAnswer answer = program.ask("tree", Map.of("name", "x".repeat(1 << 20)));
        open.add(answer);
        refusing.join();

        assertEquals(program + " says: 16 ask", failure(answer));
    }

    @Test
    void lineWithoutAnEndIsGivenUp() throws IOException {
        ProgramAnswer answer = program.ask("tree", Map.of());
        open.add(answer);
        Thread.ofPlatform().daemon().start(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
            try (SocketChannel channel = server.accept()) {
                while (true) {
                    channel.write(bytes.clear());
                }
            } catch (IOException e) {
                // The reader has gone.
            }
        });
        String failure = failure(answer);
        answer.close();
        assertTrue(failure.startsWith(program + ": it sent a line of more than 4194304 bytes"), failure);
    }
}
