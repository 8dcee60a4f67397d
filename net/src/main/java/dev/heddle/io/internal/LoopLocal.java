package dev.heddle.io.internal;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One value for each loop, made when first asked for and forgotten with the loop. The value must not refer to its loop, or
 * neither would ever be freed.
 *
 * <p>Threads: any task; the value itself belongs to the tasks of its loop.
 */
public final class LoopLocal<T> {

    private final Supplier<? extends T> initial;
    private final Map<Loop, T> values = new WeakHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    public LoopLocal(Supplier<? extends T> initial) {
        this.initial = initial;
    }

    /** The current loop's value. */
    public T get() {
        Loop loop = Heddle.currentLoop();
        lock.lock();
        try {
            return values.computeIfAbsent(loop, l -> initial.get());
        } finally {
            lock.unlock();
        }
    }
}
