package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
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
        withPair((acceptor, client, server) -> assertSleeps(() -> {
            Heddle.spawn(() -> acceptor.accept());
            Heddle.spawn(() -> client.readExactly(1));
            Heddle.spawn(() -> server.readExactly(1));
        }));
    }

    @Test
    default void loopSleepsWhileAWriterWaitsForASlowPeer() {
        withPair((acceptor, client, server) -> assertSleeps(
                () -> Heddle.spawn(() -> client.write(new byte[MORE_THAN_BUFFERED]))));
    }

    @Test
    default void bytesThatNobodyReadsKeepNoLoopAwake() {
        withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(() -> client.write("unread"));
        });
    }

    @Test
    default void endThatNobodyReadsKeepsNoLoopAwake() {
        withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(client::closeOutput);
        });
    }

    @Test
    default void resetThatNobodyReadsKeepsNoLoopAwake() {
        withPair((acceptor, client, server) -> {
            client.write("first");
            server.readExactly(5);
            assertSleeps(client::abort);
        });
    }

    @Test
    default void connectionThatNobodyAcceptsKeepsNoLoopAwake() {
        withConnection((acceptor, first, accepted) -> {
            try (var second = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()))) {
                assertTrue(first.isOpen() && accepted.isOpen() && second.isOpen());
                assertSleeps(() -> {});
            }
        });
    }

    private static void assertSleeps(Action setup) throws Exception {
        setup.run();
        Heddle.sleep(QUIET.dividedBy(5));
        Fixtures.assertLoopSleeps(QUIET, FEW);
    }

    /** As {@link #withConnection}, in a group; the connection is aborted at the end, which ends whoever waits. */
    private void withPair(ConnectionBody body) {
        withConnection((acceptor, client, server) -> Heddle.group(g -> {
            body.run(acceptor, client, server);
            client.abort();
            server.abort();
        }));
    }
}
