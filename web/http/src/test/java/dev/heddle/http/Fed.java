package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import java.util.function.Function;

/** Bytes for fuzzing what reads from a stream. */
public final class Fed {

    private Fed() {}

    /**
     * Lets a reader, in virtual time, read bytes that come in pieces of at most one size, with the end behind them.
     * What it writes meanwhile goes nowhere.
     */
    public static <T> T read(byte[] bytes, int step, Function<ByteStream, T> reader) {
        return Sim.run(1, () -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair(step)) {
                ByteStream peer = pair.left();
                Task<Void> sends = Heddle.spawn(() -> {
                    try {
                        peer.write(bytes);
                        peer.closeOutput();
                    } catch (HeddleException gone) {
                        // The reader has seen enough.
                    }
                });
                Task<Void> drains = Heddle.spawn(() -> {
                    try {
                        while (peer.read(new byte[4096]) >= 0) {
                            // Nobody wants it.
                        }
                    } catch (HeddleException gone) {
                        // Likewise.
                    }
                });
                T read = reader.apply(pair.right());
                pair.right().abort();
                sends.join();
                drains.join();
                return read;
            }
        });
    }

    /** What a server says to bytes that come with the end behind them, in virtual time. */
    public static byte[] answers(byte[] bytes, Consumer<ByteStream> server) {
        return Sim.run(1, () -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                ByteStream peer = pair.left();
                Task<Void> serves = Heddle.spawn(() -> server.accept(pair.right()));
                Task<Void> sends = Heddle.spawn(() -> {
                    try {
                        peer.write(bytes);
                        peer.closeOutput();
                    } catch (HeddleException gone) {
                        // It has answered and gone.
                    }
                });
                var said = new ByteArrayOutputStream();
                var piece = new byte[4096];
                try {
                    for (int count = peer.read(piece); count >= 0; count = peer.read(piece)) {
                        said.write(piece, 0, count);
                    }
                } catch (HeddleException gone) {
                    // What came before the reset counts.
                }
                serves.join();
                sends.join();
                return said.toByteArray();
            }
        });
    }
}
