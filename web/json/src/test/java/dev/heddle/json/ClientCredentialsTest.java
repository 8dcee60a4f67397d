package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.auth.ClientCredentials;
import dev.heddle.http.auth.TokenException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program's token is fetched once for all, kept until shortly before its end, and goes where it belongs. */
final class ClientCredentialsTest {

    private static final String SECRET = "s3cret:/ +";

    /** What the server of tokens has got: the Authorization field and the form. */
    private final List<String> asked = new ArrayList<>();

    private final Set<String> revoked = new HashSet<>();
    private final List<String> seenElsewhere = new ArrayList<>();

    private Duration delay = Duration.ofMillis(100);
    private Map<String, Object> answer = new HashMap<>(Map.of("token_type", "Bearer", "expires_in", 300));
    private int status = 200;

    private interface Body {
        void run(HttpClient tokens, String base) throws Exception;
    }

    private void provider(Body body) {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .post("/token", request -> {
                        asked.add(request.header("Authorization").orElse("none") + " "
                                + request.form().get("grant_type").orElse("") + " "
                                + request.form().get("scope").orElse("") + " "
                                + request.form().get("client_secret").orElse(""));
                        Heddle.sleep(delay);
                        var fields = new HashMap<>(answer);
                        fields.putIfAbsent("access_token", "t" + asked.size());
                        return Response.json(fields).withStatus(status);
                    })
                    .post("/elsewhere", request -> Response.redirect(307, "/token"))
                    .post("/long", request -> Response.text("x".repeat(ClientCredentials.MAX_BYTES + 1)))
                    .get("/api", this::api)
                    .get("/away", request -> Response.redirect(302, "http://localhost:" + request.query("port")
                            .orElseThrow() + "/caught"))
                    .start("127.0.0.1", 0);
            try (var tokens = HttpClient.create()) {
                body.run(tokens, "http://127.0.0.1:" + server.port());
            } finally {
                server.stop(Duration.ZERO);
            }
        });
    }

    private Response api(Request request) {
        String sent = request.header("Authorization").orElse("none");
        return revoked.contains(sent) || revoked.contains("all")
                ? Response.text("no").withStatus(401)
                        .withHeader("WWW-Authenticate", "Bearer realm=\"x\", error=\"invalid_token\"")
                : Response.text(sent);
    }

    private static HttpClient client(String base, ClientCredentials credentials) {
        return HttpClient.builder().auth(base, credentials).build();
    }

    private static ClientCredentials credentials(HttpClient tokens, String base) {
        return ClientCredentials.of(tokens, base + "/token", "me:1", SECRET);
    }

    @Test
    void tokenIsFetchedOnceForManyAndKeptUntilShortlyBeforeItsEnd() {
        provider((tokens, base) -> {
            try (var http = client(base, credentials(tokens, base).withScope("a b"))) {
                List<Integer> fifty = IntStream.range(0, 50).boxed().toList();
                Heddle.map(fifty, 50, i -> assertSays("Bearer t1", http, base));
                assertEquals(1, asked.size());
                String basic = Base64.getEncoder()
                        .encodeToString("me%3A1:s3cret%3A%2F+%2B".getBytes(StandardCharsets.UTF_8));
                assertEquals("Basic " + basic + " client_credentials a b ", asked.getFirst());

                Heddle.sleep(Duration.ofSeconds(268));
                assertSays("Bearer t1", http, base);
                Heddle.sleep(Duration.ofSeconds(2));
                assertSays("Bearer t2", http, base);
            }
        });
    }

    private static int assertSays(String expected, HttpClient http, String base) {
        assertEquals(expected, http.get(base + "/api").text());
        return 0;
    }

    @Test
    void lifeOfATokenIsUsedAsItIsSaid() {
        provider((tokens, base) -> {
            var lives = new HashMap<Object, Integer>(Map.of(20, 10, "100", 70, 0, 0, -5, 0, 40.9, 20));
            lives.put(Long.MAX_VALUE, 365 * 24 * 3600 - 30);
            lives.forEach((said, seconds) -> {
                asked.clear();
                answer.put("expires_in", said);
                delay = Duration.ZERO;
                try (var http = client(base, credentials(tokens, base))) {
                    http.get(base + "/api").text();
                    Heddle.sleep(Duration.ofSeconds(seconds).minusSeconds(1).isNegative()
                            ? Duration.ZERO
                            : Duration.ofSeconds(seconds).minusSeconds(1));
                    http.get(base + "/api").text();
                    assertEquals(seconds == 0 ? 2 : 1, asked.size(), said + "");
                    Heddle.sleep(Duration.ofSeconds(1));
                    http.get(base + "/api").text();
                    assertEquals(seconds == 0 ? 3 : 2, asked.size(), said + "");
                }
            });
            asked.clear();
            answer.remove("expires_in");
            try (var http = client(base, credentials(tokens, base))) {
                http.get(base + "/api").text();
                Heddle.sleep(Duration.ofMinutes(59));
                http.get(base + "/api").text();
                assertEquals(1, asked.size());
                Heddle.sleep(Duration.ofMinutes(1));
                http.get(base + "/api").text();
                assertEquals(2, asked.size());
            }
        });
    }

    @Test
    void cancelledWaiterLeavesTheFetchToTheOthers() {
        provider((tokens, base) -> {
            try (var http = client(base, credentials(tokens, base))) {
                Task<?> first = Heddle.spawn(() -> http.get(base + "/api").text());
                Heddle.sleep(Duration.ofMillis(20));
                Task<String> second = Heddle.spawn(() -> http.get(base + "/api").text());
                Heddle.sleep(Duration.ofMillis(20));
                first.cancel();
                assertEquals("Bearer t1", second.join());
                assertEquals(1, asked.size());
            }
        });
    }

    @Test
    void refusedTokenIsFetchedAnewOnceAndAServerThatRefusesAllIsNoFlood() {
        provider((tokens, base) -> {
            try (var http = client(base, credentials(tokens, base))) {
                assertSays("Bearer t1", http, base);
                revoked.add("Bearer t1");
                Heddle.map(IntStream.range(0, 20).boxed().toList(), 20, i -> assertSays("Bearer t2", http, base));
                assertEquals(2, asked.size());

                Heddle.sleep(Duration.ofSeconds(10));
                revoked.add("all");
                for (int i = 0; i < 20; i++) {
                    try (Reply reply = http.get(base + "/api")) {
                        assertEquals(401, reply.status());
                    }
                }
                assertEquals(3, asked.size());
            }
        });
    }

    @Test
    void secretIsPostedWhereThatIsWanted() {
        provider((tokens, base) -> {
            try (var http = client(base,
                    credentials(tokens, base).withPostedSecret().withParameter("audience", "x"))) {
                assertSays("Bearer t1", http, base);
                assertEquals("none client_credentials  " + SECRET, asked.getFirst());
            }
        });
    }

    @Test
    void tokenGoesToNoOtherOriginByARedirect() {
        provider((tokens, base) -> {
            HttpServer other = HttpServer.builder()
                    .get("/caught", request -> {
                        seenElsewhere.add(request.header("Authorization").orElse("none"));
                        return Response.text("caught");
                    })
                    .start("127.0.0.1", 0);
            try (var http = client(base, credentials(tokens, base))) {
                assertEquals("caught", http.request("GET", base + "/away")
                        .query("port", Integer.toString(other.port())).send().text());
                assertEquals(1, asked.size());
                assertEquals(List.of("none"), seenElsewhere);
            } finally {
                other.stop(Duration.ZERO);
            }
        });
    }

    @Test
    void refusalIsToldByNameToAllWhoWaitAndHasNoSecret() {
        provider((tokens, base) -> {
            status = 401;
            answer = Map.of("error", "invalid_client", "error_description", "wrong secret " + SECRET + "\r\n\u001b[2J");
            var me = credentials(tokens, base);
            try (var http = client(base, me)) {
                Task<String> other = Heddle.spawn(() -> assertThrows(TokenException.class,
                        () -> http.get(base + "/api")).error());
                var e = assertThrows(TokenException.class, () -> http.get(base + "/api"));
                assertEquals("invalid_client", e.error());
                assertEquals("invalid_client", other.join());
                assertTrue(e.description().startsWith("wrong secret ***"), e.description());
                assertTrue(e.getMessage().startsWith("GET " + base + "/api: " + base
                        + "/token gives no token: invalid_client (wrong secret ***"),
                        e.getMessage());
                assertTrue(e.getMessage().chars().allMatch(c -> c >= ' '), e.getMessage());
                assertFalse((e + " " + me + http).contains("s3cret"));
                assertEquals(1, asked.size());

                status = 200;
                answer = Map.of("token_type", "bearer");
                assertSays("Bearer t2", http, base);
            }
        });
    }

    @Test
    void tokenThatCannotBeUsedIsToldSo() {
        provider((tokens, base) -> {
            try (var http = client(base, credentials(tokens, base))) {
                for (Map<String, Object> bad : List.<Map<String, Object>>of(
                        Map.of("access_token", "x"),
                        Map.of("token_type", "mac"),
                        Map.of("token_type", "bearer", "access_token", ""),
                        Map.of("token_type", "bearer", "access_token", "a b"),
                        Map.of("token_type", "bearer", "access_token", "a\r\nX: y"),
                        Map.of("token_type", "bearer", "access_token", 5),
                        Map.of("token_type", "bearer", "expires_in", "soon"))) {
                    answer = bad;
                    var e = assertThrows(TokenException.class, () -> http.get(base + "/api"), bad.toString());
                    assertEquals("", e.error());
                }
            }
        });
    }

    @Test
    void whatIsNoAnswerOfAServerOfTokensIsAFailureOfTheConnection() {
        provider((tokens, base) -> {
            status = 503;
            assertBroken(tokens, base, "/token", "the answer is 503");
            assertBroken(tokens, base, "/elsewhere", "the answer is 307");
            assertBroken(tokens, base, "/long", "the response body is longer");
            assertEquals(1, asked.size(), "no redirect was followed with the secret");
            status = 200;
            delay = Duration.ofSeconds(20);
            assertBroken(tokens, base, "/token", "after 10 s");
        });
    }

    private static void assertBroken(HttpClient tokens, String base, String path, String why) {
        try (var http = client(base, ClientCredentials.of(tokens, base + path + "?key=hidden", "me", SECRET))) {
            var e = assertThrows(BrokenException.class, () -> http.get(base + "/api"));
            assertTrue(e.getMessage().startsWith("GET " + base + "/api: no token from " + base + path + ": "),
                    e.getMessage());
            assertFalse(e.getMessage().contains("hidden"), e.getMessage());
            assertTrue(path.equals("/long") || e.getMessage().contains(why), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "http://login.example/token", "ftp://login.example/", "https://me:pw@login.example/", "/token",
            "http://127.0.0.1.evil.example/", "http://localhost.evil.example/"
    })
    void secretGoesByHttpsOnly(String url) {
        try (var tokens = HttpClient.create()) {
            assertThrows(IllegalArgumentException.class, () -> ClientCredentials.of(tokens, url, "me", SECRET));
            var me = ClientCredentials.of(tokens, "https://login.example/token", "me", SECRET);
            assertThrows(IllegalArgumentException.class, () -> me.withScope("a").withScope("b"));
            assertThrows(IllegalArgumentException.class, () -> me.withParameter("client_secret", "b"));
            assertThrows(IllegalArgumentException.class, () -> me.withParameter("grant_type", "password"));
            assertEquals("ClientCredentials[me at https://login.example/token]", me.toString());
        }
    }
}
