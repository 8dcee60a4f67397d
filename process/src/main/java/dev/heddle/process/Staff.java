package dev.heddle.process;

import dev.heddle.internal.AheadWorker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The children of a pool: one for each thread of it, made when the thread has work for it. */
final class Staff {

    private final ProcessPoolOptions options;
    private final Codec codec;
    private final ClassLoader loader;

    /** By the threads that work with them. */
    private final Map<Thread, Child> children = new ConcurrentHashMap<>();

    private final AtomicLong started = new AtomicLong();
    private final AtomicLong died = new AtomicLong();
    private final AtomicLong killed = new AtomicLong();
    private final StartLimit starts;
    private volatile boolean terminated;

    Staff(ProcessPoolOptions options) {
        this.options = options;
        this.starts = new StartLimit(options.name());
        this.codec = new Codec(options.maxBytes(), options.formats());
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        this.loader = context == null ? Staff.class.getClassLoader() : context;
    }

    Codec codec() {
        return codec;
    }

    ClassLoader loader() {
        return loader;
    }

    /**
     * Has work done by the child of the calling thread, which may have it already.
     *
     * @param attempts how often it may be tried, each time with another child, if children die
     */
    @Nullable Object run(Errand errand, int attempts) throws Exception {
        for (int left = attempts;; left--) {
            Child child = errand.isGiven() ? mine() : null;
            try {
                child = child == null ? ready(left > 1) : child;
                return child.run(errand, options.grace(), ahead());
            } catch (WorkerDiedException e) {
                died.incrementAndGet();
                if (left <= 1) {
                    throw e;
                }
            } catch (InterruptedException e) {
                if (child != null && child.isBuried()) {
                    killed.incrementAndGet();
                }
                throw e;
            } finally {
                if (child != null && child.isBuried()) {
                    forget(child);
                }
            }
        }
    }

    /** Has the child of the calling thread give back or end what it has and nobody wants; whatever comes of that, nobody wants either. */
    void settle(Errand errand) {
        Thread.currentThread().interrupt();
        try {
            run(errand, 1);
        } catch (Exception | Error e) {
            // See above.
        } finally {
            Thread.interrupted();
        }
    }

    private Ahead ahead() {
        return Thread.currentThread() instanceof AheadWorker worker
                ? new Queued(worker, options.bodiesPerWorker())
                : Ahead.NONE;
    }

    /** The queue of the pool. */
    private record Queued(AheadWorker worker, int mostWorks) implements Ahead {

        @Override
        public @Nullable Errand take(long works) {
            return works < mostWorks && worker.takeAhead() instanceof RemoteBody<?> body ? body : null;
        }

        @Override
        public void putBack(Errand errand) {
            if (errand instanceof RemoteBody<?> body) {
                worker.putBack(body);
            }
        }
    }

    private @Nullable Child mine() {
        return children.get(Thread.currentThread());
    }

    private Child ready(boolean patient) throws Exception {
        Child child = mine();
        if (child != null && !child.isAlive()) {
            died.incrementAndGet();
            forget(child);
            child.bury();
            child = null;
        }
        if (child != null && child.works() >= options.bodiesPerWorker()) {
            forget(child);
            child.end(options.grace());
            child = null;
        }
        return child == null ? start(patient) : child;
    }

    private Child start(boolean patient) throws Exception {
        starts.await(patient);
        try {
            Child child = startNow();
            starts.succeeded();
            return child;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | Error e) {
            starts.failed(e);
            throw e;
        }
    }

    private Child startNow() throws Exception {
        String name = options.name() + "-" + started.incrementAndGet();
        Child child;
        List<String> command = JavaCommand.of(WorkerMain.class, options.jvmArguments());
        try {
            child = Child.start(name, command, codec, loader, options.output());
        } catch (IOException e) {
            throw new WorkerDiedException(name, -1, "could not be started: " + e.getMessage(), null, List.of(), e);
        }
        children.put(Thread.currentThread(), child);
        boolean ready = false;
        try {
            if (terminated) {
                throw new InterruptedException("the pool was terminated");
            }
            if (options.initializer() != ProcessPoolOptions.DEFAULT.initializer()) {
                var work = new Work(options.initializer(), List.of(), List.of());
                child.prepare(codec.encode("the initializer", true, work), options.grace());
            }
            ready = true;
            prepareNextStart();
            return child;
        } finally {
            if (!ready) {
                forget(child);
                child.bury();
            }
        }
    }

    private void prepareNextStart() {
        StartCache cache = StartCache.of(options.jvmArguments());
        if (cache != null) {
            cache.makeInBackground();
        }
    }

    private void forget(Child child) {
        children.remove(Thread.currentThread(), child);
    }

    /** Ends the child of the calling thread, which ends too. */
    void leave() {
        Child child = mine();
        if (child != null) {
            forget(child);
            child.end(options.grace());
        }
    }

    /** Kills all. */
    void terminate() {
        terminated = true;
        children.values().forEach(Child::kill);
    }

    ProcessPoolStatistics statistics(int busy, int queued, long done) {
        return new ProcessPoolStatistics(children.size(), busy, queued, done, started.get(), died.get(), killed.get());
    }
}
