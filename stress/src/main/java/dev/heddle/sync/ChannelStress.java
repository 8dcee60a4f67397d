package dev.heddle.sync;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Threads that meet in a channel. */
public class ChannelStress {

    /** Two senders and a receiver through a rendezvous, all waiting: both elements arrive, none twice. */
    @JCStressTest
    @Outcome(id = {"1, 2, 0", "2, 1, 0"}, expect = Expect.ACCEPTABLE, desc = "Both arrive.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost, came twice, or stayed.")
    @State
    public static class Rendezvous {
        private final Channel<Integer> channel = Channel.of(0);

        @Actor
        public void first() {
            channel.send(1);
        }

        @Actor
        public void second() {
            channel.send(2);
        }

        @Actor
        public void receiver(III_Result result) {
            result.r1 = channel.receive();
            result.r2 = channel.receive();
        }

        @Arbiter
        public void after(III_Result result) {
            ChannelStatistics statistics = channel.statistics();
            result.r3 = statistics.size() + statistics.waitingSenders() + statistics.waitingReceivers();
        }
    }

    /** Two that try to send into one place, and one that tries to receive: what was sent is received or still there. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "1, 1, 1", "2, 1, 2"}, expect = Expect.ACCEPTABLE, desc = "Nothing lost.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Sent is not received and left.")
    @State
    public static class OnePlace {
        private final Channel<Integer> channel = Channel.of(1);
        private boolean firstSent;
        private boolean secondSent;
        private int received;

        @Actor
        public void first() {
            firstSent = channel.trySend(1);
        }

        @Actor
        public void second() {
            secondSent = channel.trySend(2);
        }

        @Actor
        public void receiver() {
            received = channel.tryReceive().isPresent() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result result) {
            int sent = (firstSent ? 1 : 0) + (secondSent ? 1 : 0);
            int left = channel.statistics().size();
            result.r1 = sent;
            result.r2 = received;
            result.r3 = sent == received + left ? sent : -1;
        }
    }
}
