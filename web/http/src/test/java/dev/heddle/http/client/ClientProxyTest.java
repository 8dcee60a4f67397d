package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Promise;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.sim.SimTest;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through proxies: what goes to whom, and what a proxy may answer. */
final class ClientProxyTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final Proxy PROXY = Proxy.http("proxy.example", 3128);
    private static final Proxy SOCKS = Proxy.socks5("proxy.example", 1080);
    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("secure.example");
    private static final ClientTls TRUSTING = ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.chain().getFirst()));

    private static final TlsIdentity PROXY_IDENTITY = TlsIdentity.selfSigned("proxy.example");
    private static final ClientTls TRUSTING_PROXY = ClientTls.DEFAULT
            .withTrust(TlsTrust.of(PROXY_IDENTITY.chain().getFirst()));
    private static final Proxy PROXY_UNDER_TLS = Proxy.https("proxy.example", 443).withTls(TRUSTING_PROXY);

    private static HttpClient client(ScriptedServer server, Proxy proxy) {
        return server.client().proxy(proxy).tls(TRUSTING).build();
    }

    /** The server behind a tunnel. */
    private static void serveTls(ScriptedServer.Peer peer, List<String> requests) {
        try (ByteStream stream = Tls.upgradeServer(peer.stream(), ServerTls.of(IDENTITY))) {
            requests.add(new String(stream.readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 10_000),
                    StandardCharsets.ISO_8859_1));
            stream.write(HELLO);
            stream.readAll(1);
        }
    }

    @SimTest(seeds = 3)
    void plainRequestGoesToTheProxyWithItsWholeUrl() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = client(server, PROXY.withCredentials("me", "word"))) {
            assertEquals("hello", http.get("http://plain.example:8080/a?b=c").text());
            assertEquals("hello", http.get("http://plain.example:8080/d").text());
            assertEquals(List.of("proxy.example:3128"), server.connects);
            String head = server.requests.getFirst();
            assertTrue(head.startsWith("GET http://plain.example:8080/a?b=c HTTP/1.1\r\nHost: plain.example:8080\r\n"),
                    head);
            assertTrue(head.contains("\r\nProxy-Authorization: Basic bWU6d29yZA==\r\n"), head);
        }
    }

    @SimTest(seeds = 3)
    void httpsGoesThroughATunnelAndItsServerNeverSeesTheProxysCredentials() {
        List<String> inside = new ArrayList<>();
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 103 Early\r\n\r\n" + ESTABLISHED);
            serveTls(peer, inside);
        });
                var http = client(server, PROXY.withCredentials("me", "word"))) {
            Reply reply = http.get("https://secure.example/x");
            assertEquals("hello", reply.text());
            assertEquals(
                    "CONNECT secure.example:443 HTTP/1.1\r\nHost: secure.example:443\r\n"
                            + "Proxy-Authorization: Basic bWU6d29yZA==\r\n\r\n",
                    server.requests.getFirst());
            assertTrue(inside.getFirst().startsWith("GET /x HTTP/1.1\r\nHost: secure.example\r\n"), inside.getFirst());
            assertFalse(inside.getFirst().contains("Proxy-"), inside.getFirst());
        }
    }

    @SimTest(seeds = 2)
    void nameInTheCertificateIsThatOfTheServerNotOfTheProxy() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(ESTABLISHED);
            try {
                serveTls(peer, new ArrayList<>());
            } catch (TlsException e) {
                assertFalse(e.getMessage().isEmpty());
            }
        });
                var http = client(server, Proxy.http("secure.example", 3128))) {
            assertThrows(TlsException.class, () -> http.get("https://other.example/"));
        }
    }

    /** What a proxy ends or breaks before the tunnel is there, in each of its words. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2", "HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n"})
    void proxyThatIsLostBeforeItsAnswerMakesNoTunnel(String answer) {
        Heddle.run(() -> {
            for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
                for (boolean socks : new boolean[]{false, true}) {
                    try (var server = new RawPeer.Server(peer -> {
                        if (socks) {
                            peer.take(3);
                            peer.send("\5\0".substring(0, Math.min(2, answer.length())));
                        } else {
                            peer.head();
                            peer.send(answer);
                        }
                        peer.act(deed);
                        peer.drain();
                    });
                            var http = HttpClient.builder()
                                    .proxy(socks
                                            ? Proxy.socks5("127.0.0.1", server.port())
                                            : Proxy.http("127.0.0.1", server.port()))
                                    .build()) {
                        var e = assertThrows(ProxyException.class, () -> http.get("https://secure.example/"));
                        assertTrue(e.getMessage().contains("the proxy "), e.getMessage());
                        assertInstanceOf(HeddleException.class, e.getCause());
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "HTTP/1.1 407 X~~ | it wants credentials",
            "HTTP/1.1 403 X~Content-Length: 5~~hello | it answered 403",
            "HTTP/1.1 502 X~~ | it answered 502",
            "HTTP/1.1 101 X~~ | it answered 101",
            "SSH-2.0-x~ | not an HTTP/1 response",
            "HTTP/1.1 200 X~Content-Length: 1~Content-Length: 2~~ | makes no tunnel",
            "HTTP/1.1 200 X~A: b~ folded~~ | makes no tunnel",
            "HTTP/1.1 200 X~~evil | bytes of its own",
            "HTTP/1.1 200 X~ | closed the connection",
            "'' | closed the connection",
    })
    void proxyThatMakesNoTunnelIsNamedWithItsReason(String answer, String reason) {
        Heddle.run(() -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(answer.replace("~", "\r\n"));
            });
                    var http = client(server, PROXY)) {
                var e = assertThrows(ProxyException.class, () -> http.get("https://secure.example/?secret"));
                assertTrue(e.getMessage().contains("proxy.example:3128"), e.getMessage());
                assertTrue(e.getMessage().contains(reason), e.getMessage());
                assertFalse(e.getMessage().contains("secret"));
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @SimTest(seeds = 3)
    void interimAnswersToConnectAreBounded() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 100 X\r\n\r\n".repeat(1_000));
            peer.awaitEnd();
        });
                var http = client(server, PROXY)) {
            var e = assertThrows(ProxyException.class, () -> http.get("https://secure.example/"));
            assertTrue(e.getMessage().contains("more than 16 interim"), e.getMessage());
        }
    }

    @SimTest(seeds = 3)
    void proxyThatSaysNothingIsBoundedAndNamed() {
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = client(server, PROXY)) {
            var e = assertThrows(DeadlineExceededException.class, () -> http.get("https://secure.example/"));
            assertEquals("GET https://secure.example/: no way through the proxy after 10 s", e.getMessage());
            assertEquals(0, http.statistics().connections());
        }
    }

    // ---- under TLS ----

    private static ByteStream underTls(ScriptedServer.Peer peer) {
        return Tls.upgradeServer(peer.stream(), ServerTls.of(PROXY_IDENTITY));
    }

    private static String head(ByteStream stream) {
        return new String(stream.readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 10_000),
                StandardCharsets.ISO_8859_1);
    }

    @SimTest(seeds = 3)
    void proxyUnderTlsGetsPlainRequestsOverOneConnection() {
        List<String> heads = new ArrayList<>();
        try (var server = ScriptedServer.of(peer -> {
            try (ByteStream stream = underTls(peer)) {
                for (int i = 0; i < 2; i++) {
                    heads.add(head(stream));
                    stream.write(HELLO);
                }
                stream.readAll(1);
            }
        });
                var http = client(server, PROXY_UNDER_TLS.withCredentials("me", "word"))) {
            for (int i = 0; i < 2; i++) {
                assertEquals("hello", http.get("http://plain.example/a").text());
            }
            assertEquals(List.of("proxy.example:443"), server.connects);
            assertTrue(heads.getFirst().startsWith("GET http://plain.example/a HTTP/1.1\r\nHost: plain.example\r\n"),
                    heads.getFirst());
            assertTrue(heads.getLast().contains("\r\nProxy-Authorization: Basic bWU6d29yZA==\r\n"), heads.getLast());
        }
    }

    /** CVE-2026-54275. */
    @SimTest(seeds = 2)
    void connectionWithOtherTermsOfTlsIsNotUsedAgain() {
        try (var server = ScriptedServer.of(peer -> {
            try (ByteStream stream = underTls(peer)) {
                head(stream);
                stream.write(HELLO);
                stream.readAll(1);
            }
        }, peer -> {
            try {
                underTls(peer).close();
            } catch (TlsException refused) {
                // By the client, as it must.
            }
        });
                var http = server.client().build()) {
            http.request("GET", "http://plain.example/").proxy(PROXY_UNDER_TLS).send().close();
            assertEquals(1, http.statistics().idle());
            Proxy untrusted = Proxy.https("proxy.example", 443);
            assertThrows(ProxyException.class,
                    () -> http.request("GET", "http://plain.example/").proxy(untrusted).send());
            assertEquals(2, server.connects.size());
        }
    }

    @SimTest(seeds = 3)
    void whatGoesToAnHttpsServerIsUnderTlsTwice() {
        List<String> heads = new ArrayList<>();
        String large = "x".repeat(300_000);
        try (var server = ScriptedServer.of(peer -> {
            ByteStream outer = underTls(peer);
            heads.add(head(outer));
            outer.write(ESTABLISHED);
            try (ByteStream inner = Tls.upgradeServer(outer, ServerTls.of(IDENTITY))) {
                heads.add(head(inner));
                assertEquals(large, new String(inner.readExactly(large.length()), StandardCharsets.US_ASCII));
                inner.write("HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
                inner.readAll(1);
            }
        });
                var http = client(server, PROXY_UNDER_TLS)) {
            assertEquals(large, http.post("https://secure.example/x", large).text());
            assertTrue(heads.getFirst().startsWith("CONNECT secure.example:443 HTTP/1.1\r\n"), heads.getFirst());
            assertTrue(heads.getLast().startsWith("POST /x HTTP/1.1\r\nHost: secure.example\r\n"), heads.getLast());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://plain.example/", "https://secure.example/"})
    void proxyThatIsNotWhoItMustBeIsRefusedAndNamed(String url) {
        Heddle.run(() -> {
            var refused = new Promise<TlsException>();
            try (var server = ScriptedServer
                    .of(peer -> refused.complete(assertThrows(TlsException.class, () -> underTls(peer))));
                    // What the client trusts, or does not ask for, is about servers.
                    var http = server.client().tls(TRUSTING_PROXY.insecure())
                            .proxy(Proxy.https("proxy.example", 443)).build()) {
                var e = assertThrows(ProxyException.class, () -> http.get(url));
                assertTrue(e.detail().startsWith("no TLS with the proxy https://proxy.example:443: "),
                        e.getMessage());
                assertEquals(0, http.statistics().connections());
                refused.join(); // by an alert, which the proxy hears
            }
        });
    }

    @SimTest(seeds = 3)
    void proxyThatDoesNotSpeakTlsIsNamed() {
        try (var server = ScriptedServer.of(peer -> peer.send("HTTP/1.1 400 X\r\n\r\n"));
                var http = client(server, PROXY_UNDER_TLS)) {
            var e = assertThrows(ProxyException.class, () -> http.get("http://plain.example/"));
            assertTrue(e.detail().startsWith("no TLS with the proxy https://proxy.example:443: "), e.getMessage());
        }
    }

    @SimTest(seeds = 3)
    void proxyThatIsSilentInItsHandshakeIsBounded() {
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = client(server, PROXY_UNDER_TLS)) {
            var e = assertThrows(DeadlineExceededException.class, () -> http.get("http://plain.example/"));
            assertEquals("GET http://plain.example/: no way through the proxy after 10 s", e.getMessage());
            assertEquals(0, http.statistics().connections());
        }
    }

    @Test
    void onlyAProxyUnderTlsHasTermsOfTls() {
        assertThrows(IllegalArgumentException.class, () -> PROXY.withTls(TRUSTING));
        assertThrows(IllegalArgumentException.class, () -> SOCKS.withTls(TRUSTING));
        assertNotEquals(PROXY_UNDER_TLS, Proxy.https("proxy.example", 443));
        assertEquals(PROXY_UNDER_TLS, Proxy.https("PROXY.example", 443).withTls(TRUSTING_PROXY));
        assertNotEquals(Proxy.http("proxy.example", 443), Proxy.https("proxy.example", 443));
    }

    // ---- one request ----

    @SimTest(seeds = 3)
    void requestMayGoItsOwnWay() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().build()) {
            for (int i = 0; i < 2; i++) {
                // A proxy that is equal is the same one, so its connection is used again.
                Proxy proxy = Proxy.http("PROXY.example", 3128);
                assertEquals("hello", http.request("GET", "http://plain.example/").proxy(proxy).send().text());
            }
            assertEquals("hello", http.get("http://plain.example/").text());
            assertEquals(List.of("proxy.example:3128", "plain.example:80"), server.connects);
            assertTrue(server.requests.get(1).startsWith("GET http://plain.example/ "), server.requests.get(1));
            assertTrue(server.requests.get(2).startsWith("GET / "), server.requests.get(2));
            assertEquals(2, http.statisticsByOrigin().get(URI.create("http://plain.example")).idle());
        }
    }

    @SimTest(seeds = 3)
    void requestMayGoStraightPastTheProxyOfItsClient() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = client(server, PROXY)) {
            http.request("GET", "http://plain.example/").proxy(ProxySettings.NONE).send().close();
            http.get("http://plain.example/").close();
            assertEquals(List.of("plain.example:80", "proxy.example:3128"), server.connects);
        }
    }

    @SimTest(seeds = 3)
    void redirectGoesTheWayOfItsRequest() {
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send(peer.lastRequest().contains("//a.example/")
                        ? "HTTP/1.1 302 X\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n"
                        : HELLO);
            }
        });
                var http = server.client().build()) {
            assertEquals("hello", http.request("GET", "http://a.example/").proxy(PROXY).send().text());
            assertEquals(List.of("proxy.example:3128", "proxy.example:3128"), server.connects);
        }
    }

    @SimTest(seeds = 2)
    void requestsWithOtherCredentialsForTheProxyShareNoConnection() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().build()) {
            for (Proxy proxy : List.of(PROXY, PROXY.withCredentials("a", "1"), PROXY.withCredentials("a", "2"),
                    PROXY.withCredentials("a", "1"))) {
                http.request("GET", "http://plain.example/").proxy(proxy).send().close();
            }
            assertEquals(3, server.connects.size());
            assertEquals(PROXY, Proxy.http("proxy.example", 3128));
            assertEquals(PROXY.hashCode(), Proxy.http("proxy.example", 3128).hashCode());
            assertNotEquals(PROXY, Proxy.socks5("proxy.example", 3128));
        }
    }

    @Test
    void requestOfAUnixSocketHasNoProxy() {
        try (var http = HttpClient.builder().unixSocket(Path.of("/x")).build()) {
            var request = http.request("GET", "http://h/").proxy(ProxySettings.NONE);
            assertThrows(IllegalStateException.class, () -> request.proxy(PROXY));
        }
    }

    // ---- SOCKS5 ----

    @SimTest(seeds = 3)
    void socksGetsTheNameAndThePasswordAndThenLeadsToTheServer() {
        List<String> said = new ArrayList<>();
        try (var server = ScriptedServer.of(peer -> {
            said.add(Arrays.toString(peer.stream().readExactly(3)));
            peer.send(new byte[]{5, 2});
            said.add(Arrays.toString(peer.stream().readExactly(1)) + peer.body(3) + peer.body(5));
            peer.send(new byte[]{1, 0});
            said.add(Arrays.toString(peer.stream().readExactly(5)) + peer.body(13)
                    + Arrays.toString(peer.stream().readExactly(2)));
            peer.send(new byte[]{5, 0, 0, 1, 1, 2, 3, 4, 5, 6});
            while (peer.hasRequest()) {
                peer.send(HELLO);
            }
        });
                var http = client(server, SOCKS.withCredentials("me", "word"))) {
            assertEquals("hello", http.get("http://plain.example:8080/x").text());
            assertEquals("hello", http.get("http://plain.example:8080/y").text());
            assertEquals(List.of("proxy.example:1080"), server.connects);
            assertEquals(
                    List.of("[5, 1, 2]", "[1]\u0002me\u0004word", "[5, 1, 0, 3, 13]plain.example[31, -112]"), said);
            assertTrue(server.requests.getFirst().startsWith("GET /x HTTP/1.1\r\nHost: plain.example:8080\r\n"));
            assertFalse(server.requests.getFirst().contains("Proxy-"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "0500 | 05020001 00000000 0000 | not allowed by its rules",
            "0500 | 05050001 | connection refused",
            "0500 | 0563 0001 | failure 99",
            "0500 | 05000009 | unknown address type 9",
            "0500 | 0400 | does not connect",
            "0500 | 05000003 02 6161 0050 48 | bytes of its own",
            "0500 | 0500 | does not connect",
            "05ff | '' | it wants credentials",
            "0502 | '' | it wants credentials",
            "4854 | '' | does not speak SOCKS5",
            "'' | '' | does not connect",
    })
    void socksProxyThatDoesNotConnectIsNamedWithItsReason(String choice, String answer, String reason) {
        Heddle.run(() -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.stream().readExactly(3);
                peer.send(HexFormat.of().parseHex(choice));
                if (!answer.isEmpty()) {
                    peer.stream().readExactly(4 + 16);
                    peer.send(HexFormat.of().parseHex(answer.replace(" ", "")));
                }
            });
                    var http = client(server, SOCKS)) {
                var e = assertThrows(ProxyException.class, () -> http.get("http://plain.example/"));
                assertTrue(e.getMessage().contains("socks5://proxy.example:1080"), e.getMessage());
                assertTrue(e.getMessage().contains(reason), e.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        });
    }

    @SimTest(seeds = 2)
    void socksGetsAddressesAsSuch() {
        for (String host : List.of("192.0.2.1", "[2001:db8::1]")) {
            byte[] address = host.startsWith("1")
                    ? new byte[]{1, (byte) 192, 0, 2, 1}
                    : new byte[]{4, 0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
            try (var server = ScriptedServer.of(peer -> {
                peer.stream().readExactly(3);
                peer.send(new byte[]{5, 0});
                peer.stream().readExactly(3);
                assertEquals(Arrays.toString(address),
                        Arrays.toString(peer.stream().readExactly(address.length)));
                peer.stream().readExactly(2);
                peer.send(new byte[]{5, 0, 0, 3, 1, 'a', 0, 0});
                peer.request();
                peer.send(HELLO);
            });
                    var http = client(server, SOCKS)) {
                assertEquals("hello", http.get("http://" + host + "/").text());
            }
        }
    }

    // ---- settings ----

    private static String route(Map<String, String> environment, boolean tls) {
        return String
                .valueOf(ProxySettings.fromEnvironment(environment).rules().proxyFor(new Origin(tls, "h.example", 80)));
    }

    @Test
    void environmentNamesTheProxies() {
        assertEquals("http://a:1", route(Map.of("http_proxy", "http://a:1", "HTTP_PROXY", "http://b:2"), false));
        assertEquals("http://b:2", route(Map.of("http_proxy", " ", "HTTP_PROXY", "b:2"), false));
        assertEquals("null", route(Map.of("http_proxy", "http://a:1"), true));
        assertEquals("socks5://c:1080", route(Map.of("ALL_PROXY", "socks5h://c"), true));
        assertEquals("http://d:80", route(Map.of("ALL_PROXY", "socks5://c", "https_proxy", "d"), true));
        assertEquals("https://e:443", route(Map.of("https_proxy", "HTTPS://e"), true));
        assertEquals("https://e:8443", route(Map.of("all_proxy", "https://e:8443"), false));
        assertEquals("null", route(Map.of("all_proxy", "c", "no_proxy", ".example"), true));
        assertEquals("null", route(Map.of("all_proxy", "c", "NO_PROXY", "*"), true));
        assertEquals("null", route(Map.of(), true));
    }

    @Test
    void fieldOfACgiRequestIsNoProxy() {
        assertEquals("null", route(Map.of("HTTP_PROXY", "http://evil:1", "REQUEST_METHOD", "GET"), false));
        assertEquals("http://a:1", route(Map.of("http_proxy", "http://a:1", "REQUEST_METHOD", "GET"), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h:1", "https://", "http://", "http://user:top-secret@h:99999", "http://h h",
            "://"})
    void proxyThatCannotBeUsedIsRefusedWithoutRepeatingItsPassword(String text) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> ProxySettings.fromEnvironment(Map.of("http_proxy", text)));
        assertTrue(e.getMessage().startsWith("bad proxy in http_proxy"), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @Test
    void credentialsOfTheEnvironmentAreDecodedAndNeverShown() {
        Proxy proxy = Proxy.parse("x", "http://m%65:w%3Ard@h:1");
        assertEquals("me", proxy.server().user());
        assertEquals("w:rd", proxy.server().password());
        assertEquals("http://h:1", proxy.toString());
    }

    @ParameterizedTest
    @CsvSource({
            "example.org, http://example.org/, true",
            "example.org, http://www.example.org/, true",
            ".example.org, http://example.org/, true",
            "*.example.org, http://a.example.org/, true",
            "example.org, http://notexample.org/, false",
            "EXAMPLE.org:8080, http://example.org:8080/, true",
            "example.org:8080, http://example.org/, false",
            "fe80::1%eth0, http://[fe80::1]/, true",
            "[fe80::1%25eth0]:80, http://[fe80::1]/, true",
            "fe80::%1/10, http://[fe80::2]/, true",
            "fe80::1%eth0, http://[fe80::2]/, false",
            "10.0.0.0/8, http://10.1.2.3/, true",
            "10.0.0.0/8, http://11.1.2.3/, false",
            "10.0.0.0/8, http://10.example/, false",
            "10.1.2.3:81, http://10.1.2.3:81/, true",
            "2001:db8::/32, http://[2001:db8:1::5]/, true",
            "[2001:db8::1]:80, http://[2001:db8::1]/, true",
            "2001:db8::/32, http://[2001:db9::1]/, false",
            "10.0.0.0/99, http://10.0.0.1/, false",
            "0.0.1, http://10.0.0.1/, false",
            "'', http://localhost/, true",
            "'', http://a.localhost/, true",
            "'', http://127.9.9.9/, true",
            "'', http://LOCALHOST./, true",
            "'', 'http://[::ffff:127.0.0.1]/', true",
            "example.org, http://www.example.org./, true",
            "example.org., http://www.example.org/, true",
            "10.0.0.0/8, 'http://[::ffff:10.1.2.3]/', true",
            "'', http://[::1]/, true",
            "'', http://example.org/, false",
            "*, http://10.0.0.1/, true",
    })
    void exceptionsGoStraight(String list, String url, boolean straight) {
        ProxySettings settings = ProxySettings.of(PROXY).withExceptions(" ," + list);
        assertEquals(straight, settings.rules().proxyFor(ClientUrl.parse(url).origin()) == null);
    }

    @Test
    void unixSocketAndAProxyAreAContradiction() {
        var builder = HttpClient.builder().proxy(PROXY).unixSocket(Path.of("/x"));
        assertThrows(IllegalStateException.class, builder::build);
    }

    @Test
    void credentialsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PROXY.withCredentials("a:b", "x"));
        assertThrows(IllegalArgumentException.class, () -> SOCKS.withCredentials("", "x"));
        assertThrows(IllegalArgumentException.class, () -> SOCKS.withCredentials("x", "y".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("a\r\nb", 1));
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("h", 0));
        assertEquals("http://[::1]:1", Proxy.http("::1", 1).toString());
    }
}
