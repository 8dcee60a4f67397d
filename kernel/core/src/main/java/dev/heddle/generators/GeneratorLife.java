package dev.heddle.generators;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state of a generator: where it is in its life, whom it belongs to, and what it has ended with. */
abstract sealed class GeneratorLife<R extends @Nullable Object> extends OpenGenerator permits GeneratorBody {

    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(GeneratorLife.class, "owner", OpenGenerators.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable OpenGenerators owner;

    // The state; flags, since a store of a reference costs the collector work.
    boolean begun;
    boolean running;

    /** Whether the body is over; elements that it gave before may still be kept. */
    boolean closed;

    private boolean hasResult;

    /** The result, or on its way out the failure of the body. */
    private @Nullable Object outcome;

    /** The body is over. */
    final void closesWith(@Nullable Object result, @Nullable Throwable failure) {
        hasResult = failure == null;
        outcome = hasResult ? result : failure;
        closed = true;
    }

    /** What the body has thrown, if it has and nobody was told. */
    final @Nullable Throwable takeFailure() {
        if (!hasResult && outcome instanceof Throwable failure) {
            outcome = null;
            return failure;
        }
        return null;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what the body gave is an R; it may give null, and R then says so
    final R outcome() {
        if (!hasResult) {
            throw new IllegalStateException(
                    this + (closed ? " ended without a result" : " has no result before its end"));
        }
        return (R) outcome;
    }

    /** Where it is in its life; exact for its owner, a hint for others. */
    public final DuplexGenerator.State state() {
        if (closed) {
            return hasKept() ? DuplexGenerator.State.SUSPENDED : DuplexGenerator.State.CLOSED;
        }
        if (running) {
            return DuplexGenerator.State.RUNNING;
        }
        return begun ? DuplexGenerator.State.SUSPENDED : DuplexGenerator.State.CREATED;
    }

    @Override
    final boolean isSuspended() {
        return begun && !running && (!closed || hasKept());
    }

    /** Whether there are elements that the body has yielded ahead of its consumer. */
    boolean hasKept() {
        return false;
    }

    @Override
    public final String toString() {
        return "generator (" + state().name().toLowerCase(Locale.ROOT) + ")";
    }

    // ---- rules ----

    /** Makes the calling task or thread the owner. */
    final void claim() {
        if (!OWNER.compareAndSet(this, null, OpenGenerators.current())) {
            requireOwner();
        }
    }

    final OpenGenerators owner() {
        return Objects.requireNonNull(owner);
    }

    final void requireOwner() {
        OpenGenerators mine = owner;
        if (mine != null && !mine.isHere()) {
            mine.requireHere(this);
        }
    }

    final IllegalStateException stillRunning() {
        return new IllegalStateException(this + " cannot be resumed or closed before its body yields or ends");
    }

    final IllegalStateException outside() {
        return new IllegalStateException("only the body of " + this
                + " can yield to it, and not from inside another generator, coroutine or thread that it runs");
    }
}
