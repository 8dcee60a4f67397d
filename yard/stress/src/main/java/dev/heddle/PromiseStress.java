package dev.heddle;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A promise that ends while others begin to wait for it. */
public class PromiseStress {

    /** Two set the result: one of them does. */
    @JCStressTest
    @Outcome(id = {"true, false, 1", "false, true, 2"}, expect = Expect.ACCEPTABLE, desc = "The first wins.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Set twice or not at all.")
    @State
    public static class SetOnce {
        private final Promise<Integer> promise = new Promise<>();

        @Actor
        public void first(ZZI_Result result) {
            result.r1 = promise.tryComplete(1);
        }

        @Actor
        public void second(ZZI_Result result) {
            result.r2 = promise.tryComplete(2);
        }

        @Arbiter
        public void after(ZZI_Result result) {
            result.r3 = promise.join();
        }
    }

    /** One sets the result while another registers two listeners: each is told once, in order. */
    @JCStressTest
    @Outcome(id = "12", expect = Expect.ACCEPTABLE, desc = "Each once, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Not told, told twice, or out of order.")
    @State
    public static class ToldOnce {
        private final Promise<Integer> promise = new Promise<>();
        private final AtomicInteger told = new AtomicInteger();

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void register() {
            promise.addListener(() -> told.updateAndGet(digits -> digits * 10 + 1));
            promise.addListener(() -> told.updateAndGet(digits -> digits * 10 + 2));
        }

        @Arbiter
        public void after(I_Result result) {
            result.r1 = told.get();
        }
    }

    /** Two promises end while another thread takes their ends as they come: it gets each once. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "Each once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One was lost or came twice.")
    @State
    public static class EachArrivesOnce {
        private final Promise<Integer> one = new Promise<>();
        private final Promise<Integer> two = new Promise<>();

        @Actor
        public void end() {
            one.complete(1);
            two.complete(2);
        }

        @Actor
        public void take(II_Result result) {
            CompletionQueue<Promise<Integer>> completions = new CompletionQueue<>(Set.of(one, two));
            result.r1 = completions.next().join();
            result.r2 = completions.next().join();
        }
    }
}
