package dev.heddle.engine;

import java.io.IOException;

/** An engine that starts processes: all engines over a real system. */
public interface SpawningEngine extends Engine {

    /**
     * The same engine, known to start processes.
     *
     * @throws UnsupportedOperationException if it starts none, as a simulated one
     */
    static SpawningEngine of(Engine engine) {
        if (engine instanceof SpawningEngine able) {
            return able;
        }
        throw new UnsupportedOperationException("the engine " + engine.name() + " starts no processes");
    }

    /**
     * Starts a process. The call may go on in a worker thread, since starting one takes long.
     *
     * <p>Cancellation: once begun it is not cut off; a process that was started is given back.
     *
     * @throws IOException if the system does not start it, with its reason
     * @throws UnsupportedOperationException if this engine starts no process of this kind
     */
    Child spawn(SpawnRequest request) throws IOException;
}
