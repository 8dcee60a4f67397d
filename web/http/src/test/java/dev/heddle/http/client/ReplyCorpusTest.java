package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.CorpusFile;
import dev.heddle.http.Wire;
import dev.heddle.http.WireNotation;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code bad-replies}: replies that a client must not trust, and odd ones that are good. Each gets its
 * verdict whole, cut in two at any byte, and byte by byte.
 *
 * <p>The facts of a file: {@code to} is the method of the request; {@code behind} whether the server then leaves the
 * connection {@code open} or makes an {@code end}; {@code result} the status and body, or the name of the exception;
 * {@code kept} whether the next request goes over the same connection. That next one must always get its own answer.
 */
@LeavesNothing
final class ReplyCorpusTest {

    private static final String NEXT_ANSWER = "HTTP/1.1 298 next\r\nContent-Length: 0\r\n\r\n";
    private static final byte[] HEAD_END = Wire.latin1("\r\n\r\n");
    private static final Duration TURN = Duration.ofNanos(10);

    /** Byte by byte only up to this length; what is longer has its limits tested so elsewhere. */
    private static final int MAX_BYTE_BY_BYTE = 20_000;

    static List<CorpusFile> files() {
        return CorpusFile.all("bad-replies");
    }

    @Test
    void corpusIsWhole() {
        assertTrue(files().size() >= 140, "files: " + files().size());
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasItsVerdictHoweverItIsCut(CorpusFile file) {
        String expected = WireNotation.text(file.fact("result")) + ", kept: " + file.fact("kept");
        byte[] bytes = file.bytes();
        Sim.run(() -> {
            // One client for all: each has buffers outside of the heap.
            try (Replay replay = new Replay(file)) {
                assertEquals(expected, replay.verdict(bytes), "whole");
                for (int cut : file.cuts()) {
                    byte[] head = Arrays.copyOf(bytes, cut);
                    byte[] tail = Arrays.copyOfRange(bytes, cut, bytes.length);
                    assertEquals(expected, replay.verdict(head, tail), "cut at " + cut);
                }
                if (bytes.length <= MAX_BYTE_BY_BYTE) {
                    assertEquals(expected, replay.verdict(singles(bytes)), "byte by byte");
                }
            }
        });
    }

    private static byte[][] singles(byte[] bytes) {
        var singles = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            singles[i] = new byte[]{bytes[i]};
        }
        return singles;
    }

    /** A server that gives the file to the first request and a plain answer to all others, and the client that asks. */
    private static final class Replay implements AutoCloseable {

        private final CorpusFile file;
        private final HttpClient http = HttpClient.builder().connector((host, port) -> connection()).build();
        private final List<Task<?>> tasks = new ArrayList<>();
        private byte[][] pieces = {};
        private int hosts;

        Replay(CorpusFile file) {
            this.file = file;
        }

        /** What comes of the pieces, at a host that was never asked before. */
        String verdict(byte[]... pieces) {
            this.pieces = pieces;
            String host = "http://a" + hosts++;
            try {
                String result = result(host);
                // What is still on its way has come when virtual time has passed.
                Heddle.sleep(Duration.ofMillis(1));
                assertEquals(298, http.get(host + "/next").status());
                return result + ", kept: " + (tasks.size() == 1 ? "yes" : "no");
            } finally {
                tasks.forEach(Task::cancel);
                tasks.clear();
            }
        }

        @Override
        public void close() {
            http.close();
        }

        private String result(String host) {
            try (Reply reply = http.request(file.fact("to", "GET"), host + "/first").send()) {
                String body = Wire.text(reply.bytes());
                return reply.status() + (body.isEmpty() ? "" : " " + body);
            } catch (HeddleException e) {
                return e.getClass().getSimpleName();
            }
        }

        private ByteStream connection() {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            boolean first = tasks.isEmpty();
            tasks.add(Heddle.currentLoop().spawn(() -> {
                try (ByteStream stream = pair.right()) {
                    if (!first || answerFirst(stream)) {
                        answerNext(stream);
                    }
                } catch (BrokenException | ClosedException gone) {
                    // The client has had enough, as it may.
                }
                return true;
            }));
            return pair.left();
        }

        private boolean answerFirst(ByteStream stream) {
            stream.readUntil(HEAD_END, 10_000);
            for (byte[] piece : pieces) {
                stream.write(piece);
                Heddle.sleep(TURN);
            }
            if (file.fact("behind", "open").equals("end")) {
                stream.closeOutput();
                return false;
            }
            return true;
        }

        private static void answerNext(ByteStream stream) {
            if (stream.fill().hasRemaining()) {
                stream.readUntil(HEAD_END, 10_000);
                stream.write(NEXT_ANSWER);
                stream.fill();
            }
        }
    }
}
