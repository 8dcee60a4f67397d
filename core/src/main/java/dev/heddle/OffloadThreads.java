package dev.heddle;

import dev.heddle.internal.Affinity;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Holds;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of {@link Heddle#offload}, shared by all loops of the process.
 *
 * <p>Each offloaded body gets a virtual thread of its own whose scheduler is this pool. So it inherits scoped values,
 * leaves no thread locals to the next one, and gives its worker back while it waits in a way the JDK knows.
 *
 * <p>Workers are made on demand, an idle one first, and end after a while of idleness.
 */
final class OffloadThreads implements Executor {

    /** Most worker threads. */
    static final int MOST = 64;

    private static final long IDLE_SECONDS = 10;

    private static final OffloadThreads SHARED = new OffloadThreads();

    private final LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>();
    private final AtomicInteger alive = new AtomicInteger();

    private OffloadThreads() {}

    static <T> T run(Task<?> task, Callable<? extends T> body) {
        var offloaded = new Offloaded<T>(body);
        CancelScope.throwIfCancelled();
        task.loop().external.offloaded++;
        try {
            Thread thread = VirtualThreads.create(offloaded.carrier, "offloaded by " + task.name(), offloaded);
            offloaded.carrier.thread = thread;
            offloaded.thread = thread;
            VirtualThreads.start(thread);
            offloaded.done.awaitDespiteCancel(offloaded::cancel);
        } finally {
            task.loop().external.offloaded--;
        }
        return offloaded.outcome(task);
    }

    @Override
    public void execute(Runnable ready) {
        if (!queue.tryTransfer(ready)) {
            if (alive.incrementAndGet() <= MOST) {
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .name("heddle-worker")
                        .start(new Worker(ready));
            } else {
                alive.decrementAndGet();
                queue.put(ready);
                startLeft();
            }
        }
    }

    /** The last workers may have given up just before an item came. */
    private void startLeft() {
        if (alive.get() < MOST) {
            Runnable left = queue.poll();
            if (left != null) {
                execute(left);
            }
        }
    }

    /** What one thread does. While it is idle it holds no reference to what it ran last. */
    private final class Worker implements Runnable {
        private @Nullable Runnable first;

        Worker(Runnable first) {
            this.first = first;
        }

        @Override
        public void run() {
            Affinity.unpin();
            try {
                while (runNext()) {}
            } catch (InterruptedException e) {
                // Nobody interrupts workers but a debugger; the pool makes another when one is needed.
            } finally {
                alive.decrementAndGet();
                startLeft();
            }
        }

        private boolean runNext() throws InterruptedException {
            Runnable next = first == null ? queue.poll(IDLE_SECONDS, TimeUnit.SECONDS) : first;
            first = null;
            if (next == null) {
                return false;
            }
            next.run();
            return true;
        }
    }

    /** The scheduler of one body's thread, by which others find what the body holds. */
    private static final class Carrier implements Executor, Holds.OfScheduler {
        final Holds holds = new Holds(false);
        @Nullable Thread thread;

        @Override
        public void execute(Runnable ready) {
            SHARED.execute(ready);
        }

        @Override
        public @Nullable Holds holds() {
            return Thread.currentThread() == thread ? holds : null;
        }
    }

    /** One body and how it ended. */
    private static final class Offloaded<T> implements Runnable, HasHolders {
        final Waiter done = new Waiter(this);
        final Carrier carrier = new Carrier();
        volatile @Nullable Thread thread;

        /** Whoever takes it decides: a worker, who runs it, or the cancel of who waits, and it never runs. */
        private final AtomicReference<@Nullable Callable<? extends T>> body;

        private boolean forgotten;
        private @Nullable T value;
        private @Nullable Throwable failure;

        Offloaded(Callable<? extends T> body) {
            this.body = new AtomicReference<>(body);
        }

        @Override
        public void run() {
            Callable<? extends T> mine = body.getAndSet(null);
            if (mine == null) {
                return;
            }
            try {
                value = mine.call();
            } catch (Throwable e) {
                failure = e;
            }
            carrier.holds.end(Thread.currentThread());
            done.complete();
        }

        /** The task that waits is cancelled. */
        void cancel() {
            if (body.getAndSet(null) != null) {
                forgotten = true;
                done.complete();
            } else if (thread != null) {
                thread.interrupt();
            }
        }

        @Override
        public List<Thread> holders() {
            Thread runs = thread;
            return runs == null ? List.of() : List.of(runs);
        }

        @Override
        public String toString() {
            return "an offloaded body";
        }

        @SuppressWarnings("NullAway") // a body may give null, and T then says so
        T outcome(Task<?> task) {
            if (forgotten) {
                throw task.cancelledException();
            }
            if (failure == null) {
                return value;
            }
            if (task.isCancelPending() && Cancellation.isCancellation(failure)) {
                throw task.cancelledException(failure);
            }
            throw Throwables.unchecked(failure);
        }
    }
}
