package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.chain.Redirect;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.io.ByteStream;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where redirects lead, and what goes along. */
final class ClientRedirectTest {

    private static final String END = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend";

    private static String to(int status, String location) {
        return "HTTP/1.1 " + status + " Go\r\nLocation: " + location + "\r\nContent-Length: 4\r\n\r\ngone";
    }

    private static RequestHop hop(String method, String url, Headers headers) {
        return new RequestHop(method, ClientUrl.parse(url), headers, new ClientBody.Bytes(new byte[3]));
    }

    @ParameterizedTest
    @CsvSource({
            "301, GET, GET", "302, GET, GET", "303, GET, GET", "307, GET, GET", "308, GET, GET",
            "301, HEAD, HEAD", "302, HEAD, HEAD", "303, HEAD, HEAD", "307, HEAD, HEAD", "308, HEAD, HEAD",
            "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST",
            "301, PUT, PUT", "302, PUT, PUT", "303, PUT, GET", "307, PUT, PUT", "308, PUT, PUT",
            "301, QUERY, QUERY", "302, QUERY, QUERY", "303, QUERY, GET", "307, QUERY, QUERY", "308, QUERY, QUERY",
            "301, DELETE, DELETE", "303, DELETE, GET", "308, DELETE, DELETE",
    })
    void methodChangesAsTheStatusSays(int status, String before, String after) {
        RequestHop next = next(
                hop(before, "http://h/a", Headers.of("Content-Type", "text/plain", "X", "y")),
                status,
                Headers.of("Location", "/b"));
        assertEquals(after, next.method());
        assertEquals("http://h/b", next.url().toString());
        boolean changed = after.equals("GET") && (!before.equals("GET") || status == 303);
        assertEquals(changed ? 0 : 3, next.body().length());
        assertEquals(!changed, next.headers().contains("Content-Type"));
        assertEquals("y", next.headers().first("X"));
    }

    /** CVE-2018-18074. */
    @ParameterizedTest
    @ValueSource(strings = {
            "http://other/", "http://h:81/", "https://h/", "http://sub.h/", "//other/", "https://h:80/"
    })
    void credentialsAndCookiesAreDroppedWhenTheOriginChanges(String location) {
        Headers secrets = Headers.of(
                "authorization", "Basic x", "Cookie", "a", "Authorization", "Bearer y", "cookie", "b", "Cookie2", "c",
                "Host", "virtual", "X", "y");
        RequestHop next = next(hop("GET", "http://h/", secrets), 302, Headers.of("Location", location));
        assertEquals(Headers.of("X", "y"), next.headers());
    }

    @Test
    void credentialsAreDroppedOnTheWayFromHttpsToHttp() {
        RequestHop next = next(
                hop("GET", "https://h/", Headers.of("Authorization", "x", "Cookie", "y")),
                301,
                Headers.of("Location", "http://h/"));
        assertTrue(next.headers().isEmpty());
    }

    @Test
    void credentialsStayWithinTheOrigin() {
        Headers secrets = Headers.of("Authorization", "x", "Cookie", "y");
        for (String location : new String[]{"/b", "b", "?q", "http://H:80/b", "//h/"}) {
            assertEquals(
                    secrets,
                    next(hop("GET", "http://h/a", secrets), 302, Headers.of("Location", location))
                            .headers());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "javascript:alert(1)", "ftp://h/", "mailto:a@b", "http://", "http://user:word@h/", "http://a:b@evil/",
            "http://h:99999/", "http:///x", "///other/x", "////x", "\\\\evil", "/a\\b", "data:text/plain,x",
            "file:///etc/passwd"
    })
    void badLocationIsAnError(String location) {
        var e = assertThrows(
                RedirectException.class,
                () -> next(hop("GET", "http://h/", Headers.EMPTY), 302, Headers.of("Location", location)));
        assertTrue(e.getMessage().startsWith("GET http://h/: 302 with a bad Location"), e.getMessage());
        assertFalse(e.getMessage().contains("word"), e.getMessage());
    }

    @Test
    void bytesBeyondAsciiInALocationStayTheSameBytes() {
        Headers headers = Headers.of("Location", "/\u00c3\u00bc?\u00fc");
        RequestHop next = next(hop("GET", "http://h/", Headers.EMPTY), 302, headers);
        assertEquals("/%C3%BC?%FC", next.url().target());
    }

