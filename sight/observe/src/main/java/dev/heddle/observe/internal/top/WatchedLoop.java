package dev.heddle.observe.internal.top;

import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A loop with its clock, from the begin of the watch to its end. One thread, not a loop's. */
final class WatchedLoop {

    /** Tasks that are counted without a pause. */
    private static final int PIECE = 100;

    final Loop loop;
    final TaskClock clock;
    private final Kernel kernel;
    private final Runnable takeOff;

    /** The tasks that were there before the clock; it counts them slice by slice. */
    private final TaskWalk before;

    private boolean allMet;

    WatchedLoop(Kernel kernel, Loop loop, LongSupplier allocated) {
        this.kernel = kernel;
        this.loop = loop;
        this.clock = new TaskClock(kernel, loop::nanoTime, () -> kernel.lastLook(loop), allocated);
        this.takeOff = kernel.watch(loop, clock);
        onLoop(() -> clock.meetBodies(loop));
        this.before = kernel.walk(loop);
    }

    /**
     * Goes on to count the tasks that were there before, but not for much longer than until the given time.
     *
     * @return whether all are counted
     */
    boolean meetUntil(long nanoTime) {
        while (!allMet && System.nanoTime() - nanoTime < 0) {
            List<TaskSight> slice = before.next().orElse(List.of());
            allMet = slice.isEmpty();
            onLoop(slice, clock::meet);
        }
        return allMet;
    }

    /** Ends the watch; nothing of it stays at the tasks of a loop that answers. */
    void close() {
        takeOff.run();
        before.close();
        kernel.walkAll(loop, slice -> onLoop(slice, clock::forget));
    }

    /** In small pieces: code that runs for the first time is slow, and holds the loop up. */
    private void onLoop(List<TaskSight> slice, Consumer<List<TaskSight>> call) {
        for (int from = 0; from < slice.size(); from += PIECE) {
            List<TaskSight> piece = slice.subList(from, Math.min(slice.size(), from + PIECE));
            onLoop(() -> call.accept(piece));
        }
    }

    private void onLoop(Runnable call) {
        try {
            loop.callFromThread(call);
        } catch (IllegalStateException ended) {
            // And its tasks with it.
        }
    }
}
