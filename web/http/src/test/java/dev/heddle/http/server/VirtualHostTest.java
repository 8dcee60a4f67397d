package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several hosts in one server, and what TLS has to do with them. */
final class VirtualHostTest {

    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("a.example", "b.example", "www.a.example",
            "c.example");
    private static final ClientTls CLIENT = ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.certificate()));

    private static Routes says(String text) {
        return Routes.create().get("/", r -> Response.text(text));
    }

    private static HttpServer.Builder server() {
        Routes a = says("a");
        return HttpServer.builder()
                .get("/", r -> Response.text("other"))
                .host("a.example", a)
                .host("www.a.example", a)
                .host("B.example", says("b"))
                .host("*.c.example", says("any c"))
                .host("x.c.example", says("x"))
                .host("[::1]", says("six"));
    }

    private static String ask(String host) {
        return Wire.body(Wire.ask(server(), "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"a.example,a", "A.Example:8080,a", "www.a.example,a", "b.example,b", "y.c.example,any c",
            "x.c.example,x",
            "c.example,other", "z.y.c.example,other", "other,other", "[::1]:80,six", "[::1],six", "a.example.,a"})
    void hostChoosesTheRoutes(String host, String said) {
        assertEquals(said, ask(host));
    }

    @Test
    void requestWithoutAHostGoesToTheOthers() {
        assertEquals("other", Wire.body(Wire.ask(server(), "GET / HTTP/1.0\r\n\r\n")));
    }

    @Test
    void absoluteTargetNamesTheHost() {
        assertEquals("b", Wire.body(Wire.ask(server(), "GET http://b.example/ HTTP/1.1\r\nHost: b.example\r\n"
                + "Connection: close\r\n\r\n")));
    }

    @Test
    void trustedProxyNamesTheHost() {
        assertEquals("b", Wire.body(Wire.ask(server().trustProxies("unix"),
                "GET / HTTP/1.1\r\nHost: inner\r\nX-Forwarded-Host: b.example\r\nConnection: close\r\n\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.example:80", "a b", "*", "a.*.b", "http://a", "[::1]:80"})
    void whatIsNoHostIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().host(name, says("")));
    }

    @Test
    void hostHasItsRoutesOnce() {
        assertThrows(IllegalArgumentException.class, () -> server().host("A.EXAMPLE", says("")));
    }

    private static String askOverTls(HttpServer.Builder server, String named, String host) {
        return Sim.run(1, () -> {
            HttpServer built = server.build();
            MemoryStreams.Pair pair = MemoryStreams.pair();
            Task<Void> serving = Heddle.spawn(
                    () -> built.serve(Tls.upgradeServer(pair.right(), ServerTls.of(IDENTITY))));
            try (ByteStream secure = Tls.upgradeClient(pair.left(), named, CLIENT)) {
                secure.write("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
                return Wire.text(secure.readAll(10_000));
            } finally {
                serving.join();
            }
        });
    }

    @Test
    void anotherHostThanTlsWasAskedForIsMisdirected() {
        assertTrue(askOverTls(server(), "a.example", "a.example").endsWith("\r\na"));
        assertEquals(421, Wire.status(askOverTls(server(), "a.example", "b.example")));
        assertEquals(421, Wire.status(askOverTls(server(), "a.example", "unknown")));
        assertEquals(421, Wire.status(askOverTls(server(), "c.example", "b.example")));
    }

    @Test
    void namesWithTheSameRoutesMayShareAConnection() {
        assertTrue(askOverTls(server(), "www.a.example", "a.example").endsWith("\r\na"));
        assertTrue(askOverTls(HttpServer.builder().get("/", r -> Response.text("one")), "a.example", "b.example")
                .endsWith("\r\none"));
    }

    @Test
    void whatATrustedProxyPassesOnIsNotChecked() {
        assertTrue(askOverTls(server().trustProxies("unix"), "a.example", "b.example").endsWith("\r\nb"));
    }

    @Test
    void handlerSeesWhatTlsHasAgreedOn() {
        var server = HttpServer.builder().get("/", r -> Response.text(r.scheme() + r.isSecure() + " "
                + r.tls().orElseThrow().version() + " " + r.tls().orElseThrow().cipherSuite() + " "
                + r.tls().orElseThrow().serverName() + " " + r.tls().orElseThrow().peerCertificates().size()));
        String answer = Wire.body(askOverTls(server, "a.example", "a.example"));
        assertTrue(answer.matches("httpstrue \\S+ TLS_\\S+ a.example 0"), answer);
        var plain = HttpServer.builder().get("/", r -> Response.text(r.scheme() + r.isSecure() + r.tls().isPresent()
                + r.localAddress().startsWith("memory")));
        assertEquals("httpfalsefalsetrue", Wire.body(Wire.ask(plain, "GET / HTTP/1.0\r\n\r\n")));
    }

    @ParameterizedTest
    @CsvSource({"/a?b=1,a.example:80,443,https://a.example/a?b=1", "/,[::1],8443,https://[::1]:8443/",
            "http://a.example/x,a.example,443,https://a.example/x"})
    void plainRequestsAreSentToHttps(String target, String host, int port, String location) {
        var server = HttpServer.builder()
                .use(port == 443 ? HttpsOnly.redirecting() : HttpsOnly.redirectingTo(port))
                .any("/{path...}", r -> Response.text("secure"));
        String answer = Wire.ask(server,
                "POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertEquals(308, Wire.status(answer));
        assertTrue(answer.contains("\r\nLocation: " + location + "\r\n"), answer);
    }

    @Test
    void httpsRequestsPassAndThoseWithoutAHostCannotBeSentOn() {
        var server = HttpServer.builder().use(HttpsOnly.redirecting()).get("/", r -> Response.text("secure"));
        assertTrue(askOverTls(server, "a.example", "a.example").endsWith("\r\nsecure"));
        assertTrue(Wire.ask(server.trustProxies("unix"), "GET / HTTP/1.0\r\nX-Forwarded-Proto: https\r\n\r\n")
                .endsWith("\r\nsecure"));
        assertEquals(400, Wire.status(Wire.ask(server, "GET / HTTP/1.0\r\n\r\n")));
        assertEquals(204, Wire.status(Wire.ask(server, "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        assertThrows(IllegalArgumentException.class, () -> HttpsOnly.redirectingTo(0));
    }
}
