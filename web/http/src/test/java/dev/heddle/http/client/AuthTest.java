package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.sim.SimTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the client answers for its user, and to whom. */
final class AuthTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final AuthTarget TARGET = new AuthTarget("GET", URI.create("http://www.example.org/dir/index.html"),
            "/dir/index.html", "");

    private static String unauthorized(String challenge) {
        return "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + challenge + "\r\nContent-Length: 2\r\n\r\nno";
    }

    /** The value of a parameter of the Authorization field. */
    private static String parameter(String field, String name) {
        return AuthChallenge.parse(List.of(field)).getFirst().parameters().getOrDefault(name, "");
    }

    private static String hash(String algorithm, String text) throws Exception {
        byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    // ---- challenges ----

    @Test
    void challengesAndTheirParametersAreTakenApart() {
        assertEquals(
                List.of(
                        new AuthChallenge("newauth", Map.of("realm", "apps", "type", "1", "title", "Log \"in\"")),
                        new AuthChallenge("basic", Map.of("realm", "simple")),
                        new AuthChallenge("negotiate", Map.of("", "YII+/==")),
                        new AuthChallenge("ntlm", Map.of()),
                        new AuthChallenge("bearer", Map.of())),
                AuthChallenge.parse(List.of(
                        "Newauth realm=\"apps\", type=1, , title=\"Log \\\"in\\\"\", Basic realm=\"simple\"",
                        "Negotiate YII+/==, NTLM", ", Bearer ,")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Basic realm=\"open", "Basic realm=\"x\\", "Digest a=1 b=2", "=", "Basic realm=x, realm=y", "\"x\"",
            "Basic @@ @@",
    })
    void malformedChallengeIsNone(String field) {
        assertEquals(List.of(), AuthChallenge.parse(List.of(field)));
    }

    @Test
    void parametersOfAChallengeKeepTheirOrder() {
        AuthChallenge challenge = AuthChallenge.parse(List.of("X z=1, y=2, a=3, m=4, b=5")).getFirst();
        assertEquals(List.of("z", "y", "a", "m", "b"), List.copyOf(challenge.parameters().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> challenge.parameters().clear());
    }

    // ---- digest ----

    @ParameterizedTest
    @CsvSource({"MD5, MD5", "SHA-256, SHA-256", "SHA-512-256, SHA-512/256", "md5-sess, MD5", "SHA-256-sess, SHA-256"})
    void digestIsThatOfTheStandard(String name, String algorithm) throws Exception {
        Auth auth = Auth.digest("Mufasa", "Circle of Life");
        String field = auth.answer(
                TARGET,
                AuthChallenge.parse(List.of("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                        + name + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe\"")))
                .orElseThrow();
        String secret = hash(algorithm, "Mufasa:http-auth@example.org:Circle of Life");
        String nonces = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:";
        if (name.endsWith("-sess")) {
            secret = hash(algorithm, secret + ":" + nonces + parameter(field, "cnonce"));
        }
        assertEquals(
                hash(algorithm, secret + ":" + nonces + "00000001:" + parameter(field, "cnonce") + ":auth:"
                        + hash(algorithm, "GET:/dir/index.html")),
                parameter(field, "response"));
        assertEquals("Mufasa", parameter(field, "username"));
        assertEquals("/dir/index.html", parameter(field, "uri"));
        assertEquals("FQhe", parameter(field, "opaque"));
        assertEquals("00000001", parameter(field, "nc"));
        assertEquals("00000002", parameter(auth.first(TARGET).orElseThrow(), "nc"));
    }

    @Test
    void passwordBeyondLatin1IsHashedAsItIs_CVE_2026_10050() throws Exception {
        String field = Auth.digest("u", "\u043f\u0430\u0440\u043e\u043b\u044c")
                .answer(TARGET, AuthChallenge.parse(List.of("Digest realm=r, nonce=n")))
                .orElseThrow();
        String end = ":n:" + hash("MD5", "GET:/dir/index.html");
        assertEquals(hash("MD5", hash("MD5", "u:r:\u043f\u0430\u0440\u043e\u043b\u044c") + end),
                parameter(field, "response"));
        assertNotEquals(hash("MD5", hash("MD5", "u:r:??????") + end), parameter(field, "response"));
    }

    @Test
    void realmAndNonceBeyondAsciiAreTheBytesThatCame() throws Exception {
        // As a header is read: a character for each byte of UTF-8.
        String field = Auth.digest("u", "p")
                .answer(TARGET,
                        AuthChallenge.parse(List.of("Digest realm=\"B\u00c3\u00bcro\", nonce=\"n\u00c3\u00a4\"")))
                .orElseThrow();
        assertEquals(hash("MD5", hash("MD5", "u:B\u00fcro:p") + ":n\u00e4:" + hash("MD5", "GET:/dir/index.html")),
                parameter(field, "response"));
        assertTrue(field.contains("realm=\"B\u00c3\u00bcro\""), field);
    }

    @Test
    void serverOfOldWithoutQopGetsTheOldAnswer() throws Exception {
        String field = Auth.digest("u", "p")
                .answer(TARGET, AuthChallenge.parse(List.of("Digest realm=r, nonce=n")))
                .orElseThrow();
        assertEquals(hash("MD5", hash("MD5", "u:r:p") + ":n:" + hash("MD5", "GET:/dir/index.html")),
                parameter(field, "response"));
        assertEquals("", parameter(field, "nc"));
    }

    @Test
    void strongestAlgorithmIsTakenAndUnknownOnesAreNotAnswered() {
        Auth auth = Auth.digest("u", "p");
        String field = auth.answer(
                TARGET,
                AuthChallenge.parse(List.of(
                        "Digest realm=r, nonce=n, qop=auth, algorithm=MD5",
                        "Digest realm=r, nonce=n, qop=auth, algorithm=SHA-256, userhash=true",
                        "Digest realm=r, nonce=n, qop=auth, algorithm=BLAKE3")))
                .orElseThrow();
        assertEquals("SHA-256", parameter(field, "algorithm"));
        assertEquals("true", parameter(field, "userhash"));
        assertFalse(field.contains("\"u\""));
        for (String other : List.of(
                "Basic realm=r", "Digest realm=r", "Digest nonce=n", "Digest realm=r, nonce=n, algorithm=BLAKE3",
                "Digest realm=r, nonce=n, qop=auth-int")) {
            assertEquals(Optional.empty(), Auth.digest("u", "p").answer(TARGET, AuthChallenge.parse(List.of(other))));
        }
    }

    @Test
    void nameBeyondAsciiGoesInTheExtendedForm() {
        String field = Auth.digest("J\u00e4s\u00f8n \"D\"", "p")
                .answer(TARGET, AuthChallenge.parse(List.of("Digest realm=\"r\\\"s\", nonce=n, qop=auth")))
                .orElseThrow();
        assertTrue(field.startsWith("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20%22D%22, realm=\"r\\\"s\""), field);
    }

    @SimTest(seeds = 3)
    void oneChallengeServesManyRequests() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(unauthorized("Digest realm=r, nonce=n1, qop=auth"));
            while (peer.hasRequest()) {
                peer.send(OK);
            }
        });
                var http = server.client().auth("http://h/", Auth.digest("u", "p")).build()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, http.post("http://h/p?q=" + i, "data").status());
            }
            assertEquals(4, server.requests.size());
            assertFalse(server.requests.get(0).contains("Authorization"));
            assertTrue(server.requests.get(1).contains("nc=00000001"));
            assertTrue(server.requests.get(3).contains("nc=00000003"));
            assertTrue(server.requests.get(3).contains("uri=\"/p?q=2\""));
            assertEquals(1, http.statistics().opened());
        }
    }

    @SimTest(seeds = 3)
    void staleNonceIsAnsweredOnceMoreAndAWrongPasswordIsNot() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(unauthorized("Digest realm=r, nonce=n1, qop=auth"));
            peer.request();
            peer.send(unauthorized("Digest realm=r, nonce=n2, qop=auth, stale=TRUE"));
            peer.request();
            peer.send(OK);
            while (peer.hasRequest()) {
                peer.send(unauthorized("Digest realm=r, nonce=n" + server(peer) + ", qop=auth"));
            }
        });
                var http = server.client().auth("http://h/", Auth.digest("u", "p")).build()) {
            assertEquals(200, http.get("http://h/").status());
            assertTrue(server.requests.get(2).contains("nonce=\"n2\""));
            int before = server.requests.size();
            assertEquals(401, http.get("http://h/").status());
            assertEquals(2, server.requests.size() - before);
        }
    }

    @SimTest(seeds = 5)
    void requestsAtOnceAnswerEachItsOwnChallenge() {
        var nonces = new AtomicInteger();
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String head = peer.lastRequest();
                Heddle.sleep(Duration.ofMillis(10));
                peer.send(head.contains("Authorization: Digest ")
                        ? OK
                        : unauthorized("Digest realm=r, nonce=n" + nonces.incrementAndGet() + ", qop=auth"));
            }
        });
                var http = server.client().auth("http://h/", Auth.digest("u", "p")).build()) {
            List<Integer> statuses = Heddle.map(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8,
                    i -> http.get("http://h/" + i).status());
            assertEquals(Collections.nCopies(8, 200), statuses);
            assertEquals(8, nonces.get());
        }
    }

    /** A number that is never the same. */
    private static int server(ScriptedServer.Peer peer) {
        return 100 + peer.lastRequest().hashCode() % 10_000;
    }

    // ---- an answer of one's own ----

    private abstract static class Renewing implements Auth {

        @Override
        public Optional<String> first(AuthTarget target) {
            return Optional.of("Bearer old");
        }
    }

    @SimTest(seeds = 2)
    void authIsToldWhatTheServerHasRefused() {
        var refused = new ArrayList<String>();
        Auth auth = new Renewing() {
            @Override
            public Optional<String> answer(AuthTarget target, List<AuthChallenge> challenges) {
                refused.add(target.refused());
                assertFalse(target.toString().contains("Bearer"), target.toString());
                return Optional.of("Bearer new");
            }
        };
        try (var server = ScriptedServer.answering(unauthorized("Bearer"));
                var http = server.client().auth("http://h/", auth).build()) {
            assertEquals(401, http.get("http://h/").status());
            assertEquals(List.of("Bearer old", "Bearer new"), refused);
            assertEquals(3, server.requests.size());
        }
    }

    @SimTest(seeds = 2)
    void authThatFailsLeavesNoConnectionBehind() {
        Auth auth = new Renewing() {
            @Override
            public Optional<String> answer(AuthTarget target, List<AuthChallenge> challenges) {
                throw new IllegalStateException("no token");
            }
        };
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 401 X\r\nContent-Length: 100\r\n\r\nno");
            peer.awaitEnd();
        });
                var http = server.client().auth("http://h/", auth).build()) {
            var e = assertThrows(IllegalStateException.class, () -> http.get("http://h/"));
            assertEquals("no token", e.getMessage());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 2)
    void timeOfARequestCoversTheWaitForCredentials() {
        Auth slow = target -> {
            Heddle.sleep(Duration.ofHours(1));
            return Optional.empty();
        };
        try (var server = ScriptedServer.answering(OK);
                var http = server.client().build()) {
            var request = http.request("GET", "http://h/").auth(slow).timeout(Duration.ofSeconds(5));
            var e = assertThrows(DeadlineExceededException.class, request::send);
            assertEquals("GET http://h/: no credentials after 5 s", e.getMessage());
        }
    }

    // ---- who gets to see it ----

    @SimTest(seeds = 3)
    void credentialsOfAClientGoToTheirOriginOnly() {
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String host = peer.lastRequest().contains("Host: a.example\r\n") ? "b" : "c";
                peer.send(host.equals("c")
                        ? OK
                        : "HTTP/1.1 307 X\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n");
            }
        });
                var http = server.client()
                        .auth("http://a.example/", Auth.bearer("for-a"))
                        .auth("http://c.example/", Auth.basic("u", "p"))
                        .build()) {
            http.get("http://a.example/").close();
            http.get("http://c.example/").close();
            http.get("http://a.example:81/").close();
            assertTrue(server.requests.get(0).contains("\r\nAuthorization: Bearer for-a\r\n"));
            assertFalse(server.requests.get(1).contains("Authorization"));
            assertTrue(server.requests.get(2).contains("\r\nAuthorization: Basic dTpw\r\n"));
            assertFalse(server.requests.get(3).contains("Authorization"));
        }
    }

    @SimTest(seeds = 3)
    void credentialsOfARequestNeverComeBackAfterARedirectToElsewhere() {
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String request = peer.lastRequest();
                peer.send(request.startsWith("GET /3")
                        ? OK
                        : "HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: "
                                + (request.startsWith("GET /1") ? "http://b.example/2" : "http://a.example/3")
                                + "\r\n\r\n");
            }
        });
                var http = server.client().build()) {
            http.request("GET", "http://a.example/1").auth(Auth.bearer("mine")).send().close();
            assertTrue(server.requests.get(0).contains("Authorization: Bearer mine"));
            assertFalse(server.requests.get(1).contains("Authorization"));
            assertFalse(server.requests.get(2).contains("Authorization"));
        }
    }

    @SimTest(seeds = 2)
    void challengeOfAnotherOriginBehindARedirectIsNotAnswered_CVE_2026_54276() {
        for (boolean ofTheClient : new boolean[]{true, false}) {
            try (var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send(peer.lastRequest().contains("Host: a.example\r\n")
                            ? "HTTP/1.1 302 X\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"
                            : unauthorized("Digest realm=r, nonce=n, qop=auth"));
                }
            });
                    var http = ofTheClient
                            ? server.client().auth("http://a.example/", Auth.digest("u", "p")).build()
                            : server.client().build()) {
                var request = http.request("GET", "http://a.example/");
                assertEquals(401, (ofTheClient ? request : request.auth(Auth.digest("u", "p"))).send().status());
                assertEquals(2, server.requests.size());
                assertFalse(server.requests.get(1).contains("Authorization"), server.requests.get(1));
            }
        }
    }

    @SimTest(seeds = 2)
    void fieldOfTheRequestComesBeforeTheClientsCredentials() {
        try (var server = ScriptedServer.answering(unauthorized("Digest realm=r, nonce=n, qop=auth"));
                var http = server.client().auth("http://h/", Auth.digest("u", "p")).build()) {
            assertEquals(401, http.request("GET", "http://h/").bearerAuth("other").send().status());
            assertTrue(server.requests.getFirst().contains("Authorization: Bearer other"));
            assertEquals(1, server.requests.size());
        }
    }

    @Test
    void credentialsThatCannotBeSentAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Auth.basic("a:b", "p"));
        assertThrows(IllegalArgumentException.class, () -> Auth.bearer("a\r\nX: y"));
        assertThrows(IllegalArgumentException.class, () -> Auth.digest("a\n", "p"));
        for (String name : List.of("authorization", "COOKIE", "Proxy-Authorization", "Host", "Content-Length")) {
            assertThrows(IllegalArgumentException.class, () -> HttpClient.builder().header(name, "x"), name);
        }
    }
}
