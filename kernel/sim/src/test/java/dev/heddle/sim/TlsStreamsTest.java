package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over networks that are bad in every way: nothing is lost, and nothing cut off passes for whole. */
final class TlsStreamsTest {

    private static final TlsIdentity SERVER = TlsIdentity.selfSigned("server");
    private static final ServerTls SERVER_TLS = ServerTls.of(SERVER).withHandshakeTimeout(Duration.ofHours(1));
    private static final ClientTls CLIENT_TLS = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()))
            .withHandshakeTimeout(Duration.ofHours(1));

    /** Puts TLS over both ends at once. */
    static Peers secure(Peers peers) {
        var streams = gather(
                () -> Tls.upgradeClient(peers.client(), "server", CLIENT_TLS),
                () -> Tls.upgradeServer(peers.server(), SERVER_TLS));
        return new Peers(streams.get(0), streams.get(1));
    }

    private static byte[] noise(int count) {
        byte[] noise = new byte[count];
        new Random(count).nextBytes(noise);
        return noise;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everythingArrivesOverTheWorstLink(long seed) {
        byte[] east = noise(3_000);
        byte[] west = noise(2_000);
        Sim.run(SimOptions.DEFAULT.withSeed(seed).withLink(LinkOptions.ROUGH), sim -> {
            try (Peers peers = secure(Peers.connect())) {
                spawn(() -> {
                    peers.client().write(east);
                    peers.client().closeOutput();
                });
                spawn(() -> {
                    peers.server().write(west);
                    peers.server().closeOutput();
                });
                Task<byte[]> atClient = spawn(() -> peers.client().readAll(west.length));

                assertArrayEquals(east, peers.server().readAll(east.length));
                assertArrayEquals(west, atClient.join());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whatACutLeavesNeverEndsAsIfItWereWhole(long seed) {
        byte[] message = noise(40_000);
        Sim.run(SimOptions.DEFAULT.withSeed(seed), sim -> {
            sim.network().faults(FaultPlan.NONE.withCuts(1, 50_000));
            try (Peers peers = secure(Peers.connect())) {
                spawn(() -> send(peers.client(), message));
                ByteArrayOutputStream read = new ByteArrayOutputStream();

                boolean ended = endsWell(peers.server(), read);

                assertTrue(!ended || read.size() == message.length, read.size() + " bytes");
                assertArrayEquals(Arrays.copyOf(message, read.size()), read.toByteArray());
            } catch (BrokenException e) {
                // The cut came in the handshake, so there is no stream that could end.
                assertInstanceOf(TlsException.class, e);
            }
        });
    }

    private static void send(ByteStream stream, byte[] message) {
        try {
            stream.write(message);
            stream.closeOutput();
        } catch (BrokenException expected) {
            stream.abort();
        }
    }

    /** Reads all there is, and says whether an end came after it. */
    private static boolean endsWell(ByteStream stream, ByteArrayOutputStream read) {
        byte[] target = new byte[7_000];
        try {
            for (int n = stream.read(target); n >= 0; n = stream.read(target)) {
                read.write(target, 0, n);
            }
            return true;
        } catch (BrokenException expected) {
            return false;
        }
    }
}
