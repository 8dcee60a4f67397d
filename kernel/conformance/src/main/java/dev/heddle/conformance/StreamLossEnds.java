package dev.heddle.conformance;

import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.function.Consumer;

/** Two streams under a {@link LossCell}; what lies between them is for a suite's fixture to say. */
final class StreamLossEnds extends OurStreamEnd {

    private final ByteStream peer;
    private final Consumer<ByteStream> reset;
    private final CrossedLossContract system;

    StreamLossEnds(ByteStream peer, ByteStream ours, Consumer<ByteStream> reset, CrossedLossContract system) {
        super(ours);
        this.peer = peer;
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
