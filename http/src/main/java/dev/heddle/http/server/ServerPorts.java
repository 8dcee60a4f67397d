package dev.heddle.http.server;

import dev.heddle.net.Listener;
import dev.heddle.net.Listeners;
import dev.heddle.net.LoopListeners;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.StreamHandler;
import java.time.Duration;

/** The ports of a server, where its connections come from: listeners of one loop, or one port on all loops. */
sealed interface ServerPorts {

    /** Serves until closed, with the bound of connections for each loop. */
    void serve(ServeOptions options, StreamHandler handler);

    /** Stops accepting. */
    void close();

    /** Cancels what still serves, and waits for its end. */
    void cancel();

    /** The port that is really bound; of several the first's. */
    int port();

    /** The address that is really bound; of several the first's. */
    String address();

    /** Listeners of one loop. */
    record OfOneLoop(Listeners listeners) implements ServerPorts {

        @Override
        public void serve(ServeOptions options, StreamHandler handler) {
            listeners.serve(options, handler);
        }

        @Override
        public void close() {
            listeners.close();
        }

        @Override
        public void cancel() {
            listeners.stop(Duration.ZERO);
        }

        @Override
        public int port() {
            return first().port();
        }

        @Override
        public String address() {
            return first().address();
        }

        private Listener first() {
            return listeners.all().getFirst();
        }
    }

    /** One port of all loops. */
    record OfAllLoops(LoopListeners listeners) implements ServerPorts {

        @Override
        public void serve(ServeOptions options, StreamHandler handler) {
            listeners.serve(options, handler);
        }

        @Override
        public void close() {
            listeners.close();
        }

        @Override
        public void cancel() {
            listeners.stop(Duration.ZERO);
        }

        @Override
        public int port() {
            return listeners.port();
        }

        @Override
        public String address() {
            return listeners.address();
        }
    }
}
