package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.AddressRefusedException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that fetches URLs of strangers goes nowhere but to the public Internet. */
final class AddressRulesTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.34");
    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.1.2.3");

    private interface Body {
        void run(SimNetwork network, HttpClient http) throws Exception;
    }

    /** A network with a public server and one inside, and a client with the rules that tells what it asks for. */
    private static void inNetwork(Body body) {
        Sim.run(SimOptions.DEFAULT, sim -> {
            try (HttpServer _ = serving(sim.network().host("public", PUBLIC), "public");
                    HttpServer _ = serving(sim.network().host("inside", INSIDE), "inside");
                    var http = HttpClient.builder().addresses(AddressRules.PUBLIC).build()) {
                body.run(sim.network(), http);
            }
        });
    }

    private static HttpServer serving(SimHost host, String text) throws Exception {
        return host.run(() -> HttpServer.builder()
                .get("/", r -> Response.text(text))
                .get("/to/{host}", r -> Response.redirect(303, "http://" + r.path("host") + "/"))
                .start("0.0.0.0", 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.128.0.1",
            "223.255.255.255",
            "2606:2800:220:1:248:1893:25c8:1946", "2a00::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"})
    void publicAddressIsAllowed(String address) {
        assertTrue(AddressRules.PUBLIC.allows(InetAddress.ofLiteral(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
            "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
            "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1",
            "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "100::1", "2001::1",
            "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"})
    void addressThatIsNotPublicIsRefused(String address) {
        assertFalse(AddressRules.PUBLIC.allows(InetAddress.ofLiteral(address)));
    }

    @Test
    void rangesAreAllowedThoughNotPublicAndRefusedWhateverElseIsSaid() {
        AddressRules rules = AddressRules.PUBLIC.withAllowed("10.1.0.0/16", "fd00::/8")
                .withRefused("10.1.9.0/24", "1.1.1.1")
                .withAllowed("1.1.1.1");
        assertTrue(rules.allows(INSIDE));
        assertTrue(rules.allows(InetAddress.ofLiteral("fd00::1")));
        assertTrue(rules.allows(InetAddress.ofLiteral("64:ff9b::10.1.2.3")));
        assertTrue(rules.allows(InetAddress.ofLiteral("1.0.0.1")));
        assertFalse(rules.allows(InetAddress.ofLiteral("10.1.9.1")));
        assertFalse(rules.allows(InetAddress.ofLiteral("10.2.0.1")));
        assertFalse(rules.allows(InetAddress.ofLiteral("1.1.1.1")));
        AddressRules all = AddressRules.PUBLIC.withAllowed("::/0").withRefused("169.254.169.254");
        assertTrue(all.allows(InetAddress.ofLiteral("64:ff9b::10.1.2.3")));
        assertFalse(all.allows(InetAddress.ofLiteral("64:ff9b::169.254.169.254")));
        assertThrows(IllegalArgumentException.class, () -> AddressRules.PUBLIC.withAllowed("10.0.0.0/33"));
    }

    @Test
    void hostThatLeadsInsideIsRefused() {
        inNetwork((network, http) -> {
            assertEquals("public", http.get("http://public/").text());
            for (String host : List.of("inside", "10.1.2.3", "[::ffff:10.1.2.3]", "localhost", "INSIDE.", "[::1]")) {
                network.name("inside.", INSIDE);
                var e = assertThrows(AddressRefusedException.class, () -> http.get("http://" + host + "/"));
                assertTrue(e.detail().startsWith("must not connect to "), e.getMessage());
            }
            assertThrows(AddressRefusedException.class, () -> http.webSocket("ws://inside/").connect());
            assertEquals(1, http.statistics().connections());
        });
    }

    @Test
    void redirectThatLeadsInsideIsRefused() {
        inNetwork((network, http) -> {
            for (String host : List.of("inside", "10.1.2.3", "localhost")) {
                assertThrows(AddressRefusedException.class, () -> http.get("http://public/to/" + host));
            }
            assertEquals("public", http.get("http://public/to/public").text());
        });
    }

    @Test
    void nameWithAddressesOfBothKindsLeadsToThePublicOne() {
        inNetwork((network, http) -> {
            network.name("both", INSIDE, PUBLIC);
            assertEquals("public", http.get("http://both/").text());
        });
    }

    @Test
    void nameThatChangesItsAnswerIsCheckedAtEachConnect() {
        inNetwork((network, http) -> {
            network.name("rebound", PUBLIC);
            assertEquals("public", http.get("http://rebound/").text());
            network.name("rebound", INSIDE);
            // Longer than an answer is remembered, and than the connection is kept.
            Heddle.sleep(Duration.ofMinutes(5));
            var e = assertThrows(AddressRefusedException.class, () -> http.get("http://rebound/"));
            assertEquals("GET http://rebound/: must not connect to rebound (10.1.2.3)", e.getMessage());
            assertEquals(List.of(INSIDE), e.addresses());
        });
    }

    @Test
    void httpProxyGetsATunnelToTheCheckedAddress() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().name("site.example", PUBLIC);
            sim.network().name("inside.example", INSIDE);
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                while (peer.hasRequest()) {
                    peer.send(HELLO);
                }
            }); var http = HttpClient.builder().addresses(AddressRules.PUBLIC).proxy(proxy(server)).build()) {
                assertEquals("hello", http.get("http://site.example/a").text());
                assertEquals("CONNECT 93.184.216.34:80 HTTP/1.1\r\nHost: 93.184.216.34:80\r\n\r\n",
                        server.requests.getFirst());
                assertTrue(server.requests.get(1).startsWith("GET /a HTTP/1.1\r\nHost: site.example\r\n"));
                assertThrows(AddressRefusedException.class, () -> http.get("http://inside.example/"));
                assertThrows(AddressRefusedException.class, () -> http.get("https://inside.example/"));
                assertEquals(2, server.requests.size());
            }
        });
    }

    @Test
    void socksProxyGetsTheCheckedAddress() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().name("site.example", InetAddress.ofLiteral("2a00::1"));
            byte[] address = InetAddress.ofLiteral("2a00::1").getAddress();
            try (var server = ScriptedServer.of(peer -> {
                peer.stream().readExactly(3);
                peer.send(new byte[]{5, 0});
                byte[] asked = peer.stream().readExactly(4 + address.length + 2);
                assertEquals(Arrays.toString(address),
                        Arrays.toString(Arrays.copyOfRange(asked, 4, 4 + address.length)));
                peer.send(new byte[]{5, 0, 0, 1, 1, 2, 3, 4, 5, 6});
                peer.request();
                peer.send(HELLO);
                peer.awaitEnd();
            });
                    var http = HttpClient.builder()
                            .addresses(AddressRules.PUBLIC)
                            .proxy(Proxy.socks5("127.0.0.1", proxy(server).port()))
                            .build()) {
                assertEquals("hello", http.get("http://site.example/a").text());
            }
        });
    }

    @Test
    void proxyIsAskedForTheNextCheckedAddressWhereOneCannotBeReached() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().name("site.example", InetAddress.ofLiteral("2a00::1"), INSIDE, PUBLIC,
                    InetAddress.ofLiteral("1.1.1.1"));
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 504 Gateway Timeout\r\n\r\n");
            }, peer -> {
                peer.request();
                // No answer: it waits for the address itself.
                peer.awaitEnd();
            }, peer -> {
                peer.request();
                peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                peer.request();
                peer.send(HELLO);
            }); var http = HttpClient.builder().addresses(AddressRules.PUBLIC).proxy(proxy(server)).build()) {
                assertEquals("hello", http.get("http://site.example/a").text());
                assertEquals(
                        List.of("CONNECT [2a00::1]:80", "CONNECT 93.184.216.34:80", "CONNECT 1.1.1.1:80", "GET /a"),
                        server.requests.stream().map(head -> head.substring(0, head.indexOf(" HTTP"))).toList());
                assertEquals(1, http.statistics().connections());
            }
        });
    }

    @Test
    void proxyThatRefusesIsAskedForNoOtherAddress() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().name("site.example", PUBLIC, InetAddress.ofLiteral("1.1.1.1"));
            try (var server = ScriptedServer.answering("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
                    var http = HttpClient.builder().addresses(AddressRules.PUBLIC).proxy(proxy(server)).build()) {
                assertThrows(ProxyException.class, () -> http.get("http://site.example/a"));
                assertEquals(1, server.requests.size());
            }
        });
    }

    @Test
    void socksProxyIsAskedForTheNextAddressToo() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            sim.network().name("site.example", InetAddress.ofLiteral("2a00::1"), PUBLIC);
            try (var server = ScriptedServer.of(peer -> {
                peer.stream().readExactly(3);
                peer.send(new byte[]{5, 0});
                peer.stream().readExactly(4 + 16 + 2);
                // It has no IPv6.
                peer.send(new byte[]{5, 8, 0, 1, 0, 0, 0, 0, 0, 0});
            }, peer -> {
                peer.stream().readExactly(3);
                peer.send(new byte[]{5, 0});
                peer.stream().readExactly(4 + 4 + 2);
                peer.send(new byte[]{5, 0, 0, 1, 1, 2, 3, 4, 5, 6});
                peer.request();
                peer.send(HELLO);
            });
                    var http = HttpClient.builder()
                            .addresses(AddressRules.PUBLIC)
                            .proxy(Proxy.socks5("127.0.0.1", proxy(server).port()))
                            .build()) {
                assertEquals("hello", http.get("http://site.example/a").text());
            }
        });
    }

    @Test
    void nameWithoutAddressIsAConnectThatFailedThroughAProxyToo() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            try (var server = ScriptedServer.answering(HELLO);
                    var http = HttpClient.builder().addresses(AddressRules.PUBLIC).proxy(proxy(server)).build()) {
                var e = assertThrows(ConnectFailedException.class, () -> http.get("http://nowhere.example/"));
                assertEquals(ConnectFailedException.Phase.RESOLVE, e.phase());
                assertEquals("nowhere.example:80", e.target());
                assertEquals(0, server.requests.size());
            }
        });
    }

    @Test
    void sourceOfEventsWaitsForANameAndForAServerBehindItsProxy() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 503 Service Unavailable\r\n\r\n");
            }, peer -> {
                peer.request();
                peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n");
                peer.awaitEnd();
            });
                    var http = HttpClient.builder().addresses(AddressRules.PUBLIC).proxy(proxy(server)).build();
                    var source = EventSource.of(http.request("GET", "http://site.example/"))) {
                Heddle.spawn(() -> {
                    Heddle.sleep(Duration.ofSeconds(20));
                    sim.network().name("site.example", PUBLIC);
                });
                assertEquals("a", source.iterator().next().data());
            }
        });
    }

    private static Proxy proxy(ScriptedServer server) {
        return Proxy.http("127.0.0.1", Integer.parseInt(server.url().substring(server.url().lastIndexOf(':') + 1)));
    }

    @Test
    void waysOfOnesOwnCannotBeChecked() {
        var builder = HttpClient.builder().addresses(AddressRules.PUBLIC).connector(Tcp::connect);
        assertThrows(IllegalStateException.class, builder::build);
    }
}
