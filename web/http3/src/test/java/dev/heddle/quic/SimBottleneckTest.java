package dev.heddle.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Transfers through a router whose link is slow and whose queue is short, in simulated time. */
final class SimBottleneckTest {

    private static final int MIB = 1 << 20;

    /** What the artifact's library lets a connection carry in a round trip. */
    private static final int ARTIFACT_WINDOW = 135_000;

    private static final QuicOptions WIDE = QuicEnds.OPTIONS.withWindowBytes(16_000_000)
            .withStreamWindowBytes(16_000_000);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    /** A router on the way between two hosts. Nothing is overtaken: a handshake that is counts as a loss. */
    private record Bottleneck(int megabits, int roundTripMillis, int queue) {

        SimOptions options(int seed) {
            return SimOptions.DEFAULT.withSeed(seed).withLink(LinkOptions.INSTANT
                    .withLatency(Duration.ofNanos(roundTripMillis * 500_000L + seed * 37_000L))
                    .withBytesPerSecond(bytesPerSecond())
                    .withQueuedDatagrams(queue));
        }

        long bytesPerSecond() {
            return megabits * 125_000L;
        }
    }

    private record Outcome(long millis, long losses) {}

    private static List<QuicConnection> accepted(QuicListener listener, int count) {
        return IntStream.range(0, count).mapToObj(_ -> listener.accept()).toList();
    }

    /** Downloads at once, each over a connection of its own. */
    private static Outcome download(Bottleneck bottleneck, int seed, int bytes, int connections) {
        List<Outcome> outcome = new ArrayList<>();
        Sim.run(bottleneck.options(seed), sim -> {
            SimNetwork network = sim.network();
            QuicListener listener = network.host("server")
                    .run(() -> Quic.listen("0.0.0.0", 443, SimQuicTest.SERVER, WIDE));
            Task<Void> served = Heddle.spawn(() -> Heddle.forEach(accepted(listener, connections), connections,
                    server -> server.serve(stream -> {
                        stream.readExactly(1);
                        stream.write(new byte[bytes]);
                    })));
            List<Long> times = Collections.synchronizedList(new ArrayList<>());
            Heddle.forEach(IntStream.range(0, connections).boxed().toList(), connections, _ -> {
                try (QuicConnection client = network.host("client")
                        .run(() -> Quic.connect("server", 443, QuicEnds.AUTHORITY.trust(), WIDE))) {
                    long begun = Heddle.currentLoop().nanoTime();
                    ByteStream stream = client.open();
                    stream.write("!");
                    stream.readExactly(bytes);
                    times.add(Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toMillis());
                }
            });
            outcome.add(new Outcome(Collections.max(times), network.statistics().losses()));
            served.join();
            listener.close();
        });
        return outcome.getFirst();
    }

    /** A window that leaves all at once overflows the queue when it is as long: then it grows no more, for seconds. */
    @Test
    void shortQueueDoesNotKeepAWindowSmall() {
        var bottleneck = new Bottleneck(100, 100, 10);
        for (int seed = 1; seed <= 4; seed++) {
            Outcome outcome = download(bottleneck, seed, MIB, 1);
            assertTrue(outcome.millis < 2_000, outcome::toString); // 3.5 s if nothing is paced
        }
    }

    /** Each transfer ends in four times what the link takes for it, and sends at most half of it again. */
    private static void transfersEnd(int bytes, int seeds) {
        for (int megabits : new int[]{10, 100}) {
            for (int roundTrip : new int[]{20, 100}) {
                for (int queue : new int[]{10, 100}) {
                    for (int connections = 1; connections <= 2; connections++) {
                        var bottleneck = new Bottleneck(megabits, roundTrip, queue);
                        long all = (long) bytes * connections;
                        long link = 1_000 * all / bottleneck.bytesPerSecond();
                        long window = (long) bytes / ARTIFACT_WINDOW * roundTrip;
                        for (int seed = 1; seed <= seeds; seed++) {
                            Outcome outcome = download(bottleneck, seed, bytes, connections);
                            String told = bottleneck + ", seed " + seed + ", " + connections + ": " + outcome;
                            assertTrue(outcome.millis < 4 * Math.max(link, window) + 20L * roundTrip, told);
                            assertTrue(outcome.losses < all / 1_200 / 2, told);
                        }
                    }
                }
            }
        }
    }

    @Test
    @Tag("full")
    void transfersThroughABottleneckEndInTime() {
        transfersEnd(MIB, 1);
    }

    @Test
    @Tag("full")
    void longTransfersThroughABottleneckEndInTime() {
        transfersEnd(4 * MIB, Integer.getInteger("heddle.quic.seeds", 20) / 20);
    }

    /** What waits for its turn keeps nobody from ending the connection. */
    @Test
    void closeIsNotHeldBack() {
        SimQuicTest.between(new Bottleneck(100, 100, 10).options(1), WIDE, (network, client, server) -> {
            ByteStream stream = client.open();
            stream.write("!");
            Task<Void> writer = Heddle.spawn(() -> server.accept().write(new byte[MIB]));
            stream.readExactly(100_000);
            long told = Heddle.currentLoop().nanoTime();
            server.abort(7, "enough");
            assertThrows(BrokenException.class, () -> stream.readExactly(MIB));
            long millis = Duration.ofNanos(Heddle.currentLoop().nanoTime() - told).toMillis();
            assertTrue(millis <= 52, () -> millis + " ms"); // a way and what is in the queue
            assertThrows(RuntimeException.class, writer::join);
        });
    }

    @Test
    void cancelledWriterAndADeadlineLeaveTheOthersTheirPace() {
        SimQuicTest.between(new Bottleneck(10, 100, 10).options(1), WIDE, (network, client, server) -> {
            ByteStream given = client.open();
            given.write("!");
            ByteStream other = server.accept();
            Task<Void> cancelled = Heddle.spawn(() -> other.write(new byte[MIB]));
            assertTrue(Heddle.moveOnAfter(Duration.ofMillis(300), () -> given.readExactly(MIB)).isEmpty());
            cancelled.cancel();
            other.abort();
            ByteStream stream = client.open();
            stream.write("?");
            Task<Void> written = Heddle.spawn(() -> server.accept().write(new byte[MIB]));
            assertEquals(MIB, Heddle.timeout(Duration.ofSeconds(5), () -> stream.readExactly(MIB)).length);
            written.join();
        });
    }
}
