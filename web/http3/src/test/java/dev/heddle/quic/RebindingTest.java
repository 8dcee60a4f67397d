package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.tls.ServerTls;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose address changes in the middle of transfers, over loopback. */
@Timeout(120)
final class RebindingTest {

    private static final int BYTES = 5_000_000;
    private static final Duration APART = Duration.ofMillis(30);

    /** GET and POST https://localhost/, as a frame of HEADERS. */
    private static final String GET = "0110" + "0000" + "d1d7c1" + "5009" + "6c6f63616c686f7374";

    private static final String POST = "0110" + "0000" + "d4d7c1" + "5009" + "6c6f63616c686f7374";

    /** As a frame of DATA. */
    private static final String HALF_A_MEGABYTE = "00" + "8007a120" + "00".repeat(500_000);

    private interface Body {
        void run(QuicConnection client, QuicConnection server, Router router) throws Exception;
    }

    private static void between(QuicOptions options, Body body) {
        Heddle.run(() -> {
            try (QuicListener listener = Quic.listen("127.0.0.1", 0, QuicEnds.IDENTITY, options);
                    Router router = new Router(listener.port())) {
                Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
                try (QuicConnection client = Quic.connect(
                        "localhost", router.port(), QuicEnds.AUTHORITY.trust(), options);
                        QuicConnection server = accepted.join()) {
                    body.run(client, server, router);
                }
                Rebinding.awaitNothingLeft(listener);
            }
        });
    }

    /** All that was under way to the last address is lost with it, and with a quiche at both ends that may be too much. */
    @Test
    @Tag("full")
    void transfersAreWholeOrLost() {
        for (int[] plan : Rebinding.PLANS) {
            QuicOptions options = QuicEnds.OPTIONS.withIdleTimeout(Duration.ofSeconds(2));
            between(options, (client, server, router) -> new Rebinding(client, server, router, APART)
                    .downloadOrLoss(plan, BYTES));
            between(options, (client, server, router) -> new Rebinding(client, server, router, APART)
                    .uploadOrLoss(plan, BYTES));
        }
    }

    /** The library's own checks once ended the process here: an address that failed, and from which packets go on to come. */
    @Test
    @Tag("full")
    void addressThatNeverAnswersEndsNothingButItsConnection() {
        between(QuicEnds.OPTIONS.withIdleTimeout(Duration.ofSeconds(3)), (client, server, router) -> {
            ByteStream to = client.open();
            to.write("!");
            byte[] part = new byte[100_000];
            Task<Void> sending = Heddle.spawn(() -> {
                ByteStream from = server.accept();
                while (true) {
                    from.write(part);
                }
            });
            to.readExactly(5 * part.length);
            router.loseAnswers(true);
            router.usePort(1);
            Task<Void> asking = Heddle.spawn(() -> {
                while (true) {
                    client.open().write(new byte[1_000]);
                    Heddle.sleep(Duration.ofMillis(20));
                }
            });
            assertThrows(BrokenException.class, () -> {
                while (true) {
                    to.readExactly(part.length);
                }
            });
            assertThrows(BrokenException.class, sending::join);
            assertThrows(BrokenException.class, asking::join);
            assertTrue(router.answeredBytes(1) > 0);
            assertFalse(router.amplified(1), () -> router.answeredBytes(1) + " for " + router.sentBytes(1));
        });
    }

    /** On two loops the system may give what comes from the new address to the other one, which forwards it. */
    @Test
    @Tag("full")
    void transfersOfHttp3GoOnWithTheirLoop() {
        byte[] page = new byte[1_000_000];
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            try (HttpServer server = HttpServer.builder().tls(ServerTls.of(QuicEnds.IDENTITY)).http3()
                    .get("/", _ -> Response.bytes("application/octet-stream", page))
                    .post("/", request -> Response.text("got " + request.bytes(2 * BYTES).length))
                    .build().startOnAllLoops("127.0.0.1", 0)) {
                Heddle.forEach(IntStream.range(0, 4).boxed().toList(), 4, _ -> {
                    try (var router = new Router(server.port());
                            var client = new RawClient(router.port(), QuicEnds.AUTHORITY.trust())) {
                        for (int port = 1; port < 5; port++) {
                            QuicStream asked = client.send(GET, true);
                            router.awaitPassed(100_000);
                            router.usePort(port);
                            client.conversation().ping(); // or no end would say the new address where all is lost at the last
                            int length = RawClient.readAll(asked).length();
                            assertTrue(length > page.length, () -> length + " bytes");
                        }
                        QuicStream posted = client.send(POST + HALF_A_MEGABYTE, true);
                        String answer = RawClient.readAll(posted);
                        assertTrue(answer.endsWith("got " + 500_000), answer);
                    }
                });
            }
        });
    }
}
