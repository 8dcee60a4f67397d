package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Wire;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.http.internal.syntax.Network;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose word counts about where a request comes from. The peers here are streams in memory, so like those of Unix
 * sockets.
 */
final class TrustedProxiesTest {

    private static HttpServer.Builder server() {
        return HttpServer.builder().get("/", r -> Response.text(r.clientAddress().replaceAll("memory.*", "peer") + " "
                + r.scheme() + " " + r.host().orElse("none")));
    }

    private static String ask(HttpServer.Builder server, String fields) {
        String lines = fields.isEmpty() ? "" : fields.replace("|", "\r\n") + "\r\n";
        return Wire.body(Wire.ask(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + lines + "\r\n"));
    }

    @Test
    void withoutTrustTheFieldsChangeNothing() {
        String fields = "X-Forwarded-For: 1.2.3.4|X-Forwarded-Proto: https|X-Forwarded-Host: evil|Forwarded: for=1.2.3.4";
        assertEquals("peer http a", ask(server(), fields));
        assertEquals("peer http a", ask(server().trustProxies("10.0.0.0/8"), fields));
        assertEquals("peer http a", ask(server().trustForwarded("10.0.0.0/8"), fields));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "X-Forwarded-For: 1.2.3.4; 1.2.3.4 http a",
            "X-Forwarded-For: 9.9.9.9, 1.2.3.4; 1.2.3.4 http a",
            "X-Forwarded-For: 9.9.9.9, 1.2.3.4, 10.1.2.3; 1.2.3.4 http a",
            "X-Forwarded-For: 9.9.9.9|X-Forwarded-For: 1.2.3.4|X-Forwarded-For: 10.0.0.1; 1.2.3.4 http a",
            "X-Forwarded-For: 10.0.0.7, 10.0.0.1; 10.0.0.7 http a",
            "X-Forwarded-For: 1.2.3.4:5678; 1.2.3.4 http a",
            "X-Forwarded-For: 2001:db8::1; 2001:db8::1 http a",
            "X-Forwarded-For: [2001:db8::1]:80; 2001:db8::1 http a",
            "X-Forwarded-For: 1.2.3.4, unknown; peer http a",
            "X-Forwarded-For: 1.2.3.4, unknown, 10.0.0.1; 10.0.0.1 http a",
            "X-Forwarded-For: 1.2.3.4, ; peer http a",
            "X-Forwarded-For: 1.2.3; peer http a",
            "X-Forwarded-For: 010.0.0.1; peer http a",
            "X-Forwarded-For: fe80::1%eth0; fe80::1 http a",
            "X-Forwarded-Proto: https; peer https a",
            "X-Forwarded-Proto: https, http; peer http a",
            "X-Forwarded-Proto: HTTPS; peer https a",
            "X-Forwarded-Proto: gopher; peer http a",
            "X-Forwarded-Host: b.example:8443; peer http b.example:8443",
            "X-Forwarded-Host: evil, b; peer http b",
            "X-Forwarded-Host: b/../c; peer http a",
            "Forwarded: for=1.2.3.4; peer http a"
    })
    void trustedPeersListIsReadFromItsEnd(String fields, String seen) {
        assertEquals(seen, ask(server().trustProxies("unix", "10.0.0.0/8"), fields));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
            "Forwarded: for=1.2.3.4;proto=https;host=b # 1.2.3.4 https b",
            "Forwarded: For=1.2.3.4;Proto=HTTPS;HOST=\"b:81\" # 1.2.3.4 https b:81",
            "Forwarded: for=9.9.9.9;host=evil, for=1.2.3.4;host=b, for=10.0.0.1 # 1.2.3.4 http b",
            "Forwarded: for=\"[2001:db8::1]:4711\" # 2001:db8::1 http a",
            "Forwarded: for=_hidden;proto=https # peer https a",
            "Forwarded: for=1.2.3.4, for=unknown # peer http a",
            "Forwarded: for=\"1.2.3.4, for=5.6.7.8 # 5.6.7.8 http a",
            "Forwarded: for=1.2.3.4, nonsense # peer http a",
            "Forwarded: for=1.2.3.4, for=\"10.0.0.1 # peer http a",
            "Forwarded: by=3.3.3.3;host=\"b c\" # peer http a",
            "X-Forwarded-For: 1.2.3.4 # peer http a"
    })
    void forwardedIsReadLikewise(String fields, String seen) {
        assertEquals(seen, ask(server().trustForwarded("unix", "10.0.0.0/8"), fields));
    }

    @Test
    void listOfManyHopsIsReadInTheEndOnly() {
        String hops = "10.0.0.1, ".repeat(1_000);
        String seen = ask(server().trustProxies("unix", "10.0.0.0/8"),
                "X-Forwarded-For: 1.2.3.4, " + hops + "10.0.0.2");
        assertEquals("10.0.0.1 http a", seen);
    }

    @Test
    void peersOwnAddressDecides() {
        Sim.run(() -> {
            for (String trusted : new String[]{"127.0.0.0/8", "127.0.0.1", "192.0.2.0/24"}) {
                try (HttpServer started = server().trustProxies(trusted).start("127.0.0.1", 0);
                        ByteStream peer = Tcp.connect("127.0.0.1", started.port())) {
                    peer.write("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");
                    String client = trusted.startsWith("127") ? "1.2.3.4" : "127.0.0.1";
                    assertEquals(client + " http a", Wire.body(Wire.response(peer)));
                }
            }
        });
    }

    @Test
    void rangesContainWhatTheyShould() {
        assertTrue(Network.parse("10.128.0.0/9").contains(IpAddresses.parse("10.255.1.1")));
        assertFalse(Network.parse("10.128.0.0/9").contains(IpAddresses.parse("10.127.1.1")));
        assertTrue(Network.parse("::/0").contains(IpAddresses.parse("2001:db8::1")));
        assertFalse(Network.parse("::/0").contains(IpAddresses.parse("1.2.3.4")));
        assertTrue(Network.parse("1.2.3.4").contains(IpAddresses.parse("::ffff:1.2.3.4")),
                "one address, two spellings");
        assertFalse(Network.parse("fd00::/8").contains(IpAddresses.parse("fe00::1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::/129", "example.org", "10.0.0.0/-1",
            "10.0.0.0/x", "fe80::1%eth0", "0x7f.1", "10.0.0.0/"})
    void whatIsNoRangeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().trustProxies(text));
    }
}
