package dev.heddle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads leave two items each while the loop takes: every item is taken once, each thread's in its order. */
@JCStressTest
@Outcome(id = "4, 0", expect = Expect.ACCEPTABLE, desc = "All items, in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost, doubled or overtaken.")
@State
public class InboxStress {

    private final Inbox inbox = new Inbox();
    private final Item[] lastOfProducer = new Item[2];
    private int taken;
    private int disorders;

    private static final class Item extends Ready {
        private final int producer;
        private final int number;

        Item(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        void run(Loop loop) {}
    }

    @Actor
    public void firstProducer() {
        inbox.push(new Item(0, 1));
        inbox.push(new Item(0, 2));
    }

    @Actor
    public void secondProducer() {
        inbox.push(new Item(1, 1));
        inbox.push(new Item(1, 2));
    }

    @Actor
    public void consumer() {
        take();
        take();
    }

    @Arbiter
    public void rest(II_Result result) {
        take();
        result.r1 = taken;
        result.r2 = disorders;
    }

    private void take() {
        for (Ready each = inbox.takeAll(); each != null; each = each.nextInInbox) {
            Item item = (Item) each;
            Item last = lastOfProducer[item.producer];
            if (item.number != (last == null ? 1 : last.number + 1)) {
                disorders++;
            }
            lastOfProducer[item.producer] = item;
            taken++;
        }
    }
}
