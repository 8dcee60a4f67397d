package dev.heddle.generators;

import dev.heddle.CancelScope;
import dev.heddle.internal.Throwables;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body's side of a generator.
 *
 * <p>A body runs in one of three ways. Pulled, it runs as a state machine if it could be rewritten as one ({@link
 * MachineRun}), else in a continuation ({@link StrandRun}). Pushed, it runs as a plain call ({@link PushGenerator}).
 */
abstract sealed class GeneratorBody<Y, S, R extends @Nullable Object> extends GeneratorLife<R> permits GeneratorCore {

    private @Nullable GeneratorStart<Y, S, R> start;

    // How the body runs, one of the three; all null while it has not begun, and when it has ended.
    private @Nullable MachineRun machine;
    private @Nullable StrandRun strand;
    private @Nullable PushGenerator<Y> push;

    /** The cancel scope of whoever resumed the body last, which it must be in when it yields. */
    @Nullable CancelScope scope;

    /** The generator that has taken this one's place. */
    @Nullable GeneratorCore<? extends Y, S, ?> delegate;

    // What is handed over at a yield: one to the consumer, one of the others to the body.
    @Nullable Y yielded;
    @Nullable S sent;
    @Nullable Throwable thrown;

    GeneratorBody(GeneratorStart<Y, S, R> start) {
        this.start = start;
    }

    // ---- its life ----

    /** Makes the body ready for its first step. */
    final void begin() {
        claim();
        GeneratorStart<Y, S, R> body = Objects.requireNonNull(start);
        MachineRun run = runsAhead() ? null : MachineRun.of(this, owner(), body);
        if (run == null) {
            strand = new StrandRun(this, owner(), this::live);
        } else {
            machine = run;
            start = null;
        }
        owner().add(this, owner().around());
        begun = true;
    }

    /** It never begins. */
    final void closeUnbegun() {
        claim();
        start = null;
        closed = true;
    }

    /** Lets the body run to its next yield or its end. */
    final void resume() {
        MachineRun run = machine;
        if (run != null) {
            run.resume();
        } else {
            Objects.requireNonNull(strand).resume();
        }
    }

    /** The body's whole life, in its continuation. */
    private void live() {
        GeneratorStart<Y, S, R> body = Objects.requireNonNull(start);
        start = null;
        Throwable failure = thrown;
        R result = null;
        if (failure == null) {
            try {
                result = body.run(this);
            } catch (Throwable e) {
                failure = e;
            }
        }
        closesWith(result, closeInner(failure));
    }

    /** A part of the life of a body that was rewritten, up to its next yield. */
    final void step(MachineRun run) {
        S value = sent;
        Throwable failure = thrown;
        sent = null;
        thrown = null;
        try {
            Object result = run.run(value, failure);
            if (yielded == null && delegate == null) {
                closesWith(result, closeInner(null));
            }
        } catch (Throwable e) {
            yielded = null;
            delegate = null;
            closesWith(null, closeInner(e));
        }
    }

    /** The life of a body that is pushed; gives what it has thrown. */
    final @Nullable Throwable runPushed(PushGenerator<Y> pushing) {
        GeneratorStart<Y, S, R> body = Objects.requireNonNull(start);
        start = null;
        push = pushing;
        running = true;
        R result = null;
        Throwable failure = null;
        try {
            result = body.run(this);
        } catch (Throwable e) {
            failure = e;
        }
        failure = closeInner(failure);
        push = null;
        if (failure == null && !pushing.hasFailed()) {
            closesWith(result, null);
        }
        closed = true;
        return failure;
    }

    @Override
    final void abandon() {
        closed = true;
        delegate = null;
        forget();
    }

    /** Nobody resumes it any more. */
    final void forget() {
        machine = null;
        strand = null;
        scope = null;
        thrown = null;
        owner().remove(this);
    }

    // ---- the body's side ----

    final @Nullable S give(Y value) {
        if (machine != null) {
            owner().requireScope(scope, "yield"); // from its body: nobody else has its out
            yielded = value;
            return null;
        }
        PushGenerator<Y> pushing = push;
        if (pushing != null) {
            pushing.give(value);
            return null;
        }
        StrandRun mine = requireInside();
        if (keeps(value)) {
            return null;
        }
        yielded = value;
        return suspend(mine);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // who may send what, the two kinds of Out have seen to
    final <T extends @Nullable Object> T yieldFrom(GeneratorCore<? extends Y, ?, ? extends T> other) {
        var inner = (GeneratorCore<? extends Y, S, ? extends T>) other;
        PushGenerator<Y> pushing = push;
        if (pushing != null) {
            return pushing.giveFrom(inner);
        }
        if (machine != null) {
            owner().requireScope(scope, "yield");
            if (!readyForDelegation(inner)) {
                inner.outcome(); // throws here, in the body, if there is none
            }
            delegate = inner;
            return null; // the body is sent the result
        }
        StrandRun mine = requireInside();
        if (readyForDelegation(inner)) {
            delegate = inner;
            suspend(mine);
        }
        return inner.outcome();
    }

    /** Whether there is anything of the other left. */
    private static boolean readyForDelegation(GeneratorCore<?, ?, ?> inner) {
        switch (inner.state()) {
            case RUNNING -> throw inner.stillRunning();
            case CREATED -> inner.begin(); // here, so that it sees what the body has bound
            case SUSPENDED -> inner.requireOwner();
            case CLOSED -> {
                return false;
            }
        }
        return true;
    }

    /** Whether the body, since it was rewritten, yields only once it has come back from the call that yields. */
    final boolean comesBackToYield() {
        return machine != null;
    }

    /** Whether an element is kept for the consumer, and the body may go on. */
    boolean keeps(Y value) {
        return false;
    }

    /** Whether the body may go on past its yields, which one that was rewritten does not. */
    boolean runsAhead() {
        return false;
    }

    private StrandRun requireInside() {
        StrandRun mine = strand;
        if (mine == null) {
            throw outside();
        }
        mine.requireInside();
        owner().requireScope(scope, "yield");
        return mine;
    }

    private @Nullable S suspend(StrandRun mine) {
        String obstacle = mine.suspend();
        if (obstacle != null) {
            yielded = null;
            delegate = null;
            throw new IllegalStateException("cannot yield here: " + obstacle);
        }
        Throwable failure = thrown;
        if (failure != null) {
            thrown = null;
            throw Throwables.unchecked(failure);
        }
        S value = sent;
        sent = null;
        return value;
    }
}
