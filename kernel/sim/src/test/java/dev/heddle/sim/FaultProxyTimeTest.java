package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.FaultProxy;
import dev.heddle.conformance.Faults;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the fault proxy does to the time of bytes, in simulated time. */
final class FaultProxyTimeTest {

    private interface Body {
        void run(ByteStream client, ByteStream server) throws Exception;
    }

    private static void through(Faults toServer, Body body) {
        Sim.run(3, () -> {
            FaultProxy proxy = new FaultProxy(9, toServer, Faults.NONE);
            MemoryStreams.Pair near = MemoryStreams.pair();
            MemoryStreams.Pair far = MemoryStreams.pair();
            Task<Void> relay = Heddle.spawn(() -> proxy.relay(near.right(), far.left()));
            body.run(near.left(), far.right());
            near.left().close();
            far.right().close();
            relay.join();
        });
    }

    private static long millis() {
        return Heddle.currentLoop().nanoTime() / 1_000_000;
    }

    @Test
    void everythingIsAsLateAsToldAlsoTheEnd() {
        through(Faults.NONE.withDelay(Duration.ofMillis(200)), (client, server) -> {
            long start = millis();
            client.write("x");
            server.readExactly(1);
            assertEquals(200, millis() - start);
            client.closeOutput();
            assertEquals(-1, server.read(new byte[1]));
            assertEquals(400, millis() - start);
        });
    }

    @Test
    void whatIsSentAtOnceIsLateOnce() {
        through(Faults.NONE.withDelay(Duration.ofMillis(200)), (client, server) -> {
            long start = millis();
            Heddle.spawn(() -> client.write(new byte[500_000]));
            server.readExactly(500_000);
            assertEquals(200, millis() - start);
        });
    }

    @Test
    void otherWayIsNotLate() {
        through(Faults.NONE.withDelay(Duration.ofHours(1)), (client, server) -> {
            long start = millis();
            server.write("x");
            client.readExactly(1);
            assertEquals(0, millis() - start);
        });
    }

    @Test
    void jitterIsDrawnAndKeepsTheOrder() {
        through(Faults.NONE.withDelay(Duration.ofMillis(100)).withJitter(Duration.ofMillis(100)), (client, server) -> {
            List<Long> times = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long start = millis();
                client.write(new byte[]{(byte) i});
                assertEquals(i, server.readExactly(1)[0]);
                times.add(millis() - start);
            }
            assertTrue(times.stream().allMatch(time -> time >= 100 && time <= 200), times::toString);
            assertTrue(times.stream().distinct().count() > 5, times::toString);
        });
    }

    @Test
    void rateIsKeptEvenly() {
        through(Faults.NONE.withBytesPerSecond(1_000), (client, server) -> {
            long start = millis();
            Heddle.spawn(() -> client.write(new byte[10_000]));
            server.readExactly(5_000);
            assertTrue(Math.abs(millis() - start - 5_000) <= 20, "half after " + (millis() - start));
            server.readExactly(5_000);
            assertEquals(10_000, millis() - start);
        });
    }

    @Test
    void peerCanBeAsSlowAsAByteInTenSeconds() {
        through(Faults.NONE.withDelay(Duration.ofSeconds(10)).withPieceBytes(1).withBytesPerSecond(1),
                (client, server) -> {
                    long start = millis();
                    client.write("abc");
                    server.readExactly(3);
                    assertEquals(13_000, millis() - start);
                });
    }
}
