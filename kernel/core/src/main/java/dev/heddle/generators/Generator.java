package dev.heddle.generators;

import dev.heddle.internal.Throwables;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A sequence written as a body that yields its elements one by one, and runs only as far as they are asked for.
 *
 * <pre>{@code
 * Generator<Integer> squares = Generator.of(out -> {
 *     for (int i = 0; ; i++) {
 *         out.yield(i * i);
 *     }
 * });
 * for (int square : squares) { ... }
 * }</pre>
 *
 * <p>The body may yield at any depth of its calls, and it may wait: for time, channels, sockets, locks. That suspends
 * the task that iterates, as if the code stood in its loop. Elements come once: all iterators share them, and a second
 * loop goes on where the first broke off. Break off for good with {@link #close}, or in a try block; what is open when
 * its task ends is closed then. One that has begun in the body of another is closed with that, before its finally blocks.
 *
 * <p>{@link #forEach} and {@link #stream} on a generator that has not begun call the consumer straight from the body,
 * without suspending it for each element. Pulled, a body all of whose yields stand in its own method, and none in one
 * that it calls or in a lambda inside, costs an eighth of others: it is rewritten as a state machine when it first
 * begins, which changes nothing else. The logger {@code dev.heddle.generators} says at {@code FINE} why one was not;
 * the system property {@code heddle.generators=continuation} leaves all as they are.
 *
 * <p>Do not yield inside {@code synchronized}: the monitor stays locked, and even the code that iterates waits for it
 * for ever.
 *
 * <p>Threads and cancellation: as {@link DuplexGenerator}. To test code that uses generators no loop is needed.
 */
public final class Generator<T> extends GeneratorCore<T, Void, @Nullable Void> implements Iterable<T> {

    /** The body of a generator, which yields the elements. */
    @FunctionalInterface
    public interface Body<T> {

        /** Yields to {@code out}. */
        void run(Out<T> out) throws Exception;
    }

    /** The body's side. For the body only, at any depth of its calls. */
    public static final class Out<T> {
        private final GeneratorBody<T, Void, ?> generator;

        Out(GeneratorBody<T, Void, ?> generator) {
            this.generator = generator;
        }

        /**
         * Gives an element to the consumer and waits until the next one is asked for.
         *
         * @throws IllegalStateException as {@link DuplexGenerator.Out#yield}
         */
        @SuppressWarnings("NamedLikeContextualKeyword") // the word everybody knows, and always called on something
        public void yield(T element) {
            generator.give(Objects.requireNonNull(element));
        }

        /**
         * Lets another generator take this one's place until it ends; closing this one closes that one first.
         *
         * @return the other's result
         * @throws IllegalStateException as {@link DuplexGenerator.Out#yieldFrom}
         */
        public <R extends @Nullable Object> R yieldFrom(DuplexGenerator<? extends T, ?, ? extends R> inner) {
            return generator.yieldFrom(inner);
        }

        /** Yields each of some elements; another generator takes this one's place until it ends. */
        public void yieldFrom(Iterable<? extends T> elements) {
            if (elements instanceof Generator<? extends T> inner && inner.state() != DuplexGenerator.State.CLOSED) {
                generator.yieldFrom(inner);
            } else if (elements instanceof Generator<? extends T>) {
                yieldEach(List.of());
            } else {
                yieldEach(elements);
            }
        }

        private void yieldEach(Iterable<? extends T> elements) {
            if (generator.comesBackToYield()) {
                generator.yieldFrom(Generator.<T>of(inner -> {
                    for (T element : elements) {
                        inner.yield(element);
                    }
                }));
                return;
            }
            for (T element : elements) {
                this.yield(element);
            }
        }
    }

    /** The most elements that {@link #readAhead} takes. */
    public static final int MAX_READ_AHEAD = 65_536;

    /** An element that {@link #hasNext} has asked for already. */
    private @Nullable T ahead;

    private @Nullable KeptElements<T> kept;

    private Generator(GeneratorStart<T, Void, @Nullable Void> start) {
        super(start);
    }

    /** Makes a generator; the body does not begin yet. */
    public static <T> Generator<T> of(Body<T> body) {
        return new Generator<>(new GeneratorStart.Pull<>(body));
    }

    /**
     * Lets the body run ahead of its consumer: when an element is asked for and none is left, it goes on until it has
     * yielded {@code count} of them or ends, and the next ones are there without it. So an element costs a few
     * nanoseconds, and a switch to the body only each {@code count}-th.
     *
     * <p>For bodies that compute, or read what is there: what the body does between its yields is done up to
     * {@code count} elements early, and the first element comes when all of the first run are there. A body that waits
     * for others, for a line from a socket for instance, keeps its consumer waiting for more than the consumer needs.
     *
     * <p>The elements are the same, in the same order, and a failure of the body comes behind those that it yielded
     * before. {@link #close} drops what was not taken; if the body had failed ahead of it, the failure comes out there.
     * {@link #fail} drops it as well, and reaches the body at the yield where it stands, past what the consumer has seen.
     *
     * @param count from 1, which changes nothing, to {@link #MAX_READ_AHEAD}
     * @return this
     * @throws IllegalArgumentException if the count is not in that range
     * @throws IllegalStateException if the body has begun
     */
    public Generator<T> readAhead(int count) {
        if (count < 1 || count > MAX_READ_AHEAD) {
            throw new IllegalArgumentException(
                    "a generator reads 1 to " + MAX_READ_AHEAD + " elements ahead, not " + count);
        }
        if (state() != DuplexGenerator.State.CREATED) {
            throw new IllegalStateException(
                    this + " has begun: let it read ahead before its first element is asked for");
        }
        kept = count == 1 ? null : new KeptElements<>(count);
        return this;
    }

    /**
     * Whether there is another element; runs the body up to it.
     *
     * @throws IllegalStateException if it is running, or belongs to somebody else
     */
    public boolean hasNext() {
        KeptElements<T> mine = kept;
        if (ahead != null || (mine != null && !mine.isEmpty())) {
            requireOwner();
            return true;
        }
        ahead = advance(null, null);
        return ahead != null;
    }

    @Override
    @Nullable T advance(@Nullable Void value, @Nullable Throwable thrown) {
        T element = ahead;
        if (element != null && thrown == null) {
            requireOwner();
            ahead = null;
            return element;
        }
        ahead = null;
        KeptElements<T> mine = kept;
        return mine == null ? super.advance(null, thrown) : advanceKept(mine, thrown);
    }

    private @Nullable T advanceKept(KeptElements<T> mine, @Nullable Throwable thrown) {
        if (thrown != null) {
            mine.clear();
            return mine.over ? endDespite(mine, thrown) : super.advance(null, thrown);
        }
        if (mine.isEmpty() && !mine.over) {
            fill(mine);
        } else {
            requireOwner();
        }
        T element = mine.take();
        if (element == null && mine.over) {
            mine.over = false;
            return end();
        }
        return element;
    }

    private void fill(KeptElements<T> mine) {
        mine.clear();
        mine.filling = true;
        try {
            T last = super.advance(null, null);
            if (last != null) {
                mine.add(last);
            }
        } finally {
            mine.filling = false;
        }
    }

    /** The body is over, and cannot catch what is thrown at it; its own failure was still to come. */
    private @Nullable T endDespite(KeptElements<T> mine, Throwable thrown) {
        requireOwner();
        mine.over = false;
        try {
            end();
        } catch (Throwable e) {
            if (thrown instanceof Unwinding) {
                throw e;
            }
            if (e != thrown) {
                thrown.addSuppressed(e);
            }
        }
        throw Throwables.unchecked(thrown);
    }

    @Override
    @Nullable T ended() {
        KeptElements<T> mine = kept;
        if (mine == null || mine.isEmpty()) {
            return end();
        }
        mine.over = true;
        return null;
    }

    @Override
    boolean keeps(T element) {
        KeptElements<T> mine = kept;
        return mine != null && mine.keeps(element);
    }

    @Override
    boolean runsAhead() {
        return kept != null;
    }

    @Override
    boolean hasKept() {
        KeptElements<T> mine = kept;
        return mine != null && (!mine.isEmpty() || mine.over);
    }

    /** Goes on where the generator is; several iterators share the elements. */
    @Override
    public Iterator<T> iterator() {
        return new Elements();
    }

    /**
     * Gives each element that is left to a consumer. A consumer that throws closes the generator; its exception comes
     * out after the finally blocks of the body have run.
     */
    @Override
    public void forEach(Consumer<? super T> consumer) {
        Objects.requireNonNull(consumer);
        if (state() == DuplexGenerator.State.CREATED) {
            PushGenerator.push(this, consumer);
        } else {
            PushGenerator.pullAll(this, consumer);
        }
    }

    @Override
    public Spliterator<T> spliterator() {
        return new Source();
    }

    /** The elements that are left, as a sequential stream. Closing the stream closes the generator. */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    private final class Elements implements Iterator<T> {
        @Override
        public boolean hasNext() {
            return Generator.this.hasNext();
        }

        @Override
        public T next() {
            return Generator.this.next();
        }

        @Override
        public void forEachRemaining(Consumer<? super T> consumer) {
            forEach(consumer);
        }
    }

    /** What streams ask; never splits, since a generator stays on its thread. */
    private final class Source extends Spliterators.AbstractSpliterator<T> {
        Source() {
            super(Long.MAX_VALUE, ORDERED | NONNULL);
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> consumer) {
            T element = advance(null, null);
            if (element == null) {
                return false;
            }
            consumer.accept(element);
            return true;
        }

        @Override
        public void forEachRemaining(Consumer<? super T> consumer) {
            forEach(consumer);
        }

        @Override
        @SuppressWarnings("NullAway") // which says: no splitting
        public Spliterator<T> trySplit() {
            return null;
        }
    }
}
