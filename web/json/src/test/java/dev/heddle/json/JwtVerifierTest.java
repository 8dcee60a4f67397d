package dev.heddle.json;

import static dev.heddle.json.JwtSigner.claims;
import static dev.heddle.json.JwtSigner.encoded;
import static dev.heddle.json.JwtSigner.inSeconds;
import static dev.heddle.json.JwtSigner.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.auth.Jwt;
import dev.heddle.http.auth.JwtAlgorithm;
import dev.heddle.http.auth.JwtAuthentication;
import dev.heddle.http.auth.JwtException;
import dev.heddle.http.auth.JwtKey;
import dev.heddle.http.auth.JwtKeys;
import dev.heddle.http.auth.JwtVerifier;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.http.testing.TestTokens;
import dev.heddle.sim.Sim;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A token counts only if all of it is as it must be; in virtual time. */
final class JwtVerifierTest {

    private final JwtSigner signer = JwtSigner.of(JwtAlgorithm.HS256, "");

    private static JwtVerifier verifier(JwtKey... keys) {
        return JwtVerifier.of(JwtKeys.of(keys), JwtSigner.ISSUER, JwtSigner.AUDIENCE);
    }

    private static void assertRefused(String why, JwtVerifier verifier, String token) {
        JwtException refused = assertThrows(JwtException.class, () -> verifier.verify(token), token);
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    /** Whether claims, changed from good ones, are refused. */
    private void assertRefused(String why, String claim, Object value) {
        Map<String, Object> claims = claims("ada");
        claims.put(claim, value);
        assertRefused(why, verifier(signer.checking()), signer.sign(claims));
    }

    private void assertGood(String claim, Object value) {
        Map<String, Object> claims = claims("ada");
        claims.put(claim, value);
        assertEquals("ada", verifier(signer.checking()).verify(signer.sign(claims)).subject());
    }

    @ParameterizedTest
    @EnumSource(JwtAlgorithm.class)
    void tokenOfEachAlgorithmIsGoodAndWithOneBitLessNot(JwtAlgorithm algorithm) {
        JwtSigner own = JwtSigner.of(algorithm, "k1");
        Sim.run(() -> {
            Map<String, Object> claims = claims("ada");
            claims.put("scope", "read write");
            claims.put("nothing", null);
            String token = own.sign(claims);
            Jwt jwt = verifier(own.checking()).verify(token);
            assertEquals("ada", jwt.subject());
            assertEquals("read write", jwt.text("scope").orElseThrow());
            assertTrue(jwt.hasScope("write") && !jwt.hasScope("rite") && !jwt.hasScope("read write"));
            assertFalse(jwt.claims().containsKey("nothing"));
            assertEquals("Jwt[5 claims]", jwt.toString());
            String[] parts = token.split("\\.", -1);
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            for (int at : new int[]{0, signature.length / 2, signature.length - 1}) {
                byte[] other = signature.clone();
                other[at] ^= 1;
                assertRefused("no key", verifier(own.checking()), parts[0] + "." + parts[1] + "." + encoded(other));
            }
            for (byte[] other : List.of(new byte[0], new byte[64], Arrays.copyOf(signature, signature.length - 1))) {
                assertRefused("no key", verifier(own.checking()), parts[0] + "." + parts[1] + "." + encoded(other));
            }
            String more = encoded(json(claims("eve")));
            assertRefused("no key", verifier(own.checking()), parts[0] + "." + more + "." + parts[2]);
        });
    }

    /** RFC 9864: in a token, and in a set of keys. */
    @Test
    void curveMayStandForItsAlgorithm() {
        JwtSigner own = JwtSigner.of(JwtAlgorithm.EDDSA, "");
        Sim.run(() -> {
            String token = own.sign("{\"alg\":\"Ed25519\"}", json(claims("ada")));
            assertEquals("ada", verifier(own.checking()).verify(token).subject());
            assertRefused("no key", verifier(signer.checking()), token);
        });
    }

    @Test
    void algorithmThatIsNewIsRefusedUntilItHasALine() {
        assertEquals(List.of("HS256", "RS256", "PS256", "ES256", "EdDSA"),
                Arrays.stream(JwtAlgorithm.values()).map(JwtAlgorithm::toString).toList());
        Sim.run(() -> {
            for (String fresh : List.of("ML-DSA-44", "ML-DSA-65", "ES512", "RS512", "hs256")) {
                assertRefused("algorithm", verifier(signer.checking()),
                        signer.sign("{\"alg\":\"" + fresh + "\"}", json(claims("ada"))));
            }
        });
    }

    @Test
    void algorithmIsTheKeysAndNeverTheTokens() {
        KeyPair pair = JwtSigner.RSA;
        JwtKey publicKey = JwtKey.of(JwtAlgorithm.RS256, pair.getPublic());
        Sim.run(() -> {
            String claims = json(claims("eve"));
            for (String none : List.of("none", "None", "NONE", "nOnE", "", "HS512", "hs256")) {
                String head = encoded("{\"alg\":\"" + none + "\"}") + "." + encoded(claims) + ".";
                assertRefused("algorithm", verifier(publicKey), head);
                assertRefused("algorithm", verifier(publicKey), head + encoded("x"));
            }
            assertRefused("algorithm", verifier(publicKey), signer.sign("{}", claims));
            assertRefused("algorithm", verifier(publicKey), signer.sign("{\"alg\":[\"HS256\"]}", claims));
            // The public key as the secret of an HMAC: what everybody has would sign.
            var confused = new JwtSigner(JwtAlgorithm.HS256,
                    new SecretKeySpec(pair.getPublic().getEncoded(), "HmacSHA256"), publicKey, Map.of());
            assertRefused("no key", verifier(publicKey), confused.sign("{\"alg\":\"HS256\"}", claims));
            var other = new JwtSigner(JwtAlgorithm.PS256, pair.getPrivate(), publicKey, Map.of());
            assertRefused("no key", verifier(publicKey), other.sign("{\"alg\":\"PS256\"}", claims));
        });
    }

    @Test
    void keysThatATokenBringsAlongAreNotLookedAtAndExtensionsAreRefused() {
        Sim.run(() -> {
            JwtSigner eve = JwtSigner.of(JwtAlgorithm.ES256, "");
            String jwk = json(eve.published());
            String claims = json(claims("eve"));
            assertRefused("no key", verifier(JwtSigner.of(JwtAlgorithm.ES256, "").checking()),
                    eve.sign("{\"alg\":\"ES256\",\"jwk\":" + jwk + ",\"jku\":\"https://eve.test\"}", claims));
            assertRefused("extension", verifier(signer.checking()),
                    signer.sign("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", claims));
        });
    }

    @Test
    void keyIsFoundByItsId() {
        Sim.run(() -> {
            JwtSigner one = JwtSigner.of(JwtAlgorithm.ES256, "one");
            JwtSigner two = JwtSigner.of(JwtAlgorithm.ES256, "two");
            JwtVerifier both = verifier(one.checking(), two.checking());
            assertEquals("ada", both.verify(two.good("ada")).subject());
            assertEquals("ada", both.verify(two.sign("{\"alg\":\"ES256\"}", json(claims("ada")))).subject());
            assertRefused("no key", both, two.sign("{\"alg\":\"ES256\",\"kid\":\"one\"}", json(claims("ada"))));
            assertRefused("no text", both, two.sign("{\"alg\":\"ES256\",\"kid\":7}", json(claims("ada"))));
            assertRefused("no key", verifier(), two.good("ada"));
        });
    }

    @Test
    void timesCountWithinTheSkew() {
        Sim.run(() -> {
            assertGood("exp", inSeconds(-59));
            assertRefused("has ended", "exp", inSeconds(-60));
            assertGood("nbf", inSeconds(60));
            assertRefused("has not begun", "nbf", inSeconds(61));
            assertGood("iat", inSeconds(60));
            assertRefused("has not begun", "iat", inSeconds(61));
            assertGood("exp", inSeconds(10) + 0.5);
            for (Object bad : new Object[]{"1", true, -1, 1e300, List.of()}) {
                assertRefused("time", "exp", bad);
                assertRefused("time", "nbf", bad);
            }
            JwtVerifier exact = verifier(signer.checking()).withSkew(Duration.ZERO);
            String token = signer.good("ada");
            Heddle.sleep(Duration.ofSeconds(299));
            assertEquals("ada", exact.verify(token).subject());
            Heddle.sleep(Duration.ofSeconds(1));
            assertRefused("has ended", exact, token);
            Map<String, Object> endless = claims("ada");
            endless.remove("exp");
            assertRefused("has no end", exact, signer.sign(endless));
        });
    }

    @Test
    void issuerAndAudienceAreThoseThatWereNamed() {
        Sim.run(() -> {
            assertRefused("another issuer", "iss", JwtSigner.ISSUER + "/");
            assertRefused("another issuer", "iss", List.of(JwtSigner.ISSUER));
            assertRefused("another audience", "aud", "Shop");
            assertRefused("another audience", "aud", List.of("bank"));
            assertRefused("another audience", "aud", List.of(List.of("shop")));
            assertGood("aud", List.of("bank", "shop"));
            assertRefused("subject", "sub", 7);
            assertThrows(IllegalArgumentException.class, () -> JwtVerifier.of(JwtKeys.of(), "", "shop"));
            assertThrows(IllegalArgumentException.class, () -> JwtVerifier.of(JwtKeys.of(), "a", ""));
        });
    }

    @Test
    void typeIsTheOneThatWasNamed() {
        Sim.run(() -> {
            JwtVerifier access = verifier(signer.checking()).withType("at+jwt");
            for (String type : List.of("at+jwt", "AT+JWT", "application/at+jwt")) {
                String token = signer.sign("{\"alg\":\"HS256\",\"typ\":\"" + type + "\"}", json(claims("ada")));
                assertEquals("ada", access.verify(token).subject());
            }
            assertRefused("another type", access, signer.good("ada"));
            assertRefused("another type", access,
                    signer.sign("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", json(claims("a"))));
        });
    }

    @Test
    void tokenHasOneForm() {
        Sim.run(() -> {
            JwtVerifier strict = verifier(signer.checking());
            String good = signer.good("ada");
            assertEquals("ada", strict.verify(good).subject());
            for (String bad : List.of("", ".", "..", good + ".", good + ".x", good + "=", " " + good, good + "\n",
                    good.replace('.', ' '), good.substring(0, good.lastIndexOf('.')), good.substring(1))) {
                assertThrows(JwtException.class, () -> strict.verify(bad), bad);
            }
            // The last letter of 32 bytes has two bits that mean nothing.
            char last = good.charAt(good.length() - 1);
            assertRefused("base64url", strict, good.substring(0, good.length() - 1) + (char) (last + 1));
            assertRefused("three parts", strict, good.substring(0, good.lastIndexOf('.')));
            assertRefused("JSON object", strict, signer.sign("[]", json(claims("a"))));
            assertRefused("JSON object", strict, signer.sign("{\"alg\":\"HS256\"}", "\"text\""));
            assertRefused("JSON object", strict, signer.sign("{\"alg\":\"HS256\"}", "null"));
            assertRefused("JSON object", strict,
                    signer.sign("{\"alg\":\"HS256\",\"alg\":\"none\"}", json(claims("a"))));
            assertRefused("longer", strict, "x".repeat(JwtVerifier.MAX_TOKEN + 1));
        });
    }

    @Test
    void keysOfTheWrongKindOrStrengthAreNoKeys() {
        List<Supplier<JwtKey>> bad = List.of(
                () -> JwtKey.secret(new byte[31]),
                () -> JwtKey.of(JwtAlgorithm.RS256, JwtSigner.pair("RSA", 1_024).getPublic()),
                () -> JwtKey.of(JwtAlgorithm.ES256, JwtSigner.curve("secp384r1").getPublic()),
                () -> JwtKey.of(JwtAlgorithm.EDDSA, JwtSigner.pair("Ed448", 448).getPublic()),
                () -> JwtKey.of(JwtAlgorithm.EDDSA, JwtSigner.curve("secp256r1").getPublic()),
                () -> JwtKey.of(JwtAlgorithm.HS256, JwtSigner.curve("secp256r1").getPublic()));
        for (Supplier<JwtKey> each : bad) {
            assertThrows(IllegalArgumentException.class, each::get);
        }
        assertEquals("JwtKey[HS256]", signer.checking().toString());
    }

    @Test
    void requestHasItsSubjectAndIsRefusedWithoutAWordOnWhy() {
        var routes = Routes.create()
                .use(JwtAuthentication.of("api", verifier(signer.checking())))
                .get("/", request -> Response.text(request.user().orElseThrow() + " "
                        + request.get(JwtAuthentication.JWT).orElseThrow().claims().size()));
        Sim.run(() -> {
            try (var client = TestClient.of(routes)) {
                assertEquals("ada 4", client.request("GET", "/").bearerAuth(signer.good("ada")).send().text());
                Reply none = client.get("/");
                assertEquals(401, none.status());
                assertEquals("Bearer realm=\"api\"", none.headers().first("WWW-Authenticate"));
                for (String bad : List.of(signer.good(""), signer.good("ada") + "x", "x")) {
                    Reply refused = client.request("GET", "/").bearerAuth(bad).send();
                    assertEquals(401, refused.status());
                    assertEquals("Unauthorized\n", refused.text());
                    assertEquals("Bearer realm=\"api\", error=\"invalid_token\"",
                            refused.headers().first("WWW-Authenticate"));
                }
            }
        });
    }

    @Test
    void tokensOfATestAreTakenByTheirOwnServiceOnly() {
        Sim.run(() -> {
            var tokens = TestTokens.of("https://issuer.test", "orders");
            var routes = Routes.create()
                    .use(JwtAuthentication.of("orders", tokens.verifier()))
                    .get("/", r -> Response.text(r.get(JwtAuthentication.JWT).orElseThrow().subject()));
            try (var client = TestClient.of(routes)) {
                assertEquals("ann", withToken(client, tokens.token(Map.of("sub", "ann"))).text());
                assertEquals(401, withToken(client, tokens.token(Map.of("sub", "ann", "exp", 1))).status());
                assertEquals(401, withToken(client, tokens.token(Map.of("aud", "invoices"))).status());
                var others = TestTokens.of("https://issuer.test", "orders");
                assertEquals(401, withToken(client, others.token(Map.of("sub", "ann"))).status());
                assertEquals(401, client.get("/").status());
            }
        });
    }

    private static Reply withToken(TestClient client, String token) {
        return client.request("GET", "/").header("Authorization", "Bearer " + token).send();
    }
}
