package dev.heddle.sync;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Threads that meet in a channel. */
public class ChannelStress {

    private static int left(Channel<?> channel) {
        ChannelStatistics statistics = channel.statistics();
        return statistics.size() + statistics.waitingSenders() + statistics.waitingReceivers();
    }

    /** A sender and a receiver through a rendezvous, both waiting: the elements arrive in order. */
    @JCStressTest
    @Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class Rendezvous {
        private final Channel<Integer> channel = Channel.of(0);

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

    /** Through a buffer of one, so that each waits for the other. */
    @JCStressTest
    @Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class Buffer {
        private final Channel<Integer> channel = Channel.of(1);

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

    /** Two try to send into the one place: one does. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One has sent.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Sent is not what is there.")
    @State
    public static class OnePlace {
        private final Channel<Integer> channel = Channel.of(1);

        @Actor
        public void first(III_Result result) {
            result.r1 = channel.trySend(1) ? 1 : 0;
        }

        @Actor
        public void second(III_Result result) {
            result.r2 = channel.trySend(2) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }

    /** One tries to send while the receiver gives up: both say that the element went over, or both that it did not. */
    @JCStressTest
    @Outcome(id = {"0, 0, 0", "1, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "They agree.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The element was lost, or somebody still waits.")
    @State
    public static class ReceiverGivesUp {
        private final Channel<Integer> channel = Channel.of(0);

        @Actor
        public void send(III_Result result) {
            result.r1 = channel.trySend(1) ? 1 : 0;
        }

        @Actor
        public void receive(III_Result result) {
            result.r2 = channel.receiveWithin(Duration.ofNanos(500)).isPresent() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result result) {
            result.r3 = left(channel);
        }
    }
}
