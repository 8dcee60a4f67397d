package dev.heddle.sync;

import dev.heddle.ClosedException;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Threads that meet in a channel with a ring: those who wait have the lock, the others have not. */
public class RingedChannelStress {

    private static Channel<Integer> ringed(int capacity) {
        Channel<Integer> channel = Channel.of(capacity);
        return channel.core.underLock(state -> {
            state.makeRing();
            return channel;
        });
    }

    private static int left(Channel<?> channel) {
        ChannelStatistics statistics = channel.statistics();
        return statistics.size() + statistics.waitingSenders() + statistics.waitingReceivers();
    }

    private static int received(Channel<Integer> channel) {
        try {
            return channel.receive();
        } catch (ClosedException e) {
            return 0;
        }
    }

    private static int sent(Channel<Integer> channel, int element) {
        try {
            channel.send(element);
            return element;
        } catch (ClosedException e) {
            return 0;
        }
    }

    /** Each waits for the other. */
    @JCStressTest
    @Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class Buffer {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void send() {
            channel.send(1);
            channel.send(2);
        }

        @Actor
        public void receive(III_Result result) {
            result.r1 = channel.receive();
            result.r2 = channel.receive();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }

    /** Two receivers, of which one may wait behind the other. */
    @JCStressTest
    @Outcome(id = {"1, 2, 0", "2, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "Each has one.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class TwoReceivers {
        private final Channel<Integer> channel = ringed(2);

        @Actor
        public void send() {
            channel.send(1);
            channel.send(2);
        }

        @Actor
        public void first(III_Result result) {
            result.r1 = channel.receive();
        }

        @Actor
        public void second(III_Result result) {
            result.r2 = channel.receive();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }

    /** Two senders into one place, of which one may wait behind the other. */
    @JCStressTest
    @Outcome(id = {"1, 2, 0", "2, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class TwoSenders {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void first() {
            channel.send(1);
        }

        @Actor
        public void second() {
            channel.send(2);
        }

        @Actor
        public void receive(III_Result result) {
            result.r1 = channel.receive();
            result.r2 = channel.receive();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }

    /** One sends while the receiver gives up: what was not received is still there. */
    @JCStressTest
    @Outcome(id = {"0, 1, 0", "1, 0, 0"}, expect = Expect.ACCEPTABLE, desc = "They agree.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The element was lost, or somebody still waits.")
    @State
    public static class ReceiverGivesUp {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void send() {
            channel.send(1);
        }

        @Actor
        public void receive(III_Result result) {
            result.r1 = channel.receiveWithin(Duration.ofNanos(500)).orElse(0);
        }

        @Arbiter
        public void after(III_Result result) {
            result.r2 = channel.tryReceive().orElse(0);
            result.r3 = left(channel);
        }
    }

    /** One receives while the sender gives up: it has left its element or has not. */
    @JCStressTest
    @Outcome(id = {"0, 0, 0", "1, 2, 0"}, expect = Expect.ACCEPTABLE, desc = "They agree.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The element was lost or left all the same, or somebody still waits.")
    @State
    public static class SenderGivesUp {
        private final Channel<Integer> channel = ringed(1);

        public SenderGivesUp() {
            channel.send(1);
        }

        @Actor
        public void send(III_Result result) {
            result.r1 = channel.sendWithin(2, Duration.ofNanos(500)) ? 1 : 0;
        }

        @Actor
        public void receive() {
            channel.receive();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r2 = channel.tryReceive().orElse(0);
            result.r3 = left(channel);
        }
    }

    /** A close meets a send and a receive: what was sent is received, and nobody waits for ever. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "They agree.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A sent element was lost, or a refused one received.")
    @State
    public static class Closed {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void send(II_Result result) {
            result.r1 = sent(channel, 1);
        }

        @Actor
        public void receive(II_Result result) {
            result.r2 = received(channel);
        }

        @Actor
        public void close() {
            channel.close();
        }
    }

    /** An abort meets a send and a receive: nothing stays behind, and nobody waits for ever. */
    @JCStressTest
    @Outcome(id = {"0, 0, 0", "1, 0, 0", "1, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "Received or thrown away.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A refused element was received, or one has stayed.")
    @State
    public static class Aborted {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void send(III_Result result) {
            result.r1 = sent(channel, 1);
        }

        @Actor
        public void receive(III_Result result) {
            result.r2 = received(channel);
        }

        @Actor
        public void abort() {
            channel.abort();
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }

    /** One takes an element out of the middle, which ends the ring, while others send and receive. */
    @JCStressTest
    @Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class Retired {
        private final Channel<Integer> channel = ringed(1);

        @Actor
        public void send() {
            channel.send(1);
            channel.send(2);
        }

        @Actor
        public void receive(III_Result result) {
            result.r1 = channel.receive();
            result.r2 = channel.receive();
        }

        @Actor
        public void retire() {
            channel.asBlockingQueue().remove(3);
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }
}
