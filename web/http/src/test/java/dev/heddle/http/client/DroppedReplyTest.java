package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A reply that is dropped, neither read nor closed, is told once and gives its connection back. */
@Tag("full")
final class DroppedReplyTest {

    private final List<String> told = new CopyOnWriteArrayList<>();

    static Stream<Arguments> engines() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty())
                .flatMap(offer -> Stream.of(false, true).map(http2 -> Arguments.of(offer.name(), http2)));
    }

    private static HttpClient client(boolean http2) {
        HttpClient.Builder options = HttpClient.builder().limits(ClientLimits.DEFAULT.withMaxConnectionsPerHost(1));
        return (http2 ? options.http2PriorKnowledge() : options).build();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void droppedReplyIsToldAndLetsOthersHaveItsConnection(String engine, boolean http2) {
        Config config = Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine))
                .withFailureHandler((what, failure) -> told.add(what));
        Heddle.run(config, () -> {
            HttpServer.Builder routes = HttpServer.builder()
                    .http2(Http2Limits.DEFAULT.withMaxStreams(1))
                    .get("/big", request -> Response.bytes("a/b", new byte[10_000_000]))
                    .get("/small", request -> Response.text("small"));
            try (HttpServer server = routes.start("127.0.0.1", 0); HttpClient http = client(http2)) {
                String url = "http://127.0.0.1:" + server.port();
                Heddle.spawn("careless", () -> http.get(url + "/big").status()).join();
                var small = Heddle.spawn(() -> http.get(url + "/small").text());
                Heddle.timeout(Duration.ofSeconds(60), () -> {
                    while (!small.isDone()) {
                        Heddle.offload(System::gc);
                        Heddle.sleep(Duration.ofMillis(50));
                    }
                });
                assertEquals("small", small.join());
                List<String> dropped = told.stream().filter(what -> what.contains("dropped")).toList();
                assertEquals(1, dropped.size(), dropped::toString);
                assertTrue(dropped.getFirst().startsWith("the reply to GET " + url + "/big, for "), dropped::toString);
                assertTrue(dropped.getFirst().contains("of task careless, which has ended, was dropped"),
                        dropped::toString);
            }
        });
    }

    /** The body of a request that goes up meanwhile is no reason, nor is a reader that waits. */
    @ParameterizedTest
    @MethodSource("engines")
    void replyThatATaskReadsIsNotDropped(String engine, boolean http2) {
        Config config = Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine))
                .withFailureHandler((what, failure) -> told.add(what));
        Heddle.run(config, () -> {
            HttpServer.Builder routes = HttpServer.builder().get("/slow", request -> Response.stream("a/b", out -> {
                for (int i = 0; i < 10; i++) {
                    out.write(new byte[10_000]);
                    out.flush();
                    Heddle.sleep(Duration.ofMillis(50));
                }
            }));
            try (HttpServer server = routes.start("127.0.0.1", 0); HttpClient http = client(http2)) {
                String url = "http://127.0.0.1:" + server.port();
                var reading = Heddle.spawn(() -> http.get(url + "/slow").bytes().length);
                while (!reading.isDone()) {
                    Heddle.offload(System::gc);
                    Heddle.sleep(Duration.ofMillis(20));
                }
                assertEquals(100_000, reading.join());
                assertTrue(told.stream().noneMatch(what -> what.contains("dropped")), told::toString);
            }
        });
    }
}
