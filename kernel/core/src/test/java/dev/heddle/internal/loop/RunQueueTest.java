package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A queue of what can run: first in, first out, or any that is picked. */
final class RunQueueTest {

    private final RunQueue queue = new RunQueue();

    @Test
    void firstInIsFirstOutWhateverTheSize() {
        SplittableRandom random = new SplittableRandom(1);
        Deque<Schedulable> model = new ArrayDeque<>();
        for (int step = 0; step < 200_000; step++) {
            boolean grow = step % 40_000 < 30_000;
            if (model.isEmpty() || random.nextInt(10) < (grow ? 7 : 2)) {
                Schedulable item = new Item();
                queue.add(item);
                model.add(item);
            } else {
                assertSame(model.poll(), queue.take());
            }
            assertEquals(model.size(), queue.size());
        }
    }

    @Test
    void pickedItemComesOutAndTheHeadTakesItsPlace() {
        List<Schedulable> items = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            items.add(new Item());
            queue.add(items.get(i));
        }
        assertSame(items.get(2), queue.take(2));
        assertSame(items.get(1), queue.take());
        assertSame(items.get(0), queue.take());
        assertSame(items.get(3), queue.take());
    }

    @Test
    void removedItemLeavesTheOthersInTheirOrder() {
        SplittableRandom random = new SplittableRandom(3);
        List<Schedulable> model = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            Schedulable item = new Item();
            assertFalse(queue.remove(item));
            queue.add(item);
            model.add(item);
            if (random.nextInt(3) > 0) {
                assertTrue(queue.remove(model.remove(random.nextInt(model.size()))));
            } else if (random.nextInt(3) > 0) {
                assertSame(model.removeFirst(), queue.take());
            }
            assertEquals(model.size(), queue.size());
        }
        for (Schedulable each : model) {
            assertSame(each, queue.take());
        }
    }

    @Test
    void picksInAnyOrderLoseNothing() {
        SplittableRandom random = new SplittableRandom(2);
        List<Schedulable> left = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Schedulable item = new Item();
            left.add(item);
            queue.add(item);
        }
        while (queue.size() > 0) {
            Schedulable taken = queue.take(random.nextInt(queue.size()));
            assertEquals(true, left.remove(taken));
        }
        assertEquals(Collections.emptyList(), left);
    }

    private static final class Item extends Schedulable {
        @Override
        public void takeTurn() {}
    }
}
