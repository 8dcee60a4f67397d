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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that asks for more than it is fair to. */
@Timeout(60)
final class Http3FloodTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /** GET https://localhost/, as a frame of HEADERS. */
    private static final String GET = "0110" + "0000" + "d1d7c1" + "5009" + "6c6f63616c686f7374";

    private static final String POST = "0110" + "0000" + "d4d7c1" + "5009" + "6c6f63616c686f7374";

    /** GET https://localhost/large. */
    private static final String GET_LARGE = "0117" + "0000" + "d1d7" + "5106" + "2f6c61726765" + "5009"
            + "6c6f63616c686f7374";

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

    private interface Body {
        void run(HttpServer server, RawClient client) throws Exception;
    }

    /** A server that takes 20 of each of what costs work in vain, and a client of it. */
    private static void withBudget(Duration interval, Body body) {
        Http2Limits few = Http2Limits.DEFAULT.withMaxResets(20).withMaxIgnoredFrames(20).withInterval(interval);
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().tls(ServerTls.of(IDENTITY)).http3().http2(few)
                    .get("/", _ -> Response.text("hello"))
                    .post("/", request -> Response.text("got " + request.bytes(1_000).length))
                    .get("/large", _ -> Response.bytes("a/b", new byte[1_000_000]))
                    .start("127.0.0.1", 0);
                    RawClient client = new RawClient(server.port(), AUTHORITY.trust())) {
                body.run(server, client);
                try (RawClient next = new RawClient(server.port(), AUTHORITY.trust())) {
                    assertTrue(RawClient.readAll(next.send(GET, true)).endsWith("hello"), "nobody else is hit");
                }
            }
        });
    }

    private static void resets(RawClient client, int count) {
        for (int i = 0; i < count && client.conversation().whyLost() == null; i++) {
            QuicStream stream = client.send(POST, false);
            Heddle.sleep(Duration.ofMillis(1)); // so that it comes before its reset
            stream.abort(CANCELLED);
            Heddle.sleep(Duration.ofMillis(1));
        }
    }

    private static void stops(RawClient client, int count) {
        for (int i = 0; i < count && client.conversation().whyLost() == null; i++) {
            QuicStream stream = client.send(GET_LARGE, true);
            Heddle.sleep(Duration.ofMillis(1));
            client.stop(stream, CANCELLED);
            Heddle.sleep(Duration.ofMillis(1));
        }
    }

    private static void assertExcess(RawClient client, String what) {
        String why = client.awaitLost();
        assertTrue(why.contains("code 263") && why.contains("too many " + what), why);
    }

    /** Handlers that end at once leave their places to the next, so that places are no bound. */
    @Test
    void resetsBeyondTheBudgetEndTheConnection() {
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            resets(client, 100);
            assertExcess(client, "reset streams");
        });
    }

    @Test
    void responsesThatNobodyWantsBeyondTheBudgetEndTheConnection() {
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            stops(client, 100);
            assertExcess(client, "reset streams");
        });
    }

    /** What is at fault costs the same. */
    @Test
    void malformedRequestsBeyondTheBudgetEndTheConnection() {
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            for (int i = 0; i < 100 && client.conversation().whyLost() == null; i++) {
                client.send("01030000d1", true);
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertExcess(client, "reset streams");
        });
    }

    /** On a busy machine two rounds may come within one interval, and are as many as may be. */
    @Test
    @Tag("full")
    void clientThatCancelsWithinItsBudgetIsServedOn() {
        withBudget(Duration.ofMillis(100), (_, client) -> {
            for (int round = 0; round < 6; round++) {
                resets(client, 5);
                stops(client, 5);
                assertTrue(RawClient.readAll(client.send(GET, true)).endsWith("hello"));
                Heddle.sleep(Duration.ofMillis(120));
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "PRIORITY_UPDATE frames,     800f07000100",
            "frames without a meaning,   2100",
            "frames without a meaning,   0d0105",
            "frames without a meaning,   070100",
    })
    void framesOfTheControlStreamBeyondTheBudgetEndTheConnection(String what, String frame) {
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            client.sendOneWay("000400" + frame.repeat(20), false);
            assertTrue(RawClient.readAll(client.send(GET, true)).endsWith("hello"), "so many are no harm");
        });
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            client.sendOneWay("000400" + frame.repeat(21), false);
            assertExcess(client, what);
        });
    }

    @Test
    void streamsThatMeanNothingBeyondTheBudgetEndTheConnection() {
        withBudget(Duration.ofSeconds(30), (_, client) -> {
            for (int i = 0; i < 100 && client.conversation().whyLost() == null; i++) {
                client.sendOneWay("21", true);
                Heddle.sleep(Duration.ofMillis(2));
            }
            assertExcess(client, "frames without a meaning");
        });
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
