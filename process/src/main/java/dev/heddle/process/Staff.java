package dev.heddle.process;

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
    private final List<String> command;
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
        this.command = JavaCommand.of(WorkerMain.class, options.jvmArguments());
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
     * Has work done by the child of the calling thread.
     *
     * @param attempts how often it may be tried, each time with another child, if children die
     */
    @Nullable Object run(byte[] work, int attempts) throws Exception {
        for (int left = attempts;; left--) {
            Child child;
            try {
                child = ready();
            } catch (WorkerDiedException e) {
                died.incrementAndGet();
                if (left <= 1) {
                    throw e;
                }
                continue;
            }
            boolean sound = false;
            try {
                Object result = child.run(work, options.grace());
                sound = true;
                return result;
            } catch (WorkerDiedException e) {
                died.incrementAndGet();
                if (left <= 1) {
                    throw e;
                }
            } catch (InterruptedException e) {
                if (!child.isAlive()) {
                    killed.incrementAndGet();
                }
                throw e;
            } finally {
                if (!sound && !child.isAlive()) {
                    forget(child);
                    child.bury();
                }
            }
        }
    }

    private Child ready() throws Exception {
        Child child = children.get(Thread.currentThread());
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
        return child == null ? start() : child;
    }

    private Child start() throws Exception {
        starts.check();
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
            child.prepare(codec.encode("the initializer", true, new Work(options.initializer(), List.of(), List.of())),
                    options.grace());
            ready = true;
            return child;
        } finally {
            if (!ready) {
                forget(child);
                child.bury();
            }
        }
    }

    private void forget(Child child) {
        children.remove(Thread.currentThread(), child);
    }

    /** Ends the child of the calling thread, which ends too. */
    void leave() {
        Child child = children.get(Thread.currentThread());
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
