package dev.heddle.engine;

import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A loop spins and then sleeps in its poller while another thread wakes it: the spin sees that, or the poller is woken.
 * The poller sleeps until it is woken or the other thread is done; asleep then, it would have slept for ever.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Did not sleep, or was woken.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "The wake-up was missed.")
@State
public class SpinStress {

    /** So long that the spin is over before the other thread is there, and so short that it is not, by turns. */
    private static final long TIMEOUT_NANOS = 200;

    private final SleepyEngine engine = new SleepyEngine();

    @Actor
    public void loop(I_Result result) {
        engine.poll(TIMEOUT_NANOS, true);
        result.r1 = engine.missed ? 1 : 0;
    }

    @Actor
    public void otherThread() {
        engine.wake();
        engine.otherIsDone = true;
    }

    private static final class SleepyEngine extends SystemEngine {
        private volatile boolean bell;
        private volatile boolean otherIsDone;
        private boolean missed;

        SleepyEngine() {
            super(new AdaptiveSpin(2, true, System::nanoTime));
            pollerIsOpen();
        }

        @Override
        protected void pollSystem(long timeoutNanos) {
            if (timeoutNanos > 0) {
                while (!bell && !otherIsDone) {
                    Thread.onSpinWait();
                }
                missed = !bell;
            }
        }

        @Override
        protected void wakePoller() {
            bell = true;
        }

        @Override
        public String name() {
            return "sleepy";
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
