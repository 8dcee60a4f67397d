package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.HeddleException;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The view of a queue as {@link BlockingQueue} of the JDK. Foreign code answers an InterruptedException and knows no
 * other sign that it is to stop, so a cancel comes as one.
 */
final class BlockingView<T> extends AbstractQueue<T> implements BlockingQueue<T> {

    private final ChannelCore<T> core;

    BlockingView(ChannelCore<T> core) {
        this.core = core;
    }

    @Override
    public void put(T element) throws InterruptedException {
        try {
            core.send(element, null, null);
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        } catch (HeddleException e) {
            throw closed(e);
        }
    }

    @Override
    public boolean offer(T element, long timeout, TimeUnit unit) throws InterruptedException {
        try {
            return core.send(element, null, limit(timeout, unit));
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        } catch (HeddleException e) {
            return false;
        }
    }

    @Override
    public boolean offer(T element) {
        Objects.requireNonNull(element);
        return core.underLock(state -> state.ending() == null && state.send(element));
    }

    /** Tells a closed queue from a full one, which its parent does not. */
    @Override
    public boolean add(T element) {
        try {
            if (core.trySend(element, null)) {
                return true;
            }
        } catch (HeddleException e) {
            throw closed(e);
        }
        throw new IllegalStateException("no room in the " + core);
    }

    @Override
    public T take() throws InterruptedException {
        try {
            return core.receive(null);
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        } catch (HeddleException e) {
            throw closed(e);
        }
    }

    @Override
    public @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            return core.receiveOrNull(null, limit(timeout, unit));
        } catch (CancelledException e) {
            throw CancelScope.asInterrupt(e);
        }
    }

    @Override
    public @Nullable T poll() {
        return core.tryReceive(null).orElse(null);
    }

    @Override
    public @Nullable T peek() {
        return core.<@Nullable T>underLock(state -> state.buffer.peek());
    }

    @Override
    public int size() {
        return core.underLock(state -> state.buffer.size());
    }

    @Override
    public int remainingCapacity() {
        return core.underLock(state -> state.capacity - state.buffer.size());
    }

    @Override
    public void clear() {
        core.underLock(ChannelState::takeAll);
    }

    @Override
    public int drainTo(Collection<? super T> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super T> target, int most) {
        Objects.requireNonNull(target);
        if (target == this) {
            throw new IllegalArgumentException("a queue cannot be drained into itself");
        }
        int drained = 0;
        for (int left = Math.min(most, takeable()); drained < left; drained++) {
            T element = poll();
            if (element == null) {
                break;
            }
            target.add(element);
        }
        return drained;
    }

    /**
     * How many elements are there, with those of waiting calls: who drains it is not to run after a fast sender for
     * ever.
     */
    private int takeable() {
        return core.underLock(state -> state.buffer.size() + state.senders.size());
    }

    @Override
    public boolean remove(@Nullable Object element) {
        return element != null && core.underLock(state -> state.remove(candidate -> {
            core.lock.call();
            try {
                return element.equals(candidate);
            } finally {
                core.lock.called();
            }
        }));
    }

    /** What was in it at the call, in the buffer's order. */
    @Override
    public Iterator<T> iterator() {
        return new Snapshot(core.underLock(ChannelState::snapshot));
    }

    private static IllegalStateException closed(HeddleException cause) {
        return new IllegalStateException(cause.getMessage(), cause);
    }

    private static Duration limit(long timeout, TimeUnit unit) {
        return Duration.ofNanos(unit.toNanos(timeout));
    }

    private final class Snapshot implements Iterator<T> {
        private final List<T> elements;
        private int next;
        private @Nullable T last;

        Snapshot(List<T> elements) {
            this.elements = elements;
        }

        @Override
        public boolean hasNext() {
            return next < elements.size();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            T element = elements.get(next++);
            last = element;
            return element;
        }

        @Override
        public void remove() {
            T gone = last;
            if (gone == null) {
                throw new IllegalStateException("next has not been called");
            }
            last = null;
            core.underLock(state -> state.remove(element -> element == gone));
        }
    }
}
