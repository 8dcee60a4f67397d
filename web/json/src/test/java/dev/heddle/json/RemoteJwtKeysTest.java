package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.auth.JwtAlgorithm;
import dev.heddle.http.auth.JwtAuthentication;
import dev.heddle.http.auth.JwtException;
import dev.heddle.http.auth.JwtVerifier;
import dev.heddle.http.auth.RemoteJwtKeys;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys of a provider are fetched, kept and changed, and no flood of tokens becomes a flood of fetches. */
final class RemoteJwtKeysTest {

    private final JwtSigner one = JwtSigner.of(JwtAlgorithm.ES256, "one");
    private final JwtSigner two = JwtSigner.of(JwtAlgorithm.EDDSA, "two");
    private final JwtSigner three = JwtSigner.of(JwtAlgorithm.RS256, "three");

    private final List<Object> published = new ArrayList<>(List.of(one.published()));
    private final Logger logger = Logger.getLogger("dev.heddle.http");

    private int fetches;
    private int status = 200;
    private Duration delay = Duration.ofMillis(100);
    private String issuer = "";

    @BeforeEach
    void beQuiet() {
        logger.setFilter(entry -> false);
    }

    @AfterEach
    void leave() {
        logger.setFilter(null);
    }

    private interface Body {
        void run(HttpClient http, String base) throws Exception;
    }

