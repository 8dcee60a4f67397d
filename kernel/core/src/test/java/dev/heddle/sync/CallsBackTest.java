package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ManualEngine;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Code of users that is called in the middle of a change, and calls back, is refused, and nothing is lost. */
final class CallsBackTest {

    private @Nullable WorkQueue<Integer> queue;

    /** What the comparator does with its queue, if anything. */
    private Consumer<WorkQueue<Integer>> callsBack = same -> {};

    private WorkQueue<Integer> priority() {
        WorkQueue<Integer> made = WorkQueue.priority(2, this::compare);
        queue = made;
        return made;
    }

    private int compare(int a, int b) {
        if (queue != null) {
            callsBack.accept(queue);
        }
        return Integer.compare(a, b);
    }

    @Test
    void comparatorThatCallsItsQueueIsRefusedWhateverItCalls() {
        List<Consumer<WorkQueue<Integer>>> calls = List.of(
                same -> same.tryPut(7),
                WorkQueue::tryTake,
                WorkQueue::tryPeek,
                WorkQueue::statistics,
                WorkQueue::close,
                WorkQueue::abort,
                WorkQueue::take,
                same -> same.put(7),
                same -> same.asBlockingQueue().clear(),
                same -> Select.<Integer>of().receive(same, element -> element).tryGet());
        for (Consumer<WorkQueue<Integer>> call : calls) {
            ManualEngine.run(() -> {
                WorkQueue<Integer> same = priority();
                callsBack = any -> {};
                same.put(1);
                callsBack = call;
                String message = assertThrows(IllegalStateException.class, () -> same.tryPut(2)).getMessage();
                assertTrue(message.contains("a comparator"), message);
                assertFalse(same.core.lock.isLocked(), "what it had refused left it locked");
                callsBack = any -> {};
                same.put(3);
                assertEquals(1, same.take());
                assertEquals(3, same.take());
            });
        }
    }

    @Test
    void comparatorThatCallsBackWhereRoomIsMadeIsTheSendersAffair() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> same = priority();
            same.put(1);
            same.put(2);
            Task<Void> waiting = spawn(() -> same.put(0));
            checkpoint();
            callsBack = WorkQueue::tryTake;
            assertEquals(1, same.take());
            assertThrows(IllegalStateException.class, waiting::join);
            callsBack = any -> {};
            assertEquals(2, same.take());
            assertTrue(same.tryTake().isEmpty());
        });
    }

    @Test
    void comparatorMayUseOtherQueues() {
        ManualEngine.run(() -> {
            WorkQueue<Integer> other = WorkQueue.fifo(10);
            WorkQueue<Integer> same = priority();
            callsBack = any -> other.put(0);
            same.put(1);
            same.put(2);
            assertTrue(other.tryTake().isPresent());
        });
    }

    @Test
    void equalsOfAnElementThatCallsItsQueueIsRefused() {
        WorkQueue<Object> elements = WorkQueue.fifo(3);
        BlockingQueue<Object> view = elements.asBlockingQueue();
        List<Object> taken = new ArrayList<>();
        Object greedy = new Object() {
            @Override
            @SuppressWarnings("EqualsUnsafeCast")
            public boolean equals(@Nullable Object other) {
                taken.add(view.poll());
                return false;
            }

            @Override
            public int hashCode() {
                return 0;
            }
        };
        elements.tryPut("a");
        elements.tryPut("b");
        assertThrows(IllegalStateException.class, () -> view.remove(greedy));
        assertEquals(List.of(), taken);
        assertEquals("a", view.poll());
        assertEquals("b", view.poll());
    }

    @Test
    void borrowerThatCallsItsLimiterIsRefused() {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(2);
        Object greedy = new Object() {
            @Override
            public boolean equals(@Nullable Object other) {
                return this == other;
            }

            @Override
            public int hashCode() {
                return limiter.tryAcquireFor("another") ? 1 : 0;
            }
        };
        String message = assertThrows(IllegalStateException.class, () -> limiter.tryAcquireFor(greedy)).getMessage();
        assertTrue(message.contains("hashCode"), message);
        assertEquals(new ConcurrencyLimiter.Statistics(2, 0, 0, List.of()), limiter.statistics());
        assertTrue(limiter.tryAcquireFor("another"));
        assertFalse(limiter.statistics().borrowers().isEmpty());
    }
}
