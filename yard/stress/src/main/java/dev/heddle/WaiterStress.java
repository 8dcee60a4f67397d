package dev.heddle;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** One wait, and the moment it is decided. */
public class WaiterStress {

    /** One completes, one gives up: exactly one of them decides. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One decides.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None or both decide.")
    @State
    public static class CompleteOrGiveUp {
        private final Waiter waiter = new Waiter("a value");

        @Actor
        public void complete(ZZ_Result result) {
            result.r1 = waiter.complete();
        }

        @Actor
        public void giveUp(ZZ_Result result) {
            result.r2 = waiter.cancel();
        }
    }

    /** Two complete: exactly one of them decides. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One decides.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None or both decide.")
    @State
    public static class TwoComplete {
        private final Waiter waiter = new Waiter("a value");

        @Actor
        public void first(ZZ_Result result) {
            result.r1 = waiter.complete();
        }

        @Actor
        public void second(ZZ_Result result) {
            result.r2 = waiter.complete();
        }
    }

    /** What is written before complete is seen after await, and a completed wait always wakes. */
    @JCStressTest
    @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "Woken, and the value is there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Not woken, or an old value.")
    @State
    public static class Wakes {
        private final Waiter waiter = new Waiter("a value");
        private int value;

        @Actor
        public void completer() {
            value = 42;
            waiter.complete();
        }

        @Actor
        public void waiting(II_Result result) {
            result.r1 = waiter.awaitWithin(Duration.ofSeconds(30)) ? 1 : 0;
            result.r2 = value;
        }
    }
}