    private void provider(Body body) {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/keys", request -> {
                        fetches++;
                        Heddle.sleep(delay);
                        return Response.json(Map.of("keys", published)).withStatus(status);
                    })
                    .get("/.well-known/openid-configuration", request -> Response.json(Map.of(
                            "issuer", issuer,
                            "jwks_uri", "http://" + request.host().orElseThrow() + "/keys")))
                    .get("/elsewhere", request -> Response.redirect(302, "/keys"))
                    .start("127.0.0.1", 0);
            try (var http = HttpClient.create()) {
                body.run(http, "http://127.0.0.1:" + server.port());
            } finally {
                server.stop(Duration.ZERO);
            }
        });
    }

    private static JwtVerifier verifier(HttpClient http, String url) {
        return JwtVerifier.of(RemoteJwtKeys.of(http, url), JwtSigner.ISSUER, JwtSigner.AUDIENCE);
    }

    @Test
    void keysAreFetchedOnceHoweverManyWait() {
        provider((http, base) -> {
            JwtVerifier verifier = verifier(http, base + "/keys");
            List<Integer> hundred = IntStream.range(0, 100).boxed().toList();
            Heddle.map(hundred, 100, i -> verifier.verify(one.good("ada")));
            assertEquals(1, fetches);
        });
    }

    @Test
    void newKeyOfAProviderIsFoundAndAFloodOfUnknownOnesFetchesOnceInThirtySeconds() {
        provider((http, base) -> {
            JwtVerifier verifier = verifier(http, base + "/keys");
            verifier.verify(one.good("ada"));
            published.add(two.published());
            published.add(three.published());
            assertThrows(JwtException.class, () -> verifier.verify(two.good("ada")));
            Heddle.sleep(Duration.ofSeconds(30));
            assertEquals("ada", verifier.verify(two.good("ada")).subject());
            assertEquals("ada", verifier.verify(three.good("ada")).subject());
            assertEquals(2, fetches);
            JwtSigner eve = JwtSigner.of(JwtAlgorithm.ES256, "eve");
            for (int i = 0; i < 170; i++) {
                assertThrows(JwtException.class, () -> verifier.verify(eve.good("eve")));
                Heddle.sleep(Duration.ofMillis(400));
            }
            assertEquals(4, fetches);
            assertEquals("ada", verifier.verify(one.good("ada")).subject());
        });
    }

    @Test
    void keyThatWasTakenBackCountsNoLongerThanTheKeysAreKeptAndNobodyWaitsForTheFetch() {
        provider((http, base) -> {
            JwtVerifier verifier = verifier(http, base + "/keys");
            verifier.verify(one.good("ada"));
            published.set(0, two.published());
            Heddle.sleep(Duration.ofMinutes(11));
            long before = Heddle.currentLoop().nanoTime();
            verifier.verify(one.good("ada")); // the old keys, while the new ones come
            assertEquals(before, Heddle.currentLoop().nanoTime());
            Heddle.sleep(Duration.ofSeconds(1));
            assertThrows(JwtException.class, () -> verifier.verify(one.good("ada")));
            assertEquals("ada", verifier.verify(two.good("ada")).subject());
        });
    }

    @Test
    void keysCountForADayWhereTheProviderIsGone() {
        provider((http, base) -> {
            JwtVerifier verifier = verifier(http, base + "/keys");
            verifier.verify(one.good("ada"));
            status = 500;
            Heddle.sleep(Duration.ofHours(23));
            verifier.verify(one.good("ada"));
            Heddle.sleep(Duration.ofHours(1));
            assertThrows(BrokenException.class, () -> verifier.verify(one.good("ada")));
            status = 200;
            Heddle.sleep(Duration.ofSeconds(5));
            assertEquals("ada", verifier.verify(one.good("ada")).subject());
        });
    }

    @Test
    void withoutKeysTheAnswerIs503AndTheProviderIsNotFlooded() {
        status = 404;
        provider((http, base) -> {
            var routes = Routes.create()
                    .use(JwtAuthentication.of("api", verifier(http, base + "/keys")))
                    .get("/", request -> Response.text("hello"));
            try (var client = TestClient.of(routes)) {
                for (int i = 0; i < 10; i++) {
                    Reply refused = client.request("GET", "/").bearerAuth(one.good("ada")).send();
                    assertEquals(503, refused.status());
                    assertEquals("30", refused.headers().first("Retry-After"));
                    Heddle.sleep(Duration.ofSeconds(1));
                }
                assertTrue(fetches <= 2, "fetches " + fetches);
            }
        });
    }

    @Test
    void callThatIsCancelledLeavesTheFetchToTheOthers() {
        delay = Duration.ofSeconds(2);
        provider((http, base) -> {
            JwtVerifier verifier = verifier(http, base + "/keys");
            boolean done = Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                verifier.verify(one.good("ada"));
            });
            assertTrue(!done);
            assertEquals("ada", verifier.verify(one.good("ada")).subject());
            assertEquals(1, fetches);
        });
    }

    @Test
    void providerThatHangsIsWaitedForTenSeconds() {
        delay = Duration.ofHours(1);
        provider((http, base) -> {
            long before = Heddle.currentLoop().nanoTime();
            assertThrows(BrokenException.class, () -> verifier(http, base + "/keys").verify(one.good("ada")));
            assertEquals(10, Duration.ofNanos(Heddle.currentLoop().nanoTime() - before).toSeconds());
        });
    }

    @Test
    void issuerSaysWhereItsKeysAreAndMustBeWhoWasAsked() {
        provider((http, base) -> {
            issuer = base;
            var keys = RemoteJwtKeys.ofIssuer(http, base);
            Map<String, Object> claims = JwtSigner.claims("ada");
            claims.put("iss", base);
            assertEquals("ada", JwtVerifier.of(keys, base, "shop").verify(one.sign(claims)).subject());
            issuer = "https://other.test";
            var other = JwtVerifier.of(RemoteJwtKeys.ofIssuer(http, base), base, "shop");
            assertThrows(BrokenException.class, () -> other.verify(one.sign(claims)));
        });
    }

    @Test
    void keysComeByHttpsOnlyAndFromWhereOneAskedAndAreNotTooLong() {
        provider((http, base) -> {
            for (String bad : List.of("http://example.com/keys", "http://127.evil.test/", "https://a:b@example.com/",
                    "file:///etc/passwd", "ftp://localhost/")) {
                assertThrows(IllegalArgumentException.class, () -> RemoteJwtKeys.of(http, bad), bad);
            }
            assertThrows(BrokenException.class, () -> verifier(http, base + "/elsewhere").verify(one.good("ada")));
            published.addAll(Collections.nCopies(100, two.published()));
            assertThrows(BrokenException.class, () -> verifier(http, base + "/keys").verify(one.good("ada")));
            published.clear();
            published.add(Map.of("x5c", "x".repeat(RemoteJwtKeys.MAX_BYTES)));
            assertThrows(BrokenException.class, () -> verifier(http, base + "/keys").verify(one.good("ada")));
        });
    }

    @Test
    void keysOfOtherKindsAndUsesAndBrokenOnesAreSkipped() {
        List<Map<String, Object>> others = new ArrayList<>();
        String[][] changes = {{"use", "enc"}, {"kty", "oct"}, {"alg", "ES384"}, {"crv", "P-384"}, {"alg", "ML-DSA-65"},
                {"kty", "AKP"}, {"x", "AAAA"},
                {"x", "not base64!"}, {"y", one.published().get("x")}};
        for (String[] change : changes) {
            var key = new HashMap<String, Object>(one.published());
            key.put(change[0], change[1]);
            others.add(key);
        }
        var weak = new HashMap<String, Object>(three.published());
        weak.put("n", JwtSigner.encoded(new byte[]{1, 2, 3}));
        others.add(weak);
        var secret = new HashMap<String, Object>(Map.of("kty", "oct", "alg", "HS256", "k", "x".repeat(43)));
        others.add(secret);
        provider((http, base) -> {
            for (Map<String, Object> other : others) {
                published.clear();
                published.add(other);
                JwtVerifier verifier = verifier(http, base + "/keys");
                for (JwtSigner each : List.of(one, three)) {
                    assertThrows(JwtException.class, () -> verifier.verify(each.good("eve")), other.toString());
                }
            }
            published.clear();
            published.addAll(others);
            published.add("no object");
            published.add(one.published());
            assertEquals("ada", verifier(http, base + "/keys").verify(one.good("ada")).subject());
        });
    }
}
