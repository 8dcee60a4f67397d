package dev.heddle;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A loop goes to sleep while another thread leaves it something: it does not fall asleep, or it is woken. The engine
 * sleeps until it is woken or the other thread is done; asleep then with something in the inbox, it would have slept
 * for ever.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Did not sleep, or was woken.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "The wake-up was missed.")
@State
public class WakeUpStress {

    private final SleepyEngine engine = new SleepyEngine();
    private final Loop loop = Loop.create(Config.DEFAULT.withSignals(false).withEngine(() -> engine));

    @Actor
    public void driver(I_Result result) {
        loop.step(Duration.ofDays(1));
        result.r1 = engine.missed ? 1 : 0;
    }

    @Actor
    public void otherThread() {
        loop.callFromThread(() -> engine.called = true);
        engine.otherIsDone = true;
    }

    /** Live loops are known to the process, so each must end. */
    @Arbiter
    public void end() {
        engine.woken = true;
        loop.close();
    }

    private static final class SleepyEngine implements Engine {
        private volatile boolean woken;
        private volatile boolean otherIsDone;
        private boolean called;
        private boolean missed;

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            if (timeoutNanos > 0) {
                while (!woken && !otherIsDone) {
                    Thread.onSpinWait();
                }
                missed = !woken && !called;
            }
            return true;
        }

        @Override
        public void wake() {
            woken = true;
        }

        @Override
        public String name() {
            return "sleepy";
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long random() {
            return 0;
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
        public List<InetAddress> resolve(String host) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
