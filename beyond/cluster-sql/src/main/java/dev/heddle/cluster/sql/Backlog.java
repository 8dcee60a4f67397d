package dev.heddle.cluster.sql;

import dev.heddle.Loop;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * A queue of work that is done in order, by a task that is there while there is some. That task ends with the loop only.
 *
 * <p>Threads: {@link #add} is for any.
 */
final class Backlog<W> {

    private final Loop loop;
    private final String name;
    private final ToIntFunction<Queue<W>> worker;
    private final Consumer<? super W> refuser;
    private final Queue<W> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    /**
     * @param worker takes some from the queue, does them, and says how many
     * @param refuser takes what comes when the loop has ended
     */
    Backlog(Loop loop, String name, ToIntFunction<Queue<W>> worker, Consumer<? super W> refuser) {
        this.loop = loop;
        this.name = name;
        this.worker = worker;
        this.refuser = refuser;
    }

    void add(W work) {
        queue.add(work);
        if (queued.getAndIncrement() == 0) {
            last = begin();
        }
    }

    private CompletableFuture<?> begin() {
        CompletableFuture<Void> task;
        try {
            task = loop.spawn(name, () -> drain(worker)).toCompletableFuture();
        } catch (IllegalStateException loopHasEnded) {
            task = CompletableFuture.failedFuture(loopHasEnded);
        }
        return task.whenComplete((_, failure) -> {
            if (failure != null) {
                drain(this::refuse);
            }
        });
    }

    private int refuse(Queue<W> works) {
        W work = works.poll();
        if (work != null) {
            refuser.accept(work);
        }
        return 1;
    }

    private void drain(ToIntFunction<Queue<W>> by) {
        while (queued.addAndGet(-by.applyAsInt(queue)) > 0) {
            // The next ones.
        }
    }

    /** Done when the task of now has ended. */
    CompletableFuture<?> done() {
        return last.exceptionally(_ -> null);
    }
}
