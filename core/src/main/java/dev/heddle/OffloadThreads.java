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

    /** Bodies that have been forgotten since the queue was last swept. */
    private final AtomicInteger forgotten = new AtomicInteger();

    /** With so many it is swept: with half of what it was then, so that each costs a few steps. */
    private volatile int sweepAt;

    private OffloadThreads() {}

    static <T> T run(Task<?> task, Callable<? extends T> body) {
        var offloaded = new Offloaded<T>(task, body);
        CancelScope.throwIfCancelled();
        task.loop().external.offloaded++;
        try {
            SHARED.hand(offloaded);
            offloaded.done.awaitDespiteCancel(offloaded::cancel);
        } finally {
            task.loop().external.offloaded--;
        }
        return offloaded.outcome(task);
    }

    /** How many items are queued; for tests. */
    static int queued() {
        return SHARED.queue.size();
    }

    /** Has a body go on that has waited; one that begins stays on the worker that has taken it. */
    @Override
    public void execute(Runnable ready) {
        if (!(Thread.currentThread() instanceof Worker worker && worker.keeps(ready))) {
            hand(ready);
        }
    }

    private void hand(Runnable item) {
        if (!queue.tryTransfer(item)) {
            if (alive.incrementAndGet() <= MOST) {
                startWorker(item);
            } else {
                alive.decrementAndGet();
                queue.put(item);
                startLeft();
            }
        }
    }

    private void startWorker(Runnable item) {
        try {
            new Worker(item).start();
        } catch (OutOfMemoryError e) { // no thread to be had; with others alive the item just waits longer
            if (alive.decrementAndGet() == 0) {
                throw e;
            }
            queue.put(item);
        }
    }

    /** The last workers may have given up just before an item came. */
    private void startLeft() {
        if (alive.get() < MOST) {
            Runnable left = queue.poll();
            if (left != null) {
                hand(left);
            }
        }
    }

    /** A body in the queue will never run. */
    private void forgetOne() {
        if (forgotten.incrementAndGet() >= sweepAt) {
            forgotten.set(0);
            queue.removeIf(item -> item instanceof Offloaded<?> body && body.forgotten);
            sweepAt = (queue.size() + 1) / 2;
        }
    }

    /** One of the threads. While it is idle it holds no reference to what it ran last. */
    private final class Worker extends Thread {

        /** What it does next, before it asks the queue. */
        private @Nullable Runnable next;

        /** Whether it is starting a thread, whose continuation it is to run itself. */
        private boolean begins;

        Worker(Runnable first) {
            super(null, null, "heddle-worker", 0, false);
            setDaemon(true);
            this.next = first;
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
            Runnable item = next == null ? queue.poll(IDLE_SECONDS, TimeUnit.SECONDS) : next;
            next = null;
            if (item == null) {
                return false;
            }
            begins = item instanceof Offloaded<?>;
            item.run();
            begins = false;
            return true;
        }

        boolean keeps(Runnable ready) {
            if (begins) {
                next = ready;
            }
            return begins;
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

    /** One body, the thread that it gets, and how it ended. In the queue it stands for the start of that thread. */
    private static final class Offloaded<T> implements Runnable, HasHolders {
        final Waiter done = new Waiter(this);
        private final Carrier carrier = new Carrier();
        private final Thread thread;
        private final Object bindings = VirtualThreads.bindings();

        /** Whoever takes it decides: its thread, which runs it, or the cancel of who waits, and it never runs. */
        private final AtomicReference<@Nullable Callable<? extends T>> body;

        private volatile boolean forgotten;
        private @Nullable T value;
        private @Nullable Throwable failure;

        Offloaded(Task<?> task, Callable<? extends T> body) {
            this.body = new AtomicReference<>(body);
            this.thread = VirtualThreads.create(carrier, "offloaded by " + task.name(), this::call);
            carrier.thread = thread;
        }

        /** On a worker: starts the thread, so that the worker runs it next. */
        @Override
        public void run() {
            if (forgotten) {
                return;
            }
            try {
                VirtualThreads.start(thread, bindings);
            } catch (Throwable e) {
                failure = e;
                done.complete();
            }
        }

        /** On the thread. */
        private void call() {
            Callable<? extends T> mine = body.getAndSet(null);
            if (mine == null) {
                return;
            }
            try {
                value = mine.call();
            } catch (Throwable e) {
                failure = e;
            }
            try {
                carrier.holds.end(thread);
            } finally {
                done.complete();
            }
        }

        /** The task that waits is cancelled. */
        void cancel() {
            if (body.getAndSet(null) != null) {
                forgotten = true;
                done.complete();
                SHARED.forgetOne();
            } else {
                thread.interrupt();
            }
        }

        @Override
        public List<Thread> holders() {
            return List.of(thread);
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
