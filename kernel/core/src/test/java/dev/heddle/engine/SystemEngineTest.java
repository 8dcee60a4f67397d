package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wakes a loop finds it parked, in the system's poller, or in a spin before either. */
final class SystemEngineTest {

    private static final long LONG = Duration.ofMinutes(1).toNanos();

    private final List<String> told = new ArrayList<>();

    @Test
    void wakeLeftBeforeTheFirstPollEndsIt() {
        var engine = new Told(false);
        engine.wake();
        poll(engine);
        assertEquals(List.of(), told);
    }

    @Test
    void wakeEndsTheWaitOfAParkedLoop() throws InterruptedException {
        var engine = new Told(false);
        Thread waker = Thread.ofPlatform().start(engine::wake);
        poll(engine);
        waker.join();
    }

    @Test
    void wakeLeftWhileTheLoopRunsKeepsItsPollerFromWaiting() {
        var engine = new Told(true);
        poll(engine);
        engine.wake();
        poll(engine);
        poll(engine);
        assertEquals(List.of("poll " + LONG, "ring", "poll 0", "poll " + LONG), told);
    }

    private static void poll(Engine engine) {
        assertTrue(engine.poll(LONG, true));
    }

    /** An engine that writes down what it is told. */
    private final class Told extends SystemEngine {

        Told(boolean open) {
            if (open) {
                pollerIsOpen();
            }
        }

        @Override
        protected void pollSystem(long timeoutNanos) {
            told.add("poll " + timeoutNanos);
        }

        @Override
        protected void wakePoller() {
            told.add("ring");
        }

        @Override
        public String name() {
            return "told";
        }

        @Override
        public Transport connect(SocketAddress remote) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Acceptor listen(SocketAddress local, ListenOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Watch watch(SelectableChannel channel, Watch.Listener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
