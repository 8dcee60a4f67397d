package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sixteen tasks put one element each and sixteen take one each, while some are cancelled at any step: each ends with
 * its result or with its cancel, each element that was put is taken once and no other is, and nobody waits at the end.
 */
final class CancelGrid {

    private static final int TASKS = 16;

    private final ElementQueueContract.Elements queue;
    private final List<Task<Integer>> putters = new ArrayList<>();
    private final List<Task<Integer>> takers = new ArrayList<>();
    private final List<Integer> put = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();

    CancelGrid(ElementQueueContract.Elements queue) {
        this.queue = queue;
    }

    void play() {
        for (int i = 0; i < TASKS; i++) {
            int element = i;
            putters.add(spawn(() -> {
                pause();
                queue.put(element);
                return element;
            }));
            takers.add(spawn(() -> {
                pause();
                return queue.take();
            }));
        }
        for (int i = 0; i < TASKS; i++) {
            checkpoint();
            List<Task<Integer>> side = random(2) == 0 ? putters : takers;
            side.get(random(TASKS)).cancel();
        }
        release();
        putters.forEach(task -> collect(task, put));
        takers.forEach(task -> collect(task, taken));
        assertEquals(put.stream().sorted().toList(), taken.stream().sorted().toList());
        assertEquals(0, queue.statistics().size());
        ElementQueueContract.assertNothingWaits(queue);
    }

    /** Gives those who were not cancelled what they wait for, until all have ended and the queue is empty. */
    private void release() {
        int extra = TASKS;
        for (int rounds = 0; !allDone(); rounds++) {
            assertTrue(rounds < 10_000, "somebody waits for ever: " + queue.statistics());
            checkpoint();
            if (queue.statistics().waitingReceivers() > 0 && queue.tryPut(extra)) {
                put.add(extra++);
            } else if (queue.statistics().waitingSenders() > 0) {
                queue.tryTake().ifPresent(taken::add);
            }
        }
        for (Optional<Integer> left = queue.tryTake(); left.isPresent(); left = queue.tryTake()) {
            taken.add(left.get());
        }
    }

    private boolean allDone() {
        return putters.stream().allMatch(Task::isDone) && takers.stream().allMatch(Task::isDone);
    }

    private static void collect(Task<Integer> task, List<Integer> into) {
        switch (task.state()) {
            case SUCCEEDED -> into.add(task.join());
            case CANCELLED -> {} // neither put nor taken, or the elements would not agree
            case FAILED, PENDING, RUNNING -> throw new AssertionError(task + ": " + task.failure());
        }
    }

    private static void pause() {
        for (int i = random(6); i > 0; i--) {
            checkpoint();
        }
    }

    private static int random(int bound) {
        return Math.floorMod(currentLoop().engine().random(), bound);
    }
}
