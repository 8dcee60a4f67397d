package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;

import dev.heddle.BrokenException;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.function.Consumer;

/** Two streams under a {@link LossCell}; what lies between them is for a suite's fixture to say. */
final class StreamLossEnds implements LossEnds {

    private final ByteStream peer;
    private final ByteStream ours;
    private final Consumer<ByteStream> reset;
    private final CrossedLossContract system;

    StreamLossEnds(ByteStream peer, ByteStream ours, Consumer<ByteStream> reset, CrossedLossContract system) {
        this.peer = peer;
        this.ours = ours;
        this.reset = reset;
        this.system = system;
    }

    @Override
    public void send(String text) {
        peer.write(text);
    }

    @Override
    public void halfClose() {
        peer.closeOutput();
    }

    @Override
    public void reset() {
        reset.accept(peer);
    }

    @Override
    public void end(long bytes) {
        var buffer = new byte[16 * 1024];
        for (long left = bytes; left > 0;) {
            left -= peer.read(buffer, 0, (int) Math.min(left, buffer.length));
        }
        peer.close();
    }

    @Override
    public long drain() {
        long count = 0;
        var buffer = new byte[16 * 1024];
        for (int read = peer.read(buffer); read >= 0; read = peer.read(buffer)) {
            count += read;
        }
        return count;
    }

    @Override
    public Reading read() {
        try {
            return new Reading(text(ours.readAll(1000)), false);
        } catch (BrokenException e) {
            return new Reading(text(ours.readExactly(ours.buffered().remaining())), true);
        }
    }

    @Override
    public void write(byte[] piece) {
        ours.write(piece);
    }

    @Override
    public void endOutput() {
        ours.closeOutput();
    }

    @Override
    public void assertStays(boolean broken) {
        if (broken) {
            StreamEnds.assertBroken(ours, "");
        } else {
            StreamEnds.assertEnd(ours, "");
        }
    }

    @Override
    public void letArrive() {
        system.letArrive();
    }

    @Override
    public Duration patience() {
        return system.patience();
    }

    @Override
    public boolean tellsResets() {
        return system.tellsResets();
    }

    @Override
    public boolean tellsResetsBeforeUnread() {
        return system.tellsResets() || system.closesBeforeUnreadAreResets();
    }

    @Override
    public boolean halfCloseEndsBoth() {
        return system.halfCloseEndsBoth();
    }
}
