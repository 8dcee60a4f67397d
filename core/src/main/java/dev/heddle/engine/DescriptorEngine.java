package dev.heddle.engine;

import java.io.IOException;

/** An engine that knows bare descriptors of the system, such as pipes, terminals and timerfds: those of Linux. */
public interface DescriptorEngine extends Engine {

    /**
     * The same engine, known to take bare descriptors.
     *
     * @throws UnsupportedOperationException if it cannot, as the portable one
     */
    static DescriptorEngine of(Engine engine) {
        if (engine instanceof DescriptorEngine able) {
            return able;
        }
        throw new UnsupportedOperationException(
                "the engine " + engine.name() + " cannot watch bare descriptors; the engines of Linux can");
    }

    /**
     * Watches whether a descriptor is ready. It must be non-blocking and stays the caller's: close the watch before the
     * descriptor.
     *
     * @param listener hears of readiness, below the tasks
     * @throws IOException if the system cannot watch it: regular files are always ready, for instance
     * @throws IllegalStateException if the descriptor is watched by this engine already
     */
    Watch watch(int descriptor, Watch.Listener listener) throws IOException;

    /**
     * Takes a descriptor over as a transport: one end of a pipe, a terminal, a connected socket. It becomes
     * non-blocking and is closed with the transport.
     *
     * @param name what it is, fit for a log line
     * @throws IOException if the system cannot wait for it
     */
    Transport adopt(int descriptor, String name) throws IOException;
}
