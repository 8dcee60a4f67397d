package pantry;

import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.WorkQueue;
import java.util.Comparator;

/** Where a user makes things: each method is the line that a list of them should name. */
public final class Shelf {

    private Shelf() {}

    public static Channel<String> jars(int capacity) {
        return Channel.of(capacity);
    }

    public static ConcurrencyLimiter hands(int total) {
        return ConcurrencyLimiter.named("hands", total);
    }

    public static WorkerPool ovens(String name, int workers) {
        return WorkerPool.of(WorkerPoolOptions.DEFAULT.withName(name).withWorkers(workers).withMaxQueued(1_000));
    }

    public static WorkQueue<String> sorted(int capacity, Comparator<String> comparator) {
        return WorkQueue.priority(capacity, comparator);
    }
}
