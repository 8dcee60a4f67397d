package dev.heddle.sim;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;

/** Streams under everything that can happen to them: what is read is always how what was written begins. */
final class StreamChaosTest {

    private static final int MAX_BYTES = 2_000;

    @SimTest
    void withoutCutsEverythingArrivesWhateverTheLinkDoes(Sim sim, SimNetwork network, SimRandom random)
            throws Exception {
        network.link(anyLink(random));
        network.faults(FaultPlan.NONE.withOutages(Duration.ofSeconds(3), Duration.ofSeconds(1)));
        byte[] east = noise(random);
        byte[] west = noise(random);
        try (Peers peers = Peers.connect()) {
            Task<Void> partitions = spawn(() -> partitionNowAndThen(network, random));
            spawn(() -> writeInPortions(peers.client(), east, random));
            spawn(() -> writeInPortions(peers.server(), west, random));
            Task<byte[]> atClient = spawn(() -> readInPortions(peers.client(), random));
            assertArrayEquals(east, readInPortions(peers.server(), random));
            assertArrayEquals(west, atClient.join());
            partitions.cancel();
        }
    }

    @SimTest
    void withCutsAndAbortsWhatArrivesIsTheBeginning(SimNetwork network, SimRandom random) throws Exception {
        network.link(anyLink(random));
        network.faults(FaultPlan.NONE.withCuts(0.7, MAX_BYTES));
        byte[] east = noise(random);
        try (Peers peers = Peers.connect()) {
            Task<Void> writer = spawn(() -> {
                try {
                    writeInPortions(peers.client(), east, random);
                    if (random.chance(0.5)) {
                        peers.client().abort();
                    }
                } catch (BrokenException expected) {
                    peers.client().close();
                }
            });
            byte[] read = readInPortions(peers.server(), random);
            writer.join();
            assertTrue(read.length <= east.length);
            assertArrayEquals(Arrays.copyOf(east, read.length), read);
        }
    }

    private static LinkOptions anyLink(SimRandom random) {
        return LinkOptions.INSTANT
                .withLatency(random.upTo(Duration.ofMillis(50)))
                .withJitter(random.upTo(Duration.ofMillis(50)))
                .withLoss(random.nextDouble() / 10)
                .withReorder(random.nextDouble() / 2)
                .withDuplicate(random.nextDouble() / 2)
                .withMtuBytes(1 + random.below(100))
                .withWindowBytes(1 + random.below(500))
                .withBytesPerSecond(random.below(2) * 100_000L);
    }

    private static byte[] noise(SimRandom random) {
        byte[] noise = new byte[random.below(MAX_BYTES)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) random.nextLong();
        }
        return noise;
    }

    private static void partitionNowAndThen(SimNetwork network, SimRandom random) {
        while (true) {
            sleep(random.upTo(Duration.ofSeconds(2)));
            network.partition(network.host("client"), network.host("server"));
            sleep(random.upTo(Duration.ofSeconds(1)));
            network.heal();
        }
    }

    private static void writeInPortions(ByteStream stream, byte[] bytes, SimRandom random) {
        int written = 0;
        while (written < bytes.length) {
            int count = Math.min(bytes.length - written, 1 + random.below(300));
            stream.write(bytes, written, count);
            written += count;
            if (random.chance(0.3)) {
                sleep(random.upTo(Duration.ofMillis(20)));
            }
        }
        stream.closeOutput();
    }

    /** Reads to the end or the break, with many reads cancelled: those must not have taken a byte. */
    private static byte[] readInPortions(ByteStream stream, SimRandom random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] target = new byte[1 + random.below(300)];
        int[] count = new int[1];
        try {
            while (count[0] >= 0) {
                count[0] = 0;
                moveOnAfter(random.upTo(Duration.ofMillis(30)), () -> {
                    count[0] = stream.read(target);
                });
                all.write(target, 0, Math.max(0, count[0]));
            }
        } catch (BrokenException expected) {
            // What came before is what counts.
        }
        return all.toByteArray();
    }
}
