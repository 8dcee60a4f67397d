package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Streams over bad networks between machines that stall and programs that read slowly. */
final class StreamsScenarioTest {

    private static final LinkOptions BAD = LinkOptions.ROUGH.withMtuBytes(50).withWindowBytes(300);

    @Test
    void everythingArrivesInBothDirectionsWhateverMachinesAndNetworkDo() {
        Seeds.run(SimOptions.DEFAULT.withLink(BAD).withFaults(Seeds.ROUGH), sim -> {
            byte[] east = noise(sim.random());
            byte[] west = noise(sim.random());
            try (Peers peers = Peers.connect()) {
                Task<byte[]> atClient = sim.network().host("client").spawn(() -> readAll(peers.client()));
                Task<byte[]> atServer = sim.network().host("server").spawn(() -> readAll(peers.server()));
                gather(() -> write(peers.client(), east), () -> write(peers.server(), west));
                assertArrayEquals(west, atClient.join());
                assertArrayEquals(east, atServer.join());
            }
        });
    }

    @Test
    void whatArrivesBeforeACutIsHowWhatWasWrittenBegins() {
        FaultPlan cuts = Seeds.ROUGH.withCuts(0.8, 1000);
        Seeds.run(SimOptions.DEFAULT.withLink(BAD).withFaults(cuts), sim -> {
            byte[] bytes = noise(sim.random());
            try (Peers peers = Peers.connect()) {
                Task<Boolean> writer = spawn(() -> {
                    try {
                        write(peers.client(), bytes);
                        return true;
                    } catch (BrokenException cut) {
                        return false;
                    }
                });
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                boolean whole = true;
                try {
                    readInto(read, peers.server());
                } catch (BrokenException cut) {
                    whole = false;
                }
                writer.join();
                assertTrue(read.size() <= bytes.length);
                assertArrayEquals(Arrays.copyOf(bytes, read.size()), read.toByteArray());
                assertTrue(!whole || read.size() == bytes.length, "an end in good order is the whole");
            }
        });
    }

    private static byte[] noise(SimRandom random) {
        byte[] noise = new byte[random.below(1000)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) random.nextLong();
        }
        return noise;
    }

    private static void write(ByteStream stream, byte[] bytes) {
        stream.write(bytes);
        stream.closeOutput();
    }

    private static byte[] readAll(ByteStream stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        readInto(all, stream);
        return all.toByteArray();
    }

    private static void readInto(ByteArrayOutputStream all, ByteStream stream) {
        byte[] some = new byte[100];
        for (int count = stream.read(some); count >= 0; count = stream.read(some)) {
            all.write(some, 0, count);
        }
    }
}
