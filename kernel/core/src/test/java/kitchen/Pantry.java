package kitchen;

import dev.heddle.TaskGroup;
import dev.heddle.TaskPool;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Subscription;
import dev.heddle.sync.WorkQueue;

/** Where a user makes things: each method is the line that a list of them should name. */
public final class Pantry {

    private Pantry() {}

    public static Channel<Integer> channel(int capacity) {
        return Channel.of(capacity);
    }

    public static WorkQueue<Integer> queue(int capacity) {
        return WorkQueue.fifo(capacity);
    }

    public static ConcurrencyLimiter limiter(String name, int total) {
        return ConcurrencyLimiter.named(name, total);
    }

    public static Mutex mutex() {
        return Mutex.create();
    }

    public static BoundedSemaphore semaphore(int permits) {
        return BoundedSemaphore.named("spoons", permits);
    }

    public static Event event() {
        return Event.named("dinner");
    }

    public static Barrier barrier(int parties) {
        return Barrier.named("table", parties);
    }

    public static Broadcast<Integer> broadcast() {
        return Broadcast.create();
    }

    public static Subscription<Integer> subscription(Broadcast<Integer> broadcast) {
        return broadcast.subscribe(10, Overflow.WAIT);
    }

    public static TaskPool pool(TaskGroup group, int limit) {
        return group.pool(limit);
    }

    public static WorkerPool workers(String name, int workers, int maxQueued) {
        return WorkerPool.of(
                WorkerPoolOptions.DEFAULT.withName(name).withWorkers(workers).withMaxQueued(maxQueued));
    }
}
