package dev.heddle.engine;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * An engine that watches channels of Java NIO, for code that moves the bytes itself: all engines over a real system.
 */
public interface ChannelEngine extends Engine {

    /**
     * The same engine, known to watch channels.
     *
     * @throws UnsupportedOperationException if it cannot, as a simulated one
     */
    static ChannelEngine of(Engine engine) {
        if (engine instanceof ChannelEngine able) {
            return able;
        }
        throw new UnsupportedOperationException("the engine " + engine.name() + " cannot watch channels of the system");
    }

    /**
     * Watches whether a channel is ready. It must be non-blocking and stays the caller's: close the watch before the
     * channel.
     *
     * @param listener hears of readiness, below the tasks
     * @throws IOException if the system cannot watch it
     * @throws IllegalStateException if the channel is watched by this engine already
     */
    Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException;
}
