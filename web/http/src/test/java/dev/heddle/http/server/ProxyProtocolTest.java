package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.proxy.ProxyHeader;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header that a balancer puts in front of a connection. */
final class ProxyProtocolTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V2_TCP4 = SIGNATURE + "2111000c" + "c0000201" + "0a000001" + "1f90" + "01bb";
    private static final String V2_TCP6 = SIGNATURE + "21210024" + "20010db8000000000000000000000001"
            + "00000000000000000000000000000001" + "0050" + "01bb";
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static HttpServer.Builder server() {
        return HttpServer.builder()
                .proxyProtocol("127.0.0.1")
                .get("/", r -> Response.text(r.remoteAddress() + " " + r.localAddress()));
    }

    /** What a connection that begins so is told; empty if it is closed. */
    private static String ask(HttpServer.Builder server, byte[]... pieces) {
        return Sim.run(() -> {
            try (HttpServer started = server.start("127.0.0.1", 0);
                    ByteStream peer = Tcp.connect("127.0.0.1", started.port())) {
                try {
                    for (byte[] piece : pieces) {
                        peer.write(piece);
                        Heddle.sleep(Duration.ofMillis(10));
                    }
                    String answer = Wire.text(peer.readAll(10_000));
                    return answer.isEmpty() ? "" : Wire.body(answer);
                } catch (BrokenException reset) {
                    return "";
                }
            }
        });
    }

    private static byte[] bytes(String header) {
        return header.startsWith("0d0a")
                ? HexFormat.of().parseHex(header)
                : header.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    @ParameterizedTest
    @CsvSource({
            "PROXY TCP4 192.0.2.1 10.0.0.1 8080 443|, 192.0.2.1:8080 10.0.0.1:443",
            "PROXY TCP6 2001:db8::1 ::1 80 443|, [2001:db8::1]:80 [::1]:443",
            V2_TCP4 + ", 192.0.2.1:8080 10.0.0.1:443",
            V2_TCP6 + ", [2001:db8:0:0:0:0:0:1]:80 [0:0:0:0:0:0:0:1]:443",
            // What follows the addresses is skipped by its length: no TLV is read, not even a broken or a nested one.
            SIGNATURE + "21110013" + "c00002010a0000011f9001bb" + "20000401000000, 192.0.2.1:8080 10.0.0.1:443",
            SIGNATURE + "21110014" + "c00002010a0000011f9001bb" + "2000ffff20000800, 192.0.2.1:8080 10.0.0.1:443"
    })
    void requestComesFromWhomTheHeaderNames(String header, String seen) {
        byte[] ask = Wire.latin1(ASK);
        assertEquals(seen, ask(server(), bytes(header), ask));
        assertEquals(seen, ask(server(), joined(bytes(header), ask)));
        byte[] whole = joined(bytes(header), ask);
        byte[][] singly = new byte[whole.length][];
        for (int i = 0; i < whole.length; i++) {
            singly[i] = new byte[]{whole[i]};
        }
        assertEquals(seen, ask(server(), singly));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN|", "PROXY UNKNOWN ff:: ::1 1 2|", SIGNATURE + "20000000",
            SIGNATURE + "20110004aabbccdd", SIGNATURE + "21000000"})
    void proxyThatSpeaksForItselfIsThePeer(String header) {
        assertTrue(ask(server(), bytes(header), Wire.latin1(ASK)).startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "GET / HTTP/1.1|", "PROXY|", "PROXY TCP4|", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3|", "PROXY TCP4 ::1 ::1 1 2|",
            "PROXY TCP6 1.2.3.4 5.6.7.8 1 2|", "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536|",
            "PROXY TCP4 1.2.3.4 5.6.7.8 01 2|",
            "PROXY TCP4 1.2.3.4  5.6.7.8 1 2|", "PROXY UDP4 1.2.3.4 5.6.7.8 1 2|", "proxy TCP4 1.2.3.4 5.6.7.8 1 2|",
            "PROXY TCP4 1.2.3 5.6.7.8 1 2|", "PROXY TCP4 example.org 5.6.7.8 1 2|", "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2|",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
            SIGNATURE + "1111000c" + "c00002010a0000011f9001bb", SIGNATURE + "2211000c" + "c00002010a0000011f9001bb",
            SIGNATURE + "21110008" + "c00002010a000001", SIGNATURE + "2112000c" + "c00002010a0000011f9001bb",
            SIGNATURE + "21110fff", "0d0a0d0a000d0a515549540b2111000c"
    })
    void malformedHeaderClosesTheConnection(String header) {
        assertEquals("", ask(server(), bytes(header), Wire.latin1(ASK)));
        assertThrows(BrokenException.class, () -> ProxyHeader.parse(ByteBuffer.wrap(bytes(header))));
    }

    @Test
    void lineWithoutAnEndIsRefusedAtItsLimit() {
        String line = "PROXY UNKNOWN " + "x".repeat(200);
        assertNull(ProxyHeader.parse(ByteBuffer.wrap(bytes(line), 0, 106)));
        assertThrows(BrokenException.class, () -> ProxyHeader.parse(ByteBuffer.wrap(bytes(line), 0, 107)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 192.0.2.1 10.0.0.1 8080 443|", V2_TCP4, V2_TCP6})
    void headerCutAnywhereWaitsForTheRest(String header) {
        byte[] whole = bytes(header);
        for (int i = 0; i < whole.length; i++) {
            assertNull(ProxyHeader.parse(ByteBuffer.wrap(whole, 0, i)), "cut at " + i);
        }
        assertEquals(whole.length, ProxyHeader.parse(ByteBuffer.wrap(joined(whole, new byte[9]))).length());
    }

    @Test
    void headerThatDoesNotComeInTimeClosesTheConnection() {
        Sim.run(() -> {
            long start = Heddle.currentLoop().nanoTime();
            try (HttpServer started = server().start("127.0.0.1", 0);
                    ByteStream peer = Tcp.connect("127.0.0.1", started.port())) {
                peer.write("PROXY");
                assertThrows(BrokenException.class, () -> peer.read(new byte[1]));
                assertEquals(ServerLimits.DEFAULT.headTime().toSeconds(),
                        Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
            }
        });
    }

    @Test
    void onlyTheNamedProxiesAreServed() {
        var others = server().proxyProtocol("192.0.2.0/24");
        assertEquals("", ask(others, bytes(V2_TCP4), Wire.latin1(ASK)));
        assertThrows(IllegalArgumentException.class, () -> server().proxyProtocol());
    }

    @Test
    void withoutTheOptionTheHeaderIsABadRequest() {
        var plain = HttpServer.builder().get("/", r -> Response.text("served"));
        String answer = ask(plain, bytes("PROXY TCP4 192.0.2.1 10.0.0.1 8080 443|"), Wire.latin1(ASK));
        assertTrue(!answer.isEmpty() && !answer.contains("served"), answer);
    }

    @Test
    void tlsComesBehindTheHeader() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", "127.0.0.1");
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        Sim.run(1, () -> {
            try (HttpServer started = server().tls(ServerTls.of(identity)).start("127.0.0.1", 0);
                    ByteStream plain = Tcp.connect("127.0.0.1", started.port())) {
                plain.write(bytes(V2_TCP4));
                ByteStream secure = Tls.upgradeClient(plain, "localhost", client);
                secure.write(ASK);
                assertTrue(Wire.text(secure.readAll(10_000)).endsWith("192.0.2.1:8080 10.0.0.1:443"));
                secure.close();
            }
        });
    }
}
