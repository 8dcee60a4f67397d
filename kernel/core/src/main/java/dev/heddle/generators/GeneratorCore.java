package dev.heddle.generators;

import dev.heddle.CancelScope;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.Throwables;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's side of a generator: {@link #advance} resumes the body, and a field hands each value over.
 *
 * <p>A body that delegates stays suspended in its {@link #yieldFrom} while {@code advance} drives the other generator
 * in its place. So an element costs one resume, however long the chain of delegates is. Only the end of the other
 * resumes this one.
 */
abstract sealed class GeneratorCore<Y, S, R extends @Nullable Object> extends GeneratorBody<Y, S, R>
        implements
            AutoCloseable
        permits Generator, DuplexGenerator {

    GeneratorCore(GeneratorStart<Y, S, R> start) {
        super(start);
    }

    // ---- the consumer's side ----

    /**
     * Runs the body to its next yield.
     *
     * @return what it yields
     * @throws NoSuchElementException if the body ends instead, or has ended
     * @throws IllegalStateException if it is running, or belongs to somebody else
     */
    public final Y next() {
        return orEnd(advance(null, null));
    }

    /**
     * Runs the body to its next yield; the yield it is at throws. A checked exception arrives as the cause of a {@link
     * TaskFailedException}. If the body has not begun or has ended, the throwable comes straight back.
     *
     * @return what it yields
     * @throws NoSuchElementException if the body ends instead
     * @throws IllegalStateException if it is running, or belongs to somebody else
     */
    public final Y fail(Throwable failure) {
        return orEnd(advance(null, Objects.requireNonNull(failure)));
    }

    final Y orEnd(@Nullable Y value) {
        if (value == null) {
            throw new NoSuchElementException("the generator has ended");
        }
        return value;
    }

    /**
     * Ends the body by running its finally blocks: the yield it is at throws an {@link Error} that the body must let
     * pass. A failure of those blocks comes out. Idempotent.
     *
     * @throws IllegalStateException if the body yields again, and so ignores the close; or if it is running, or belongs
     *     to somebody else
     */
    @Override
    public final void close() {
        switch (state()) {
            case CLOSED -> {}
            case CREATED -> closeUnbegun();
            case RUNNING -> throw stillRunning();
            case SUSPENDED -> {
                requireOwner();
                unwind();
            }
        }
    }

    private void unwind() {
        var unwinding = new Unwinding(toString());
        Throwable failure = closeInside();
        try {
            if (advance(null, failure == null ? unwinding : failure) == null) {
                return;
            }
        } catch (Unwinding e) {
            if (e == unwinding) {
                return;
            }
            throw e;
        }
        throw new IllegalStateException(this + " ignored its close: the body caught it and has yielded again");
    }

    /** Closes its delegate, and what has begun in its body, before the body itself. */
    private @Nullable Throwable closeInside() {
        GeneratorCore<? extends Y, S, ?> inner = delegate;
        delegate = null;
        running = true;
        Throwable failure = null;
        try {
            if (inner != null) {
                inner.close();
            }
        } catch (Throwable e) {
            failure = e;
        }
        failure = closeInner(failure);
        running = false;
        return failure;
    }

    /**
     * Resumes the body, or begins it, with what its yield is to give or to throw.
     *
     * @return what it yields; null if it ends or has ended
     */
    @Nullable Y advance(@Nullable S value, @Nullable Throwable failure) {
        if (isSuspended()) {
            requireOwner();
        } else if (!begins(value, failure)) {
            return null;
        }
        running = true;
        CancelScope outer = owner().scope();
        if (scope != outer) {
            scope = outer;
        }
        sent = value;
        thrown = failure;
        while (delegate == null || endsDelegate()) {
            resume();
            if (closed) {
                running = false;
                return ended();
            }
            if (yielded != null || (delegate != null && hasKept())) {
                break;
            }
        }
        running = false;
        Y element = yielded;
        yielded = null;
        return element;
    }

    /** Drives the delegate; true if it ended and the body is to go on, false if it has yielded. */
    private boolean endsDelegate() {
        GeneratorCore<? extends Y, S, ?> inner = Objects.requireNonNull(delegate);
        S value = sent;
        Throwable failure = thrown;
        sent = null;
        thrown = null;
        try {
            yielded = inner.advance(value, failure);
        } catch (Throwable e) {
            thrown = e;
        }
        if (yielded != null) {
            return false;
        }
        delegate = null;
        if (comesBackToYield() && thrown == null) {
            sendResult(inner);
        }
        return true;
    }

    /** The body is to get its delegate's result, which it cannot ask for by itself. */
    @SuppressWarnings("unchecked") // the compiler has seen to what the body takes it for
    private void sendResult(GeneratorCore<?, ?, ?> inner) {
        try {
            sent = (S) inner.outcome();
        } catch (IllegalStateException e) {
            thrown = e;
        }
    }

    // ---- beginning and end ----

    /** Makes the body ready for its first step, if it has one. */
    private boolean begins(@Nullable S value, @Nullable Throwable failure) {
        DuplexGenerator.State state = state();
        if (state == DuplexGenerator.State.RUNNING) {
            requireOwner();
            throw stillRunning();
        }
        if (state == DuplexGenerator.State.CREATED) {
            if (value != null) {
                throw new IllegalStateException("cannot send to a generator that has not begun: call next() first");
            }
            if (failure == null) {
                begin();
                return true;
            }
            closeUnbegun();
        }
        if (failure != null) {
            throw Throwables.unchecked(failure);
        }
        return false;
    }

    /** The body has ended, or failed; one that has elements left puts off {@link #end}. */
    @Nullable Y ended() {
        return end();
    }

    /** Takes leave of the owner, and throws what the body has thrown. */
    final @Nullable Y end() {
        forget();
        Throwable failure = takeFailure();
        if (failure != null) {
            throw Throwables.unchecked(failure);
        }
        return null;
    }
}
