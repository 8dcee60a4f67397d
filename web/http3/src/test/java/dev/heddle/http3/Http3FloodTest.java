package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.sync.Event;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that asks for more than it is fair to. */
@Timeout(60)
final class Http3FloodTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /** GET https://localhost/, as a frame of HEADERS. */
    private static final String GET = "0110" + "0000" + "d1d7c1" + "5009" + "6c6f63616c686f7374";

    private static final long CANCELLED = 0x10c;

    private static HttpServer.Builder server() {
        return HttpServer.builder().tls(ServerTls.of(IDENTITY)).http3().http2(Http2Limits.DEFAULT.withMaxStreams(10));
    }

    /** The rapid reset of HTTP/2 (CVE-2023-44487). */
    @Test
    void resetsHaveNoMoreHandlersAtWorkThanThereMayBe() {
        int[] working = {0, 0, 0};
        Heddle.run(() -> {
            Event enough = Event.create();
            try (HttpServer server = server().get("/", _ -> {
                working[1] = Math.max(working[1], ++working[0]);
                working[2]++;
                try {
                    enough.await();
                    return Response.text("done");
                } finally {
                    working[0]--;
                }
            }).start("127.0.0.1", 0);
                    RawClient flood = new RawClient(server.port(), AUTHORITY.trust())) {
                assertThrows(BrokenException.class, () -> {
                    for (int i = 0; i < 1_000; i++) {
                        QuicStream stream = flood.send(GET, false);
                        Heddle.sleep(Duration.ofMillis(1)); // so that it comes before its reset
                        stream.abort(CANCELLED);
                    }
                });
                String why = flood.awaitLost();
                enough.set();
                assertTrue(why.contains("code 263"), why);
                try (RawClient next = new RawClient(server.port(), AUTHORITY.trust())) {
                    assertTrue(RawClient.readAll(next.send(GET, true)).endsWith("done"));
                }
            }
        });
        assertTrue(working[1] <= 11, () -> working[1] + " at once");
        assertEquals(0, working[0]);
    }

    @Test
    void headsThatNeverEndTakeNoMoreThanTheirPlacesAndTheirTime() {
        Heddle.run(() -> {
            var limits = ServerLimits.DEFAULT.withHeadTime(Duration.ofMillis(300));
            try (HttpServer server = server().limits(limits).get("/", _ -> Response.text("hello")).start("127.0.0.1",
                    0);
                    RawClient slow = new RawClient(server.port(), AUTHORITY.trust())) {
                List<QuicStream> begun = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    begun.add(slow.send("0110", false));
                }
                assertTrue(RawClient.readAll(slow.send(GET, true)).endsWith("hello"), "behind those that are late");
            }
        });
    }
}