    @Test
    void locationAsBrowsersFollowItIsFollowed() {
        for (String location : List.of("/b c?q=a|b", "/b%20c?q=a|b", "http://h/b c?q=a%7Cb",
                "/b c?q=a|b#/items/{id}#a")) {
            RequestHop hop = next(hop("GET", "http://h/", Headers.EMPTY), 302, Headers.of("Location", location));
            assertEquals("/b%20c?q=a%7Cb", hop.url().target());
        }
        RequestHop named = next(hop("GET", "http://h/", Headers.EMPTY), 302,
                Headers.of("Location", "http://my_app/{x}"));
        assertEquals("http://my_app/%7Bx%7D", named.url().toString());
    }

    @Test
    void missingEmptyOrSecondLocationIsAnError() {
        for (Headers headers : List.of(
                Headers.EMPTY, Headers.of("Location", ""), Headers.of("Location", "/a", "Location", "/b"))) {
            assertThrows(
                    RedirectException.class, () -> next(hop("GET", "http://h/", Headers.EMPTY), 302, headers));
        }
    }

    @SimTest(seeds = 10)
    void redirectsAreFollowedToTheEnd() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(to(301, "/b"));
            peer.request();
            peer.send(to(302, "c?q"));
            peer.request();
            peer.send(END);
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            Reply reply = http.get("http://h/a");
            assertEquals("end", reply.text());
            assertEquals(URI.create("http://h/c?q"), reply.finalUri());
            assertEquals(List.of(URI.create("http://h/a"), URI.create("http://h/b")), reply.redirects());
            assertEquals(1, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void credentialsNeverComeBackOnceDropped() {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send(to(302, "http://other/b"));
                    peer.request();
                    peer.send(END);
                    peer.awaitEnd();
                },
                peer -> {
                    peer.request();
                    peer.send(to(302, "http://h/c"));
                    peer.awaitEnd();
                });
                var http = server.client().build()) {
            http.request("GET", "http://h/a").basicAuth("me", "word").header("Cookie", "x").send().text();
            assertTrue(server.requests.get(0).contains("\r\nAuthorization: Basic bWU6d29yZA==\r\n"));
            for (String request : server.requests.subList(1, 3)) {
                assertFalse(request.contains("Authorization") || request.contains("Cookie"), request);
            }
            assertTrue(server.requests.get(1).contains("\r\nHost: other\r\n"));
        }
    }

    @SimTest(seeds = 10)
    void bodyGoesAlongWith307And308() {
        for (int status : new int[]{307, 308}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                assertEquals("data", peer.body(4));
                peer.send(to(status, "/b"));
                assertTrue(peer.request().startsWith("POST /b "));
                assertEquals("data", peer.body(4));
                peer.send(END);
                peer.awaitEnd();
            });
                    var http = server.client().build()) {
                assertEquals("end", http.request("POST", "http://h/a").body("data").send().text());
            }
        }
    }

    @SimTest(seeds = 10)
    void bodyThatCannotBeSentTwiceIsAnError() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.readUntil("0\r\n\r\n");
            peer.send(to(307, "/b"));
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            var request = http.request("POST", "http://h/a").body(new ByteArrayInputStream(new byte[9]));
            var e = assertThrows(RedirectException.class, request::send);
            assertTrue(e.getMessage().contains("only once"), e.getMessage());
            assertEquals(http.statistics().idle(), http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void circleOfRedirectsIsAnError() {
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send(to(302, server(peer).contains("/a") ? "/b" : "/a"));
            }
        });
                var http = server.client().build()) {
            var e = assertThrows(RedirectException.class, () -> http.get("http://h/a"));
            assertTrue(e.getMessage().contains("circle"), e.getMessage());
            assertEquals(2, server.requests.size());
        }
    }

    /** Sites that want to know whether cookies come back do that. */
    @SimTest(seeds = 5)
    void withAJarAServerMayLeadBackToWhereItHasSetACookie() {
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send(peer.lastRequest().contains("Cookie: seen=1")
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nin"
                        : "HTTP/1.1 302 X\r\nLocation: /a\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\n\r\n");
            }
        });
                var http = server.client().cookies(CookieJar.create()).build()) {
            assertEquals("in", http.get("http://h/a").text());
        }
        try (var server = ScriptedServer.answering(to(302, "/a"));
                var http = server.client().cookies(CookieJar.create()).build()) {
            var e = assertThrows(RedirectException.class, () -> http.get("http://h/a"));
            assertTrue(e.getMessage().endsWith("more than 20 redirects"), e.getMessage());
        }
    }

    /** Browsers see one path where a server that resolves it sees another. */
    @SimTest(seeds = 2)
    void cookieOfAPathIsNotSentToWhereARedirectLeavesIt_CVE_2026_76184() {
        for (String location : List.of("/secure/../evil", "http://h/secure/../evil", "//h/secure/%2e%2E/evil")) {
            try (var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send(peer.lastRequest().startsWith("GET /secure/in ")
                            ? "HTTP/1.1 302 X\r\nLocation: " + location
                                    + "\r\nSet-Cookie: secret=1; Path=/secure\r\nContent-Length: 0\r\n\r\n"
                            : END);
                }
            });
                    var http = server.client().cookies(CookieJar.create()).build()) {
                assertEquals("end", http.get("http://h/secure/in").text());
                http.get("http://h/secure/again").close();
                assertTrue(server.requests.get(1).startsWith("GET /evil "), server.requests.get(1));
                assertFalse(server.requests.get(1).contains("secret"), server.requests.get(1));
                assertTrue(server.requests.get(2).contains("Cookie: secret=1"), server.requests.get(2));
            }
        }
    }

    private static String server(ScriptedServer.Peer peer) {
        return peer.lastRequest().lines().findFirst().orElseThrow();
    }

    @SimTest(seeds = 10)
    void redirectsAboveTheLimitAreAnError() {
        for (int limit : new int[]{0, 1, 5}) {
            int[] number = new int[1];
            try (var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send(to(302, "/" + number[0]++));
                }
            });
                    var http = server.client()
                            .limits(ClientLimits.DEFAULT.withMaxRedirects(limit))
                            .build()) {
                var e = assertThrows(RedirectException.class, () -> http.get("http://h/a"));
                assertTrue(e.getMessage().endsWith("more than " + limit + " redirects"), e.getMessage());
                assertEquals(limit + 1, server.requests.size());
            }
        }
    }

    @SimTest(seeds = 10)
    void redirectsAreGivenToWhoWantsThem() {
        try (var server = ScriptedServer.answering(to(302, "/b"));
                var http = server.client().build();
                var never = server.client().followRedirects(false).build()) {
            assertEquals(302, http.request("GET", "http://h/a").followRedirects(false).send().status());
            assertEquals("gone", never.get("http://h/a").text());
        }
    }

    @SimTest(seeds = 10)
    void otherStatusesOfTheThreeHundredsAreReplies() {
        for (int status : new int[]{300, 304, 305, 306}) {
            try (var server = ScriptedServer
                    .answering("HTTP/1.1 " + status + " X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
                    var http = server.client().build()) {
                assertEquals(status, http.get("http://h/a").status());
            }
        }
    }

    @SimTest(seeds = 10)
    void bodyOfARedirectIsNotWaitedFor() {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 Go\r\nLocation: /b\r\nContent-Length: 1000000\r\n\r\n");
                    peer.awaitEnd();
                },
                peer -> {
                    peer.request();
                    peer.send(END);
                    peer.awaitEnd();
                });
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            assertEquals("end", http.get("http://h/a").text());
        }
    }

    @SimTest(seeds = 10)
    void hostNameIsLookedUpOnceForEachConnection() {
        int[] lookUps = new int[1];
        try (var server = ScriptedServer.answering(END);
                var http = HttpClient.builder()
                        .connector((host, port) -> {
                            lookUps[0]++;
                            ByteStream stream = server.connect(host, port);
                            Heddle.checkpoint();
                            return stream;
                        })
                        .build()) {
            http.get("http://h/").text();
            http.get("http://h/").text();
            assertEquals(1, lookUps[0]);
        }
    }

    private static RequestHop next(RequestHop hop, int status, Headers reply) {
        return Redirect.next(hop, status, reply, null);
    }
}
