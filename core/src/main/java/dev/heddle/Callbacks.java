package dev.heddle;

import dev.heddle.internal.VirtualThreads;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks on a virtual thread, never on the loop's own: code of users may take locks and wait.
 *
 * <p>One thread serves all callbacks as long as they do not wait. If one waits, its thread is left to it and the next
 * callback gets a new one, so the order of callbacks holds and none blocks another.
 */
final class Callbacks {

    private final Loop loop;
    private @Nullable Server idle;

    /** Callbacks that have begun and not ended. */
    private int busy;

    Callbacks(Loop loop) {
        this.loop = loop;
    }

    /** Runs a callback until it ends or waits. On the loop's thread. */
    void run(Handle handle) {
        Server server = idle;
        if (server == null) {
            server = new Server();
        }
        idle = null;
        server.serve(handle);
    }

    /** Whether no callback waits in the middle of its work. */
    boolean isIdle() {
        return busy == 0;
    }

    /** Lets the idle thread end. */
    void close() {
        Server server = idle;
        idle = null;
        if (server != null) {
            server.serve(null);
        }
    }

    private final class Server {
        private final Fiber fiber = new Fiber(loop, "callbacks of " + loop.name(), this::live);
        private @Nullable Handle next;
        private boolean started;
        private boolean ended;

        /** Runs a callback now; null ends the thread. */
        void serve(@Nullable Handle handle) {
            next = handle;
            if (handle == null) {
                ended = true;
            }
            loop.turns.mountNow(fiber, () -> {
                if (started) {
                    LockSupport.unpark(fiber.thread);
                } else {
                    started = true;
                    VirtualThreads.start(fiber.thread);
                }
            });
        }

        private void live() {
            while (!ended) {
                Handle handle = next;
                next = null;
                if (handle != null) {
                    busy++;
                    handle.call();
                    busy--;
                    Thread.interrupted();
                }
                if (idle != null) {
                    return;
                }
                idle = this;
                while (next == null && !ended) {
                    LockSupport.park();
                }
            }
        }
    }
}
