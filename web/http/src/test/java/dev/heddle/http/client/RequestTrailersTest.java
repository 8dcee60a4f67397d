package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Headers;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields behind the body of a request (RFC 9110, section 6.5), in both versions of HTTP. */
@LeavesNothing
final class RequestTrailersTest {

    private static String shown(Headers fields) {
        var text = new StringBuilder();
        fields.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }

    private interface Body {
        void run(HttpClient http);
    }

    private final HttpServer.Builder server = HttpServer.builder()
            .post("/", r -> Response.text(r.text(1 << 20).length() + shown(r.trailers())))
            .get("/te", r -> Response.text(r.headers().all("TE") + " " + r.headers().all("Connection")));

    private void play(boolean http2, Body body) {
        Sim.run(() -> {
            HttpClient.Builder client = HttpClient.builder();
            try (HttpServer _ = server.start("127.0.0.1", 80);
                    Proxying gateway = Proxying.to(Upstreams.of("http://127.0.0.1"));
                    HttpServer _ = HttpServer.builder().any("/{path...}", gateway).any("/", gateway)
                            .start("127.0.0.1", 81);
                    HttpClient http = (http2 ? client.http2PriorKnowledge() : client).build()) {
                body.run(http);
            }
        });
    }

    private static ClientRequest posted(HttpClient http, int port, int bytes) {
        return http.request("POST", "http://127.0.0.1:" + port + "/").body(out -> out.write(new byte[bytes]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsKnownAtTheEndArrives(boolean http2) {
        play(http2, http -> {
            for (int bytes : new int[]{0, 1, 100_000}) {
                List<String> order = new ArrayList<>();
                String heard = http.request("POST", "http://127.0.0.1/").body(out -> {
                    out.write("x".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
                    order.add("written");
                }).trailers(() -> {
                    order.add("asked");
                    return Headers.of("x-sum", "7", "x-other", "ä");
                }).send().text();
                assertEquals(List.of("written", "asked"), order);
                assertEquals(bytes + " x-sum=7 x-other=ä", heard);
            }
            // The connection goes on.
            assertEquals("3", posted(http, 80, 3).trailers(() -> Headers.EMPTY).send().text());
            assertEquals(1, http.statistics().opened());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fieldThatHasNoPlaceThereFailsTheRequest(boolean http2) {
        play(http2, http -> {
            Supplier<Headers> bad = () -> Headers.of("Authorization", "me");
            var e = assertThrows(RuntimeException.class, () -> posted(http, 80, 3).trailers(bad).send());
            assertTrue(String.valueOf(e.getCause() == null ? e : e.getCause()).contains("Authorization"), e.toString());
            assertEquals("3", posted(http, 80, 3).send().text());
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gatewayPassesThemOnButNotWhatOnlyGatewaysSay(boolean http2) {
        play(http2, http -> {
            String heard = posted(http, 81, 3)
                    .trailers(() -> Headers.of("x-sum", "7", "X-Forwarded-For", "1.2.3.4", "x_real_ip", "1.2.3.4"))
                    .send().text();
            assertEquals("3 x-sum=7", heard);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wishForThemIsSaidAndSaidAnewByAGateway(boolean http2) {
        play(http2, http -> {
            assertEquals(http2 ? "[trailers] []" : "[trailers] [TE]",
                    http.request("GET", "http://127.0.0.1/te").acceptTrailers().send().text());
            assertEquals("[trailers] [TE]",
                    http.request("GET", "http://127.0.0.1:81/te").acceptTrailers().send().text());
            assertEquals("[] []", http.get("http://127.0.0.1:81/te").text());
        });
    }

    @Test
    void bodyOfKnownLengthHasNone() {
        play(false, http -> {
            Supplier<Headers> some = () -> Headers.of("x-sum", "7");
            ClientRequest bytes = http.request("POST", "http://127.0.0.1/").body("abc");
            assertThrows(IllegalStateException.class, () -> bytes.trailers(some));
            ClientRequest known = http.request("POST", "http://127.0.0.1/").bodyOnce(3, out -> out.write(new byte[3]));
            assertThrows(IllegalStateException.class, () -> known.trailers(some));
            ClientRequest none = http.request("POST", "http://127.0.0.1/");
            assertThrows(IllegalStateException.class, () -> none.trailers(some));
        });
    }
}
