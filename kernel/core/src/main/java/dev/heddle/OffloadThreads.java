package dev.heddle;

import dev.heddle.internal.Affinity;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Cancellation;
import dev.heddle.internal.Holds;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.sight.OffloadFigures;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The worker threads of {@link Heddle#offload}, shared by all loops of the process.
 *
 * <p>Each offloaded body gets a virtual thread of its own whose scheduler is this pool. So it inherits scoped values,
 * leaves no thread locals to the next one, and gives its worker back while it waits in a way the JDK knows.
 *
 * <p>Workers are made on demand and end after a while of idleness. Of the idle ones the one that was busy last gets the
 * next item, so that the others end though there is always a little to do.
 */
@AsksSystem("its threads live in real time")
final class OffloadThreads implements Executor {

    /** Most worker threads. */
    static final int MAX = 64;

    private static final long IDLE_NANOS = 10_000_000_000L;

    /** What a worker that is not idle has been given. */
    private static final Object BUSY = new Object();

    private static final PartKind<OffloadThreads> KIND = PartKind.<OffloadThreads, OffloadFigures>of(
            "offload", OffloadThreads::figures,
            (part, now) -> PartKind.fullness(now.busy(), now.most(), now.queued(), MAX))
            .detailed(OffloadThreads::detail);

    private static final OffloadThreads SHARED = new OffloadThreads();

    static {
        Parts.addLate(KIND, SHARED); // whoever is first has not made it
    }

    /** What waits because all workers are busy and there may be no more of them. */
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

    /** The one that was busy last comes first. One that is not idle any more may still be in here. */
    private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();

    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    private final AtomicInteger alive = new AtomicInteger();

    /** Bodies that have been forgotten since the queue was last swept. */
    private final AtomicInteger forgotten = new AtomicInteger();

    /** With so many it is swept: with half of what it was then, so that each costs a few steps. */
    private volatile int sweepAt;

    OffloadThreads() {}

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

    /** The task that has offloaded what runs in the calling virtual thread; null if that is no such body. */
    static @Nullable Task<?> offloader() {
        Thread current = Thread.currentThread();
        return current.isVirtual() && VirtualThreads.schedulerOf(current) instanceof Carrier carrier
                ? carrier.body.task
                : null;
    }

    /** How many items are queued; for tests. */
    static int queued() {
        return SHARED.queue.size();
    }

    /** How many workers wait for something to do; for tests. */
    int idle() {
        return idle.size();
    }

    private OffloadFigures figures() {
        int there = alive.get();
        return new OffloadFigures(MAX, there, Math.max(0, there - idle.size()), queue.size());
    }

    /** The bodies that are on workers and began first; those that wait in a way the JDK knows are on none. */
    private PartDetail detail() {
        long now = System.nanoTime();
        List<PartDetail.Holder> longest = workers.stream()
                .<Offloaded<?>>mapMulti((worker, into) -> {
                    Offloaded<?> body = worker.current;
                    if (body != null) {
                        into.accept(body);
                    }
                })
                .sorted(Comparator.comparingLong(body -> body.begunNanos - now))
                .limit(PartDetail.MAX_HOLDERS)
                .map(body -> PartDetail.Holder.of(body.thread.getName(), body.thread, now - body.begunNanos))
                .toList();
        long waited = queue.stream()
                .filter(Offloaded.class::isInstance)
                .mapToLong(item -> now - ((Offloaded<?>) item).queuedNanos)
                .findFirst()
                .orElse(-1);
        return new PartDetail(longest, waited);
    }

    /** Adds the threads of the bodies that run, with the tasks that have offloaded them. */
    static void addBodies(Map<Thread, Task<?>> bodies) {
        for (Worker worker : SHARED.workers) {
            Offloaded<?> body = worker.current;
            if (body != null) {
                bodies.put(body.thread, body.task);
            }
        }
    }

    /** Has a body go on that has waited; one that begins stays on the worker that has taken it. */
    @Override
    public void execute(Runnable ready) {
        if (!(Thread.currentThread() instanceof Worker worker && worker.keeps(ready))) {
            hand(ready);
        }
    }

    private void hand(Runnable item) {
        for (Worker worker = idle.pollFirst(); worker != null; worker = idle.pollFirst()) {
            if (worker.take(item)) {
                return;
            }
        }
        if (alive.incrementAndGet() <= MAX) {
            startWorker(item);
        } else {
            alive.decrementAndGet();
            queue.add(item);
            handLeft();
        }
    }

    private void startWorker(Runnable item) {
        try {
            new Worker(item).start();
        } catch (OutOfMemoryError e) { // no thread to be had; with others alive the item just waits longer
            if (alive.decrementAndGet() == 0) {
                throw e;
            }
            queue.add(item);
        }
    }

    /** A worker may have become idle, or have given up, just before an item came. */
    private void handLeft() {
        if (alive.get() < MAX || !idle.isEmpty()) {
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
    @AsksSystem("its threads live in real time")
    private final class Worker extends Thread {

        /** What it does next, before it asks the queue. */
        private @Nullable Runnable next;

        /** Null while it is idle, then what it was given; else {@link #BUSY}. */
        private final AtomicReference<@Nullable Object> given = new AtomicReference<>(BUSY);

        /** Whether it is starting a thread, whose continuation it is to run itself. */
        private boolean begins;

        /** The body that it runs; set before a watch hears that, and taken back before it hears of the end. */
        private volatile @Nullable Offloaded<?> current;

        Worker(Runnable first) {
            super(null, null, "heddle-worker", 0, false);
            setDaemon(true);
            this.next = first;
        }

        @Override
        public void run() {
            Affinity.unpin();
            workers.add(this);
            try {
                while (runNext()) {}
            } finally {
                workers.remove(this);
                alive.decrementAndGet();
                handLeft();
            }
        }

        private boolean runNext() {
            Runnable item = next == null ? queue.poll() : next;
            next = null;
            if (item == null) {
                item = awaitItem();
            }
            if (item == null) {
                return false;
            }
            begins = item instanceof Offloaded<?>;
            item.run();
            begins = false;
            return true;
        }

        /** From any thread: gives it an item, if it is idle. */
        boolean take(Runnable item) {
            if (!given.compareAndSet(null, item)) {
                return false;
            }
            LockSupport.unpark(this);
            return true;
        }

        /**
         * Says that it is idle, and only then looks at the queue again: whoever has not seen that has put its item
         * there before.
         *
         * @return null if it has been idle for long
         */
        private @Nullable Runnable awaitItem() {
            given.set(null);
            idle.addFirst(this);
            Runnable left = queue.poll();
            long end = System.nanoTime() + IDLE_NANOS;
            for (long wait = IDLE_NANOS; left == null && given.get() == null
                    && wait > 0; wait = end - System.nanoTime()) {
                LockSupport.parkNanos(this, wait);
                Thread.interrupted(); // by a debugger; it must not keep this from parking
            }
            Runnable mine = (Runnable) given.getAndSet(BUSY);
            if (mine == null) {
                idle.remove(this);
                return left;
            }
            if (left != null) {
                hand(left);
            }
            return mine;
        }

        boolean keeps(Runnable ready) {
            if (begins) {
                next = ready;
            }
            return begins;
        }
    }

    /** The scheduler of one body's thread, by which others find what the body holds. */
    private static final class Carrier implements Executor, Runnable, Holds.OfScheduler {
        final Holds holds = new Holds(false);
        final Offloaded<?> body;

        /** What has the thread go on: the first that comes, and the same each time. */
        private volatile @Nullable Runnable ready;

        Carrier(Offloaded<?> body) {
            this.body = body;
        }

        /**
         * Goes into the queue itself, so that a worker knows whose body it runs; not for virtual threads that the body
         * starts, which the JDK gives the scheduler of their parent.
         */
        @Override
        public void execute(Runnable ready) {
            if (this.ready == null) {
                this.ready = ready;
            }
            SHARED.execute(ready == this.ready ? this : ready);
        }

        @Override
        public void run() {
            Worker worker = (Worker) Thread.currentThread();
            worker.current = body;
            tell(true);
            try {
                Objects.requireNonNull(ready).run();
            } finally {
                worker.current = null;
                tell(false);
            }
        }

        private void tell(boolean runs) {
            Instrumented watch = body.task.loop().instrument;
            if (watch != null) {
                watch.offloaded(body.task, body.thread, runs);
            }
        }

        @Override
        public @Nullable Holds holds() {
            return Thread.currentThread() == body.thread ? holds : null;
        }
    }

    /** One body, the thread that it gets, and how it ended. In the queue it stands for the start of that thread. */
    @AsksSystem("its threads live in real time")
    private static final class Offloaded<T> implements Runnable, HeldResource {
        final Waiter done = new Waiter(this);
        private final Carrier carrier = new Carrier(this);
        final Thread thread;
        final Task<?> task;
        final long queuedNanos = System.nanoTime();

        /** When its thread began it. */
        volatile long begunNanos = queuedNanos;

        private final Object bindings = VirtualThreads.bindings();

        /** Whoever takes it decides: its thread, which runs it, or the cancel of who waits, and it never runs. */
        private final AtomicReference<@Nullable Callable<? extends T>> body;

        private volatile boolean forgotten;
        private @Nullable T value;
        private @Nullable Throwable failure;

        Offloaded(Task<?> task, Callable<? extends T> body) {
            this.body = new AtomicReference<>(body);
            this.task = task;
            this.thread = VirtualThreads.create(carrier, "offloaded by " + task.name(), this::call);
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
            begunNanos = System.nanoTime();
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
