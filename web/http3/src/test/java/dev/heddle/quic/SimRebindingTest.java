package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Dns;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client whose address changes in the middle of transfers, over networks that lose, double and reorder. */
final class SimRebindingTest {

    private static final TlsIdentity SERVER = QuicEnds.AUTHORITY.issue(Duration.ofDays(8), "router");

    private static final LinkOptions BAD = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(10))
            .withJitter(Duration.ofMillis(5))
            .withLoss(0.01)
            .withReorder(0.02)
            .withDuplicate(0.02);

    private static final int BYTES = 1_000_000;

    private static final Duration WITHIN = Duration.ofMinutes(2);

    /** How long each address has to prove itself. */
    private static final Duration APART = Duration.ofMillis(500);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    private interface Body {
        void run(QuicConnection client, QuicConnection server, Router router) throws Exception;
    }

    private static void between(int seed, LinkOptions link, Body body) {
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withLink(link), sim -> {
            SimNetwork network = sim.network();
            QuicListener listener = network.host("server")
                    .run(() -> Quic.listen("0.0.0.0", 443, SERVER, QuicEnds.OPTIONS));
            var address = new InetSocketAddress(Dns.resolve("server").getFirst(), 443);
            Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
            network.host("router").run(() -> {
                try (Router router = new Router("0.0.0.0", address)) {
                    try (QuicConnection client = network.host("client").run(() -> Quic.connect("router",
                            router.port(), QuicEnds.AUTHORITY.trust(), QuicEnds.OPTIONS));
                            QuicConnection server = accepted.join()) {
                        body.run(client, server, router);
                    }
                    Rebinding.awaitNothingLeft(listener);
                    assertEquals(1, listener.statistics().established());
                }
                return null;
            });
            listener.close();
        });
    }

    /** Over a network that loses nothing all downloads come; the addresses change all the same, and what was under way is lost. */
    @Test
    void downloadsGoOnFromOtherAddresses() {
        for (int[] plan : Rebinding.PLANS) {
            between(1, BAD.withLoss(0).withReorder(0), (client, server, router) -> Heddle.timeout(WITHIN,
                    () -> new Rebinding(client, server, router, APART).download(plan, BYTES)));
        }
    }

    /** Over one that loses, nothing is wrong and nothing is left: a transfer is whole, or its loss is told to both ends. */
    private static void transfers(int seeds) {
        for (int seed = 1; seed <= seeds; seed++) {
            for (int[] plan : Rebinding.PLANS) {
                between(seed, BAD, (client, server, router) -> Heddle.timeout(WITHIN,
                        () -> new Rebinding(client, server, router, APART).uploadOrLoss(plan, BYTES)));
                between(seed, BAD, (client, server, router) -> Heddle.timeout(WITHIN,
                        () -> new Rebinding(client, server, router, APART).downloadOrLoss(plan, BYTES)));
            }
        }
    }

    @Test
    @Tag("full")
    void transfersAreWholeOrLostOverBadNetworks() {
        transfers(1);
    }

    @Test
    @Tag("full")
    void transfersAreWholeOrLostOverManyBadNetworks() {
        transfers(Integer.getInteger("heddle.quic.seeds", 10));
    }

    /** An address that has proved nothing gets three times what came from it (RFC 9000, section 9.3), and no more ever. */
    @Test
    @Tag("full")
    void addressThatDoesNotAnswerGetsLittle() {
        for (int seed = 1; seed <= 5; seed++) {
            between(seed, BAD.withDuplicate(0), (client, server, router) -> {
                ByteStream to = client.open();
                to.write("!");
                Task<Void> sending = Heddle.spawn(() -> server.accept().write(new byte[50 * BYTES]));
                to.readExactly(BYTES / 2);
                router.loseAnswers(true);
                router.usePort(1);
                Task<Void> asking = Heddle.spawn(() -> {
                    while (true) {
                        client.open().write("are you there?");
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                });
                assertThrows(BrokenException.class, () -> to.readExactly(50 * BYTES));
                assertThrows(BrokenException.class, sending::join);
                assertThrows(BrokenException.class, asking::join);
                assertTrue(router.sentBytes(1) > 1_000, () -> router.sentBytes(1) + " bytes");
                assertTrue(router.answeredBytes(1) > 0);
                assertFalse(router.amplified(1), () -> router.answeredBytes(1) + " for " + router.sentBytes(1));
            });
        }
    }

    /** One packet that somebody on the way has sent from elsewhere takes no connection away (section 9.3.2). */
    @Test
    void onePacketFromElsewhereTakesNothingAway() {
        between(1, BAD.withDuplicate(0), (client, server, router) -> Heddle.timeout(Duration.ofMinutes(2), () -> {
            Task<Void> moving = Heddle.spawn(() -> {
                router.awaitPassed(BYTES / 4);
                router.usePort(1);
                while (router.sentBytes(1) == 0) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
                router.usePort(0);
            });
            new Rebinding(client, server, router, APART).download(new int[]{}, BYTES);
            moving.join();
            assertFalse(router.amplified(1), () -> router.answeredBytes(1) + " for " + router.sentBytes(1));
        }));
    }

    /** A cancel and a deadline find the connection wherever it is. */
    @Test
    @Tag("full")
    void cancelledTransferLeavesTheConnectionAtTheNewAddress() {
        for (int seed = 1; seed <= 3; seed++) {
            between(seed, BAD, (client, server, router) -> {
                assertThrows(DeadlineExceededException.class, () -> Heddle.timeout(Duration.ofSeconds(3), () -> {
                    try (ByteStream to = client.open()) {
                        to.write("!");
                        Task<Void> sending = Heddle.spawn(() -> {
                            try (ByteStream from = server.accept()) {
                                from.write(new byte[50 * BYTES]);
                            }
                        });
                        router.awaitPassed(BYTES / 10);
                        router.usePort(1);
                        sending.join();
                    }
                }));
                new Rebinding(client, server, router, APART).downloadOrLoss(new int[]{2}, BYTES / 4);
            });
        }
    }
}
