package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static dev.heddle.conformance.Fixtures.noise;
import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the proxy does to bytes; what it does to their time is tested in simulated time, with the simulator. */
@LeavesNothing
final class FaultProxyTest {

    private static final int MORE_THAN_BUFFERED = 4 * 1024 * 1024;

    /** Runs a body between a client and a server; their proxy has ended when this returns. */
    private static FaultProxyStatistics through(FaultProxy proxy, StreamBody body) {
        Heddle.run(() -> {
            MemoryStreams.Pair near = MemoryStreams.pair();
            MemoryStreams.Pair far = MemoryStreams.pair();
            Task<Void> relay = Heddle.spawn(() -> proxy.relay(near.right(), far.left()));
            body.run(near.left(), far.right());
            near.left().close();
            far.right().close();
            relay.join();
            LeftoverCheck.checkTasksAndBuffers();
        });
        assertEquals(0, proxy.statistics().open());
        return proxy.statistics();
    }

    private static FaultProxyStatistics through(Faults faults, StreamBody body) {
        return through(new FaultProxy(5, faults, Faults.NONE), body);
    }

    @Test
    void withoutFaultsEverythingPassesBothWays() {
        byte[] question = noise(100_000, 1);
        byte[] answer = noise(200_000, 2);
        var statistics = through(Faults.NONE, (client, server) -> {
            Heddle.spawn(() -> client.write(question));
            assertArrayEquals(question, server.readExactly(question.length));
            Heddle.spawn(() -> server.write(answer));
            assertArrayEquals(answer, client.readExactly(answer.length));
        });
        assertEquals(new FaultCounters.Statistics(1, 0, question.length, answer.length, 0, 0, 0, 0), statistics);
    }

    @Test
    void halfCloseIsPassedOn() {
        through(Faults.NONE, (client, server) -> {
            client.write("question");
            client.closeOutput();
            assertEquals("question", text(server.readAll(100)));
            server.write("answer");
            server.close();
            assertEquals("answer", text(client.readAll(100)));
        });
    }

    @Test
    void resetIsPassedOn() {
        through(Faults.NONE, (client, server) -> {
            Task<byte[]> reader = Heddle.spawn(() -> server.readExactly(1));
            letOthersRun();
            client.abort();
            assertThrows(BrokenException.class, reader::join);
        });
    }

    @Test
    void byteByByteMeansOneAtATime() {
        List<Integer> pieces = pieces(3, 1, noise(300, 4));
        assertEquals(300, pieces.size());
    }

    @Test
    void sameSeedCutsAtTheSamePlacesHoweverTheBytesCame() {
        byte[] bytes = noise(50_000, 5);
        List<Integer> cuts = pieces(3, 4096, bytes);
        assertTrue(cuts.size() > 30, cuts.size() + " pieces");
        assertTrue(cuts.stream().allMatch(piece -> piece <= 4096));
        assertTrue(cuts.stream().anyMatch(piece -> piece <= 3), "short pieces are as likely as long ones");
        assertEquals(cuts, pieces(3, 4096, bytes));
        assertNotEquals(cuts, pieces(4, 4096, bytes));
    }

    /** The places at which bytes were cut, as a waiting reader sees them. */
    private static List<Integer> pieces(long seed, int pieceBytes, byte[] bytes) {
        List<Integer> pieces = new ArrayList<>();
        Faults faults = Faults.NONE.withPieceBytes(pieceBytes);
        through(new FaultProxy(seed, faults, Faults.NONE), (client, server) -> {
            Task<Void> reader = Heddle.spawn(() -> {
                byte[] target = new byte[bytes.length];
                for (int count = server.read(target); count >= 0; count = server.read(target)) {
                    pieces.add(count);
                }
            });
            client.write(bytes);
            client.closeOutput();
            reader.join();
        });
        return pieces;
    }

    @Test
    void corruptionChangesAboutAsManyBytesAsToldAndTheSameOnesForTheSameSeed() {
        byte[] bytes = noise(500_000, 6);
        byte[] first = corrupted(7, bytes);
        assertArrayEquals(first, corrupted(7, bytes));
        int changed = 0;
        for (int i = 0; i < bytes.length; i++) {
            changed += bytes[i] == first[i] ? 0 : 1;
        }
        assertTrue(changed > 350 && changed < 650, changed + " of 500 expected");
        assertFalse(Arrays.equals(first, corrupted(8, bytes)));
    }

    private static byte[] corrupted(long seed, byte[] bytes) {
        var seen = new ByteArrayOutputStream();
        FaultProxy proxy = new FaultProxy(seed, Faults.NONE.withCorruption(0.001), Faults.NONE);
        var statistics = through(proxy, (client, server) -> {
            Heddle.spawn(() -> {
                client.write(bytes);
                client.closeOutput();
            });
            seen.writeBytes(server.readAll(bytes.length));
        });
        assertTrue(statistics.corruptedBytes() > 0);
        return seen.toByteArray();
    }

