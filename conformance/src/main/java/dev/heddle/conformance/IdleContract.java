package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The contract of an idle loop: its thread sleeps in the system while nothing happens. Real time passes here, since
 * that is the point. The measure is the count of the engine's polls: one that sleeps is asked again only for a reason.
 */
interface IdleContract extends EngineFixture {

    /** How long nothing happens. */
    Duration QUIET = Duration.ofMillis(100);

    /** Polls that a quiet time may cost; a loop that spins makes thousands. */
    int FEW = 50;

    /** More bytes than any system keeps for one connection. */
    int MORE_THAN_BUFFERED = 32 * 1024 * 1024;

    @Test
    default void idleLoopSleeps() {
        run(() -> assertSleeps(() -> {}));
    }

    @Test
    default void loopSleepsWhileItsTasksWaitForPeers() {
        run(() -> withPair((acceptor, client, server) -> assertSleeps(() -> {
            Heddle.spawn(() -> acceptor.accept());
            Heddle.spawn(() -> client.readExactly(1));
            Heddle.spawn(() -> server.readExactly(1));
        })));
    }

    @Test
    default void loopSleepsWhileAWriterWaitsForASlowPeer() {
        run(() -> withPair((acceptor, client, server) -> assertSleeps(() -> Heddle.spawn(
                () -> client.write(new byte[MORE_THAN_BUFFERED])))));
    }

    @Test
    default void bytesThatNobodyReadsKeepNoLoopAwake() {
        run(() -> withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(() -> client.write("unread"));
        }));
    }

    @Test
    default void endThatNobodyReadsKeepsNoLoopAwake() {
        run(() -> withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(client::closeOutput);
        }));
    }

    @Test
    default void resetThatNobodyReadsKeepsNoLoopAwake() {
        run(() -> withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(client::abort);
        }));
    }

    @Test
    default void connectionThatNobodyAcceptsKeepsNoLoopAwake() {
        run(() -> {
            try (Acceptor acceptor = EngineFixture.listen();
                    var first = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                    var accepted = new ByteStream(acceptor.accept());
                    ByteStream second = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()))) {
                assertTrue(first.isOpen() && accepted.isOpen() && second.isOpen());
                assertSleeps(() -> {});
            }
        });
    }

    private static void assertSleeps(Action setup) throws Exception {
        setup.run();
        Heddle.sleep(QUIET.dividedBy(5));
        long before = Heddle.currentLoop().statistics().polls();
        Heddle.sleep(QUIET);
        long polls = Heddle.currentLoop().statistics().polls() - before;
        assertTrue(polls <= FEW, "polled " + polls + " times while nothing happened");
    }

    /** A test over a listener and one connection of it. */
    interface PairBody {
        void run(Acceptor acceptor, ByteStream client, ByteStream server) throws Exception;
    }

    private static void withPair(PairBody body) throws Exception {
        try (Acceptor acceptor = EngineFixture.listen();
                var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                ByteStream server = new ByteStream(acceptor.accept())) {
            Heddle.group(g -> {
                body.run(acceptor, client, server);
                client.abort();
                server.abort();
            });
        }
    }
}
