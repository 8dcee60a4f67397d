package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code bad-requests}: bad requests, and odd ones that are good. Each gets its verdict whole, cut in two
 * at any byte, and byte by byte.
 *
 * <p>The facts of a file: {@code answers} are the statuses that come, in order; {@code seen} the requests that reach
 * the handler; {@code behind} what follows the message, another request unless it says {@code silence} or the {@code
 * end} of the stream; {@code end} whether the connection is then {@code open}, so that the request behind is answered,
 * or {@code closed}, so that it must not be.
 */
@LeavesNothing
final class RequestCorpusTest {

    private static final String BEHIND = "GET /behind HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final Duration TURN = Duration.ofNanos(10);

    /** Byte by byte only up to this length; what is longer has its limits tested so elsewhere. */
    private static final int MAX_BYTE_BY_BYTE = 20_000;

    private final List<String> seen = new ArrayList<>();

    static List<CorpusFile> files() {
        return CorpusFile.all("bad-requests");
    }

    @Test
    void corpusIsWhole() {
        assertTrue(files().size() >= 350, "files: " + files().size());
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasItsVerdictHoweverItIsCut(CorpusFile file) {
        String verdict = expected(file);
        Sim.run(() -> {
            HttpServer server = server();
            assertEquals(verdict, verdict(server, file, file.bytes()), "whole");
            for (int cut : file.cuts()) {
                byte[] head = Arrays.copyOf(file.bytes(), cut);
                byte[] tail = Arrays.copyOfRange(file.bytes(), cut, file.bytes().length);
                assertEquals(verdict, verdict(server, file, head, tail), "cut at " + cut);
            }
            if (file.bytes().length <= MAX_BYTE_BY_BYTE) {
                assertEquals(verdict, verdict(server, file, singles(file.bytes())), "byte by byte");
            }
        });
    }

    private HttpServer server() {
        var builder = HttpServer.builder().http1Only().limits(ServerLimits.DEFAULT.withMaxBodyBytes(64 * 1024));
        for (String method : List.of("GET", "POST", "OPTIONS")) {
            builder.route(method, "/", this::note).route(method, "/{path...}", this::note);
        }
        return builder.build();
    }

    private Response note(Request request) {
        String field = request.header("X").map(x -> " X=" + x).orElse("");
        String body = request.text(1 << 20);
        seen.add(request.method() + " " + request.target() + field + (body.isEmpty() ? "" : " " + body));
        return Response.text("ok");
    }

    private static String expected(CorpusFile file) {
        boolean open = file.fact("end").equals("open");
        var seen = new ArrayList<>(file.facts("seen").stream().map(RequestCorpusTest::unfold).toList());
        if (open) {
            seen.add("GET /behind");
        }
        return file.fact("answers") + (open ? " 200" : "") + "\n" + String.join("\n", seen);
    }

    /** A fact in the notation; a repetition may begin anywhere in it. */
    private static String unfold(String fact) {
        int at = fact.indexOf("\\*");
        return at < 0
                ? WireNotation.text(fact)
                : WireNotation.text(fact.substring(0, at)) + WireNotation.text(fact.substring(at));
    }

    /** The statuses that came, and on a line each the requests that the handler saw. */
    private String verdict(HttpServer server, CorpusFile file, byte[]... pieces) {
        seen.clear();
        try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
            ByteStream peer = pair.left();
            Task<Void> connection = Heddle.spawn(() -> server.serve(pair.right()));
            Task<Void> sending = Heddle.spawn(() -> send(peer, file.fact("behind", "next"), pieces));
            String answer = Wire.text(peer.readAll(1 << 20));
            sending.cancel();
            connection.join();
            // Either the message made the server close, or the request behind it asked for that.
            assertTrue(answer.lastIndexOf("\r\nConnection: close\r\n") > answer.lastIndexOf("HTTP/1.1 "), answer);
            return statuses(answer) + "\n" + String.join("\n", seen);
        }
    }

    private static void send(ByteStream peer, String behind, byte[]... pieces) {
        try {
            for (byte[] piece : pieces) {
                peer.write(piece);
                // Virtual time passes only when the server has taken the piece and waits.
                Heddle.sleep(TURN);
            }
            switch (behind) {
                case "next" -> peer.write(Wire.latin1(BEHIND));
                case "end" -> peer.closeOutput();
                case "silence" -> {}
                default -> throw new IllegalArgumentException(behind);
            }
        } catch (BrokenException | ClosedException gone) {
            // The server has had enough, as it may.
        }
    }

    private static String statuses(String answer) {
        return STATUS_LINE.matcher(answer).results().map(r -> r.group(1)).reduce((a, b) -> a + " " + b).orElse("");
    }

    private static byte[][] singles(byte[] bytes) {
        var singles = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            singles[i] = new byte[]{bytes[i]};
        }
        return singles;
    }
}