    @Test
    void earlyEndIsCleanForTheReceiverAndUnnoticedByTheSender() {
        var statistics = through(Faults.NONE.withEndAfterBytes(1_000), (client, server) -> {
            client.write(new byte[MORE_THAN_BUFFERED]);
            assertEquals(1_000, server.readAll(MORE_THAN_BUFFERED).length);
            server.write("the other way is open");
            assertEquals("the other way is open", text(client.readExactly(21)));
        });
        assertEquals(1, statistics.ends());
        assertEquals(1_000, statistics.bytesToServer());
    }

    @Test
    void endAfterNothingComesAtOnce() {
        through(Faults.NONE.withEndAfterBytes(0), (client, server) -> assertEquals(0, server.readAll(100).length));
    }

    @Test
    void resetBreaksBothSides() {
        var statistics = through(Faults.NONE.withResetAfterBytes(1_000), (client, server) -> {
            Task<Void> writer = Heddle.spawn(() -> client.write(new byte[MORE_THAN_BUFFERED]));
            assertThrows(BrokenException.class, () -> server.readAll(MORE_THAN_BUFFERED));
            assertThrows(BrokenException.class, writer::join);
        });
        assertEquals(1, statistics.resets());
        assertEquals(1_000, statistics.bytesToServer());
    }

    @Test
    void resetAfterNothingComesAtOnce() {
        through(Faults.NONE.withResetAfterBytes(0), (client, server) -> {
            assertThrows(BrokenException.class, () -> server.readExactly(1));
            assertThrows(BrokenException.class, () -> client.readExactly(1));
        });
    }

    @Test
    void stalledDirectionKeepsItsWriterWaitingAndTheOtherOneFlows() {
        var statistics = through(Faults.NONE.withStallAfterBytes(1_000), (client, server) -> {
            Task<Void> writer = Heddle.spawn(() -> client.write(new byte[MORE_THAN_BUFFERED]));
            assertEquals(1_000, server.readExactly(1_000).length);
            server.write("answer");
            assertEquals("answer", text(client.readExactly(6)));
            assertFalse(writer.isDone());
            writer.cancel("enough");
            assertThrows(TaskCancelledException.class, writer::join);
        });
        assertEquals(1, statistics.stalls());
    }

    @Test
    void connectionThatStallsBothWaysHangsUntilTheProxyIsStopped() {
        Faults stall = Faults.NONE.withStallAfterBytes(0);
        Heddle.run(() -> {
            MemoryStreams.Pair near = MemoryStreams.pair();
            MemoryStreams.Pair far = MemoryStreams.pair();
            FaultProxy proxy = new FaultProxy(1, stall, stall);
            Task<Void> relay = Heddle.spawn(() -> proxy.relay(near.right(), far.left()));
            near.left().write("x");
            letOthersRun();
            assertFalse(relay.isDone());

            relay.cancel("enough");

            assertThrows(TaskCancelledException.class, relay::join);
            assertThrows(BrokenException.class, () -> near.left().read(new byte[1]));
            assertThrows(BrokenException.class, () -> far.right().read(new byte[1]));
            near.close();
            far.close();
            LeftoverCheck.checkTasksAndBuffers();
        });
    }

    @Test
    void eachConnectionMayHaveFaultsOfItsOwn() {
        FaultProxy proxy = new FaultProxy(1, (connection, direction) -> connection == 1
                && direction == Direction.TO_SERVER ? Faults.NONE.withEndAfterBytes(2) : Faults.NONE);
        for (String expected : List.of("whole", "wh", "whole")) {
            through(proxy, (client, server) -> {
                client.write("whole");
                client.closeOutput();
                assertEquals(expected, text(server.readAll(100)));
            });
        }
        assertEquals(3, proxy.statistics().connections());
    }

    @Test
    void clientOfAServerThatIsDownIsReset() {
        Heddle.run(() -> {
            int nobody = EngineFixture.deadPort().getPort();
            Listener front = Tcp.listen(0);
            FaultProxy proxy = new FaultProxy(1, Faults.NONE, Faults.NONE);
            Task<Void> serving = Heddle.spawn(() -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", nobody)));
            try (ByteStream client = Tcp.connect("127.0.0.1", front.port())) {
                assertThrows(BrokenException.class, () -> client.readExactly(1));
            }
            front.close();
            serving.join();
            LeftoverCheck.checkTasksAndBuffers();
        });
    }

    @Test
    void faultsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withDelay(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withJitter(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withBytesPerSecond(0));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withPieceBytes(0));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withStallAfterBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withEndAfterBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withResetAfterBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withCorruption(1.1));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withCorruption(Double.NaN));
    }
}
