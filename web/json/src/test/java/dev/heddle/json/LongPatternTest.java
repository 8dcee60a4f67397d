package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.http.JsonException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.sync.Event;
import jakarta.validation.constraints.Pattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pattern that takes long holds no loop, and who reads in the middle of it can be cancelled. */
final class LongPatternTest {

    private static final String NO_END = "a".repeat(PatternSteps.MAX_TEXT);

    record Text(@Pattern(regexp = "(a+)+b") String text, String padding) {}

    record Texts(List<@Pattern(regexp = "(a|b|c)*d") String> texts) {}

    /** Of which the pattern has millions of looks. */
    private static final String DOCUMENT = "{\"text\":\"" + NO_END + "\",\"padding\":\"" + "x".repeat(500_000) + "\"}";

    private final JacksonCodec codec = new JacksonCodec();

    private Object read(String document, Class<?> type) {
        return codec.readRequest(document.getBytes(StandardCharsets.UTF_8), type);
    }

    @Test
    void othersHaveTheirTurnsMeanwhile() {
        Heddle.run(() -> {
            int[] turns = new int[1];
            Task<Void> other = Heddle.spawn(() -> {
                while (true) {
                    turns[0]++;
                    Heddle.checkpoint();
                }
            });
            assertThrows(JsonException.class, () -> read(DOCUMENT, Text.class));
            int inOne = turns[0];
            assertTrue(inOne >= 100, inOne + " turns");
            String text = "\"" + "abc".repeat(50) + "d\",";
            read("{\"texts\":[" + text.repeat(500) + "\"d\"]}", Texts.class);
            assertTrue(turns[0] >= inOne + 5, turns[0] - inOne + " turns");
            other.cancel();
        });
    }

    @Test
    void cancelComesInTheMiddleAndIsNoRefusal() {
        Heddle.run(() -> {
            Task<Object> reading = Heddle.spawn(() -> read(DOCUMENT, Text.class));
            Heddle.checkpoint();
            assertFalse(reading.isDone());
            reading.cancel();
            assertInstanceOf(Outcome.Cancelled.class, reading.awaitOutcome());
            assertFalse(Heddle.moveOnAfter(Duration.ofNanos(1), () -> {
                read(DOCUMENT, Text.class);
            }));
        });
    }

    @Test
    void interruptIsTheCancelOfAThread() {
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, () -> read(DOCUMENT, Text.class));
        assertTrue(Thread.interrupted());
        assertThrows(JsonException.class, () -> read(DOCUMENT, Text.class));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestThatIsLateInTheMiddleIsAnsweredAsALateOne(boolean http2) {
        Heddle.run(() -> {
            var late = RouteOptions.DEFAULT.withDeadline(Duration.ofMillis(1));
            HttpClient.Builder options = HttpClient.builder();
            try (HttpServer server = HttpServer.builder()
                    .post("/", late, request -> Response.json(request.json(Text.class)))
                    .post("/patient", request -> Response.json(request.json(Text.class)))
                    .start("127.0.0.1", 0);
                    HttpClient http = (http2 ? options.http2PriorKnowledge() : options).build()) {
                String url = "http://127.0.0.1:" + server.port();
                Reply reply = http.request("POST", url + "/").json(DOCUMENT).send();
                assertEquals(503, reply.status(), reply.text());
                Reply patient = http.request("POST", url + "/patient").json(DOCUMENT).send();
                assertEquals(400, patient.status());
                assertTrue(patient.text().contains("given up after too many steps"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatIsGoneEndsIt(boolean http2) {
        Heddle.run(() -> {
            var begun = Event.create();
            var cancelled = Event.create();
            var watched = RouteOptions.DEFAULT.withOnDisconnect(RouteOptions.OnDisconnect.CANCEL);
            HttpClient.Builder options = HttpClient.builder();
            try (HttpServer server = HttpServer.builder()
                    .post("/", watched, request -> {
                        byte[] document = request.bytes(1 << 20);
                        begun.set();
                        while (true) { // until the client is seen to be gone
                            try {
                                codec.readRequest(document, Text.class);
                            } catch (JsonException givenUp) {
                                assertTrue(givenUp.text().contains("given up"));
                            } catch (CancelledException e) {
                                cancelled.set();
                                throw e;
                            }
                        }
                    })
                    .start("127.0.0.1", 0);
                    HttpClient http = (http2 ? options.http2PriorKnowledge() : options).build()) {
                Task<Reply> asking = Heddle.spawn(
                        () -> http.request("POST", "http://127.0.0.1:" + server.port()).json(DOCUMENT).send());
                begun.await();
                asking.cancel();
                cancelled.await();
                asking.awaitOutcome();
            }
        });
    }
}
