package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The contract of checksummed transfers over an engine's connections, directly and through a {@link FaultProxy}: what
 * arrives is right or there is an error that says what happened, and nothing is left over. An engine inherits this
 * class and says how to run a loop:
 *
 * <pre>{@code
 * final class NioReliabilityTest extends ReliabilityContract {
 *     protected void run(Action body) {
 *         Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), body);
 *     }
 * }
 * }</pre>
 *
 * <p>System properties make it longer: {@code heddle.transfer.bytes}, {@code heddle.transfer.proxied.bytes} in each
 * direction and {@code heddle.unplugged.seconds}. {@code heddle.unplugged.seed} replays.
 *
 * <p>Threads: each test runs in a fresh loop.
 */
@LeavesNothing
public abstract class ReliabilityContract {

    private static final long TRANSFER_BYTES = Long.getLong("heddle.transfer.bytes", 16 << 20);
    private static final long PROXIED_BYTES = Long.getLong("heddle.transfer.proxied.bytes", 4 << 20);
    private static final Duration UNPLUGGED = Duration.ofSeconds(Long.getLong("heddle.unplugged.seconds", 5));
    private static final long SEED = Long.getLong("heddle.unplugged.seed", 1);

    /** More bytes than the systems keep for two connections. */
    private static final int MORE_THAN_BUFFERED = 48 * 1024 * 1024;

    /** For subclasses. */
    protected ReliabilityContract() {}

    /** Runs a body as the main task of a fresh loop. */
    protected abstract void run(Action body) throws Exception;

    /** How big transfers are: {@code heddle.transfer.bytes}, 16 MiB if it is not set. */
    protected long transferBytes() {
        return TRANSFER_BYTES;
    }

    /** How long cables are pulled: {@code heddle.unplugged.seconds}, five if it is not set. */
    protected Duration unplugged() {
        return UNPLUGGED;
    }

    /** Both sums are right after big transfers in both directions at once. */
    @Test
    public void sumsAgreeBothWaysAtOnce() throws Exception {
        run(() -> {
            TransportContract.Ends ends = TcpContract.connectOverLoopback();
            try (var left = new ByteStream(ends.left());
                    ByteStream right = new ByteStream(ends.right())) {
                assertTransfers(left, right, transferBytes());
            }
            LeftoverCheck.check();
        });
    }

    /** Both sums are right when the bytes come late and in other pieces. */
    @Test
    public void sumsAgreeThroughABadButHarmlessNetwork() throws Exception {
        Faults faults = Faults.NONE
                .withDelay(Duration.ofMillis(1))
                .withJitter(Duration.ofMillis(1))
                .withPieceBytes(16 * 1024);
        through(faults, (client, server) -> assertTransfers(client, server, PROXIED_BYTES));
    }

    /** Both sums are right when each byte is written alone. */
    @Test
    public void sumsAgreeByteByByte() throws Exception {
        through(Faults.NONE.withPieceBytes(1), (client, server) -> assertTransfers(client, server, 20_000));
    }

    private static void assertTransfers(ByteStream left, ByteStream right, long bytes) {
        Task<Void> toRight = Heddle.spawn(() -> CheckedTransfer.send(left, bytes, 1));
        Task<Void> toLeft = Heddle.spawn(() -> CheckedTransfer.send(right, bytes, 2));
        Task<Boolean> atRight = Heddle.spawn(() -> CheckedTransfer.receive(right, bytes));
        Task<Boolean> atLeft = Heddle.spawn(() -> CheckedTransfer.receive(left, bytes));
        assertTrue(atRight.join(), "the sum to the right is wrong");
        assertTrue(atLeft.join(), "the sum to the left is wrong");
        toRight.join();
        toLeft.join();
    }

    /** Nothing below notices a changed byte, so the sum must. */
    @Test
    public void changedByteIsFoundByTheSum() throws Exception {
        FaultProxyStatistics statistics = through(Faults.NONE.withCorruption(0.0001), (client, server) -> {
            Task<Void> sender = Heddle.spawn(() -> CheckedTransfer.send(client, 1 << 20, 1));
            assertFalse(CheckedTransfer.receive(server, 1 << 20));
            sender.join();
        });
        assertTrue(statistics.corruptedBytes() > 0);
    }

    /** A connection that is ended by the network looks like a peer that has ended it too early. */
    @Test
    public void earlyEndIsTold() throws Exception {
        FaultProxyStatistics statistics = through(Faults.NONE.withEndAfterBytes(100_000), (client, server) -> {
            Task<Void> sender = Heddle.spawn(() -> CheckedTransfer.send(client, 1 << 20, 1));
            assertThrows(EndOfStreamException.class, () -> CheckedTransfer.receive(server, 1 << 20));
            sender.join();
        });
        assertEquals(1, statistics.ends());
    }

    /** A reset breaks both sides, also while they wait. */
    @Test
    public void resetIsTold() throws Exception {
        FaultProxyStatistics statistics = through(Faults.NONE.withResetAfterBytes(100_000), (client, server) -> {
            Task<Void> sender = Heddle.spawn(() -> CheckedTransfer.send(client, MORE_THAN_BUFFERED, 1));
            assertThrows(BrokenException.class, () -> CheckedTransfer.receive(server, MORE_THAN_BUFFERED));
            assertThrows(BrokenException.class, sender::join);
        });
        assertEquals(1, statistics.resets());
    }

    /** Nobody tells that a network has stalled: the writer waits, until its own deadline. */
    @Test
    public void stalledWriterIsEndedByItsDeadline() throws Exception {
        through(Faults.NONE.withStallAfterBytes(100_000), (client, server) -> {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> Heddle.timeout(
                            Duration.ofMillis(300), () -> CheckedTransfer.send(client, MORE_THAN_BUFFERED, 1)));
            assertThrows(BrokenException.class, () -> client.write("the peer has half a message"));
        });
    }

    /**
     * Many connections with faults of all kinds: each transfer is right, or has a typed error where bytes were lost.
     */
    @Test
    public void nothingIsLostOrLeftOverWhenCablesArePulled() throws Exception {
        run(() -> {
            new Unplugged(SEED, unplugged()).run();
            LeftoverCheck.check();
        });
    }

    /** Runs a body between a client and a server; the faults hit what the client sends and what it gets. */
    private FaultProxyStatistics through(Faults faults, StreamBody body) throws Exception {
        var proxy = new FaultProxy(7, faults, faults.isHarmless() ? faults : Faults.NONE);
        run(() -> {
            try (Listener back = Tcp.listen(0);
                    Listener front = Tcp.listen(0)) {
                Task<Void> proxying = Heddle.spawn(
                        "fault proxy", () -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", back.port())));
                try (ByteStream client = Tcp.connect("127.0.0.1", front.port());
                        ByteStream server = back.accept()) {
                    body.run(client, server);
                }
                proxying.cancel("the test is over");
                assertThrows(TaskCancelledException.class, proxying::join);
            }
            LeftoverCheck.checkTasksAndBuffers();
        });
        assertEquals(0, proxy.statistics().open());
        return proxy.statistics();
    }
}
