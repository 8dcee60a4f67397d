package dev.heddle;

import java.util.Iterator;
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
 * without suspending it for each element.
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
        private final GeneratorCore<T, Void, ?> generator;

        Out(GeneratorCore<T, Void, ?> generator) {
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
         * Yields all elements of another generator in its place; closing this one closes that one first.
         *
         * @return the other's result
         * @throws IllegalStateException as {@link DuplexGenerator.Out#yieldFrom}
         */
        public <R extends @Nullable Object> R yieldFrom(DuplexGenerator<? extends T, ?, ? extends R> inner) {
            return generator.yieldFrom(inner);
        }

        /** Yields each of some elements. */
        public void yieldAll(Iterable<? extends T> elements) {
            if (elements instanceof Generator<? extends T> inner) {
                if (inner.state() != State.CLOSED) {
                    generator.yieldFrom(inner);
                }
                return;
            }
            for (T element : elements) {
                this.yield(element);
            }
        }
    }

    /** An element that {@link #hasNext} has asked for already. */
    private @Nullable T ahead;

    private Generator(Body<T> body) {
        super(generator -> {
            body.run(new Out<>(generator));
            return null;
        });
    }

    /** Makes a generator; the body does not begin yet. */
    public static <T> Generator<T> of(Body<T> body) {
        return new Generator<>(Objects.requireNonNull(body));
    }

    /**
     * Whether there is another element; runs the body up to it.
     *
     * @throws IllegalStateException if it is running, or belongs to somebody else
     */
    public boolean hasNext() {
        if (ahead == null) {
            ahead = advance(null, null);
        } else {
            requireOwner();
        }
        return ahead != null;
    }

    @Override
    @Nullable T advance(@Nullable Void value, @Nullable Throwable thrown) {
        T element = ahead;
        if (element == null || thrown != null) {
            ahead = null;
            return super.advance(null, thrown);
        }
        requireOwner();
        ahead = null;
        return element;
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
        if (state() == State.CREATED) {
            push(consumer);
        } else {
            pullAll(this, consumer);
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
