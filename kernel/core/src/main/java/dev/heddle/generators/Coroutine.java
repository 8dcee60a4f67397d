package dev.heddle.generators;

import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.JdkHook;
import dev.heddle.internal.Suspendable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body that hands control to others and gets it back where it stood: greenlet's model. Nothing is scheduled, each
 * switch says where to go on.
 *
 * <pre>{@code
 * Coroutine<String> ping = Coroutine.of(first -> {
 *     String answer = pong.switchTo(first + " ping");
 *     return answer + " done";
 * });
 * }</pre>
 *
 * <p>All coroutines of a task form a tree. Its root is the code of the task itself, and the others have a parent: the
 * coroutine that made them, or the one named at {@link #of(Coroutine, Body)}. When a body ends, its value goes to the
 * parent, as what the parent's switch gives; so does its failure, as what that switch throws. A switch to one that has
 * ended goes to its nearest living parent instead.
 *
 * <pre>
 *   made ──first switchTo(), which gives the body its argument──▶ alive ──the body ends──▶ dead
 * </pre>
 *
 * <p>For work that waits, {@linkplain Heddle#spawn tasks} are the better tool: they take turns by themselves.
 * Coroutines are for two pieces of code that take turns with each other. Waiting in one suspends the whole task.
 *
 * <p>Do not switch inside {@code synchronized}: the monitor stays locked for the others too.
 *
 * <p>Threads: a coroutine belongs to the task, or the thread, that made it. Others get an {@link
 * IllegalStateException}. When its task ends, it is closed, and one that was made in the body of a generator when that
 * ends; one of a thread that is no task is closed only by {@link #close}, else. Generators that have begun in its body
 * are closed with it.
 *
 * <p>Cancellation: all coroutines of a task are cancelled with it, at their waits, and in the cancel scopes that the
 * root is in. A switch itself is no wait. To test code that uses coroutines no loop is needed.
 *
 * @param <T> what is handed over at a switch; null is allowed if the type says so
 */
public final class Coroutine<T extends @Nullable Object> extends OpenGenerator implements AutoCloseable {

    /** The body of a coroutine. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {

        /** Is given the value of the first switch; what it gives goes to the parent. */
        T run(T first) throws Exception;
    }

    private final Coroutines all;
    private final @Nullable Coroutine<T> parent;

    /** The generator in whose body it was made. */
    private final @Nullable GeneratorCore<?, ?, ?> madeIn;

    private @Nullable Body<T> body;
    private @Nullable Suspendable strand;
    private boolean dead;

    /** Who closes it now, and so gets control when it has ended, in place of the parent. */
    private @Nullable Coroutine<?> closer;

    private @Nullable Unwinding unwinding;

    /** The root of a task or thread. */
    Coroutine(Coroutines all) {
        this.all = all;
        this.parent = null;
        this.madeIn = null;
        this.body = null;
    }

    private Coroutine(Coroutines all, Coroutine<T> parent, Body<T> body) {
        this.all = all;
        this.parent = parent;
        this.madeIn = switch (all.owner().around()) {
            case GeneratorCore<?, ?, ?> generator -> generator;
            case Coroutine<?> maker -> maker.madeIn;
            case null -> null;
        };
        this.body = Objects.requireNonNull(body);
    }

    // ---- for users ----

    /** Makes a coroutine whose parent is the {@linkplain #current current} one; the body does not begin yet. */
    public static <T extends @Nullable Object> Coroutine<T> of(Body<T> body) {
        return new Coroutine<>(here(), Coroutine.current(), body);
    }

    /**
     * Makes a coroutine; the body does not begin yet. A parent is there before its children, so there are no circles.
     *
     * @throws IllegalStateException if the parent belongs to another task or thread
     */
    public static <T extends @Nullable Object> Coroutine<T> of(Coroutine<T> parent, Body<T> body) {
        parent.requireOwner();
        return new Coroutine<>(parent.all, parent, body);
    }

    /**
     * The coroutine that runs the calling code. What it hands over is up to the program, so the caller says the type.
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public static <T extends @Nullable Object> Coroutine<T> current() {
        return (Coroutine<T>) here().current();
    }

    private static Coroutines here() {
        return OpenGenerators.current().coroutines();
    }

    /**
     * Goes on in this coroutine: its own last switch gives the value, or its body begins with it. If it is dead, its
     * nearest living parent gets the value.
     *
     * @return the value with which somebody switches back to the calling coroutine, or with which its child ends
     * @throws IllegalStateException if it belongs to another task or thread; or if the caller is not the root and is
     *     inside a cancel scope that it has opened, or inside a native method or a static initializer, which cannot be
     *     suspended
     */
    public T switchTo(T value) {
        requireOwner();
        return cast(all.switchTo(this, value, null));
    }

    /**
     * Goes on in this coroutine by throwing there, at its own last switch. A checked exception arrives as the cause of
     * a {@link TaskFailedException}. If it has not begun, it is dead then, and its parent gets the failure; likewise if
     * it is dead.
     *
     * @return as {@link #switchTo}
     * @throws IllegalStateException as {@link #switchTo}
     */
    public T fail(Throwable failure) {
        requireOwner();
        return cast(all.switchTo(this, null, Objects.requireNonNull(failure)));
    }

    /**
     * Ends it by running the finally blocks of its body: its last switch throws an {@link Error} that the body must let
     * pass. Control comes back here, not to the parent; so does a failure of those blocks. Called by itself, it ends as
     * if it returned null. Idempotent.
     *
     * @throws IllegalStateException if the body ignores the close and switches to somebody else, who then came back
     *     here; or if it is a root; or as {@link #switchTo}
     */
    @Override
    public void close() {
        if (dead) {
            return;
        }
        requireOwner();
        if (parent == null) {
            throw new IllegalStateException(this + " ends with its task");
        }
        if (!hasBegun()) {
            endUnbegun();
            return;
        }
        var mine = new Unwinding(toString());
        unwinding = mine;
        if (all.current() == this) {
            throw mine;
        }
        closer = all.current();
        Throwable failure = closeInner(null);
        try {
            all.switchTo(this, null, failure == null ? mine : failure);
        } finally {
            closer = null;
        }
        if (!dead) {
            throw new IllegalStateException(
                    this + " ignored its close: the body caught it and has switched to another");
        }
    }

    /** Whether its body has ended, or never will begin. */
    public boolean isDead() {
        return dead;
    }

    /** The coroutine that gets its result; empty for a root. */
    public Optional<Coroutine<T>> parent() {
        return Optional.ofNullable(parent);
    }

    @Override
    public String toString() {
        return parent == null
                ? "root coroutine of " + all.owner()
                : "coroutine (" + (dead ? "dead" : hasBegun() ? "alive" : "made") + ")";
    }

    // ---- for the others ----

    /** Whether there is code of it that something can be thrown into. */
    boolean hasBegun() {
        return parent == null || strand != null;
    }

    /** Who goes on when this one has ended. */
    Coroutine<?> heir() {
        return closer != null ? closer : Objects.requireNonNull(parent);
    }

    void endUnbegun() {
        dead = true;
        body = null;
    }

    /** Makes its body ready for the first step. */
    void begin() {
        JdkHook.STRANDS.require();
        strand = Suspendable.coroutine(this, this::live);
        boolean closesWithGenerator = madeIn != null && madeIn.state() != DuplexGenerator.State.CLOSED;
        all.owner().add(this, closesWithGenerator ? madeIn : null);
    }

    /** Runs it until it switches or ends; on the root. */
    void resume() {
        Objects.requireNonNull(strand).resume();
        if (dead) {
            strand = null;
            all.owner().remove(this);
        }
    }

    /** From its own code. */
    boolean suspend() {
        return Objects.requireNonNull(strand).suspend();
    }

    String obstacle() {
        return Objects.requireNonNull(strand).obstacle();
    }

    private void live() {
        Body<T> run = Objects.requireNonNull(body);
        body = null;
        T result = null;
        Throwable failure = null;
        try {
            result = run.run(cast(all.take()));
        } catch (Throwable e) {
            failure = e;
        }
        failure = closeInner(failure);
        if (failure == unwinding) {
            failure = null;
        }
        dead = true;
        all.pass(heir(), result, failure);
    }

    private void requireOwner() {
        all.owner().requireHere(this);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the coroutines of a program agree on what they hand over
    private T cast(@Nullable Object value) {
        return (T) value;
    }

    @Override
    boolean isSuspended() {
        return parent != null && strand != null && !dead && all.current() != this;
    }

    @Override
    void abandon() {
        dead = true;
        strand = null;
        closer = null;
        all.owner().remove(this);
    }
}
