package dev.heddle.internal.loop;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Every item that threads leave is taken once, those of a thread in its order. */
public class InboxStress {

    private static final class Item extends Schedulable {
        private final int producer;
        private final int number;

        Item(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        public void takeTurn() {}
    }

    /** An inbox with a count of what was taken, and of what was lost, doubled or overtaken. */
    public abstract static class Counted {
        private final Inbox inbox = new Inbox();
        private final Item[] last = new Item[2];
        private int taken;
        private int disorders;

        final void push(int producer, int number) {
            inbox.push(new Item(producer, number));
        }

        final void take() {
            for (Schedulable each = inbox.takeAll(); each != null; each = Inbox.next(each)) {
                Item item = (Item) each;
                Item before = last[item.producer];
                if (item.number != (before == null ? 1 : before.number + 1)) {
                    disorders++;
                }
                last[item.producer] = item;
                taken++;
            }
        }

        final void finish(II_Result result) {
            take();
            result.r1 = taken;
            result.r2 = disorders;
        }
    }

    /** Two threads leave two items each. */
    @JCStressTest
    @Outcome(id = "4, 0", expect = Expect.ACCEPTABLE, desc = "All items, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost, doubled or overtaken.")
    @State
    public static class TwoProducers extends Counted {

        @Actor
        public void first() {
            push(0, 1);
            push(0, 2);
        }

        @Actor
        public void second() {
            push(1, 1);
            push(1, 2);
        }

        @Arbiter
        public void after(II_Result result) {
            finish(result);
        }
    }

    /** A thread leaves three items while the loop takes. */
    @JCStressTest
    @Outcome(id = "3, 0", expect = Expect.ACCEPTABLE, desc = "All items, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost, doubled or overtaken.")
    @State
    public static class ProducerAndConsumer extends Counted {

        @Actor
        public void producer() {
            push(0, 1);
            push(0, 2);
            push(0, 3);
        }

        @Actor
        public void consumer() {
            take();
            take();
        }

        @Arbiter
        public void after(II_Result result) {
            finish(result);
        }
    }

    /** Two threads leave the same item, each after another of its own: it is taken, and no other is lost. */
    @JCStressTest
    @Outcome(id = "3, 0", expect = Expect.ACCEPTABLE, desc = "All three.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or taken twice.")
    @State
    public static class SameItemTwice {
        private final Inbox inbox = new Inbox();
        private final Item shared = new Item(0, 0);

        @Actor
        public void first() {
            inbox.push(new Item(1, 1));
            inbox.push(shared);
        }

        @Actor
        public void second() {
            inbox.push(new Item(1, 2));
            inbox.push(shared);
        }

        @Arbiter
        public void after(II_Result result) {
            int shared = 0;
            for (Schedulable each = inbox.takeAll(); each != null; each = Inbox.next(each)) {
                result.r1++;
                shared += each == this.shared ? 1 : 0;
            }
            result.r2 = shared - 1;
        }
    }
}
