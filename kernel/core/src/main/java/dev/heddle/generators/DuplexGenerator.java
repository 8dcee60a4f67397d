package dev.heddle.generators;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A generator that also takes values: each yield of its body gives one to the consumer and gets one back, and the body
 * ends with a result.
 *
 * <pre>{@code
 * var average = DuplexGenerator.<Double, Integer, String>of(out -> {
 *     double sum = 0;
 *     int count = 0;
 *     while (true) {
 *         Integer next = out.yield(count == 0 ? 0 : sum / count);
 *         if (next == null) {
 *             return count + " numbers";
 *         }
 *         sum += next;
 *         count++;
 *     }
 * });
 * average.next();          // runs the body to its first yield
 * average.send(10);        // 10.0
 * average.send(20);        // 15.0
 * }</pre>
 *
 * <p>The methods are those of Python's generators (PEP 342), and {@link Out#yieldFrom} is its {@code yield from} (PEP
 * 380).
 *
 * <pre>
 *   CREATED ──next()──▶ RUNNING ──yield──▶ SUSPENDED ──next(), send(), fail()──▶ RUNNING
 *      │                   └──the body returns or throws──▶ CLOSED ◀──close()──┘
 *      └──close(), fail(): the body never runs──▶ CLOSED
 * </pre>
 *
 * <p>The body keeps the scoped values that were bound where it began, and its consumer never sees those that it binds.
 * It must not yield inside {@code synchronized}: see {@link Generator}.
 *
 * <p>Threads: a generator belongs to the task, or the thread, that resumes it first. Others get an {@link
 * IllegalStateException}. When its task ends, it is closed, or when the generator or coroutine ends in whose body it
 * began; else one of a thread that is no task is closed only by {@link #close}.
 *
 * <p>Cancellation: the body runs in the task and in the cancel scope of whoever resumes it. A cancelled wait in the
 * body ends the body and comes out of {@code next()}, and the generator is closed. To test code that uses generators no
 * loop is needed.
 *
 * @param <Y> what the body yields
 * @param <S> what is sent to it
 * @param <R> its result
 */
public final class DuplexGenerator<Y, S, R extends @Nullable Object> extends GeneratorCore<Y, S, R> {

    /** Where a generator is in its life. */
    public enum State {
        /** The body has not begun. */
        CREATED,
        /** The body is at a yield. */
        SUSPENDED,
        /** The body is running, or waiting for something else than its consumer. */
        RUNNING,
        /** The body has ended, or never will begin. */
        CLOSED
    }

    /** What yields and gives a result. */
    @FunctionalInterface
    public interface Body<Y, S, R extends @Nullable Object> {

        /** Yields to {@code out} and gives the result. */
        R run(Out<Y, S> out) throws Exception;
    }

    /** The body's side. For the body only, at any depth of its calls. */
    public static final class Out<Y, S> {
        private final GeneratorBody<Y, S, ?> generator;

        Out(GeneratorBody<Y, S, ?> generator) {
            this.generator = generator;
        }

        /**
         * Gives a value to the consumer and waits until the generator is resumed.
         *
         * @return what was sent; null if the consumer called {@code next()}
         * @throws IllegalStateException outside of the body; or inside a cancel scope that the body has opened; or from
         *     inside a native method or a static initializer, which cannot be suspended
         */
        @SuppressWarnings("NamedLikeContextualKeyword") // the word everybody knows, and always called on something
        public @Nullable S yield(Y value) {
            return generator.give(Objects.requireNonNull(value));
        }

        /**
         * Lets another generator take this one's place until it ends: what it yields goes to the consumer, and what the
         * consumer sends, or fails with, goes to it. Closing this one closes that one first.
         *
         * @return the other's result
         * @throws IllegalStateException if the other is running, belongs to somebody else, or was closed without a
         *     result; or as {@link #yield}
         */
        public <T extends @Nullable Object> T yieldFrom(DuplexGenerator<? extends Y, ? super S, ? extends T> inner) {
            return generator.yieldFrom(inner);
        }
    }

    private DuplexGenerator(GeneratorStart<Y, S, R> start) {
        super(start);
    }

    /** Makes a generator; the body does not begin yet. */
    public static <Y, S, R extends @Nullable Object> DuplexGenerator<Y, S, R> of(Body<Y, S, R> body) {
        return new DuplexGenerator<>(new GeneratorStart.Duplex<>(body));
    }

    /**
     * Runs the body to its next yield; the yield it is at gives it the value.
     *
     * @return what it yields
     * @throws java.util.NoSuchElementException if the body ends instead, or has ended
     * @throws IllegalStateException if it has not begun: call {@link #next} first; or if it is running, or belongs to
     *     somebody else
     */
    public Y send(S value) {
        return orEnd(advance(Objects.requireNonNull(value), null));
    }

    /**
     * What the body gave.
     *
     * @throws IllegalStateException if it has not ended, or ended without a result
     */
    public R result() {
        return outcome();
    }
}
