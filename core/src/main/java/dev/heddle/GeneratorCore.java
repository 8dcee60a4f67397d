package dev.heddle;

import dev.heddle.internal.Suspendable;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.rewrite.RewrittenBody;
import dev.heddle.internal.rewrite.Rewriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The machine inside generators.
 *
 * <p>Pulled, the body runs in a continuation: {@link #advance} resumes it, {@link #give} suspends it, and a field hands
 * each value over. Pushed, it runs as a plain call; see {@link PushGenerator}.
 *
 * <p>A body that delegates stays suspended in its {@link #yieldFrom} while {@code advance} drives the other generator
 * in its place. So an element costs one resume, however long the chain of delegates is. Only the end of the other
 * resumes this one.
 */
sealed class GeneratorCore<Y, S, R extends @Nullable Object> extends OpenGenerator implements DuplexGenerator<Y, S, R>
        permits Generator {

    /** The body, that is given its generator. */
    interface Start<Y, S, R extends @Nullable Object> {

        /** Runs it, in a continuation or as a plain call. */
        R run(GeneratorCore<Y, S, R> generator) throws Exception;

        /** The body as a state machine; null if it was not to be rewritten. */
        @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine(
                GeneratorCore<Y, S, R> generator);
    }

    private record DuplexStart<Y, S, R extends @Nullable Object>(DuplexGenerator.Body<Y, S, R> body, RewrittenBody rewritten)
            implements Start<Y, S, R> {

        @Override
        public R run(GeneratorCore<Y, S, R> generator) throws Exception {
            return body.run(new DuplexGenerator.Out<>(generator));
        }

        @Override
        public @Nullable BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine(
                GeneratorCore<Y, S, R> generator) {
            return rewritten.begin(body, new DuplexGenerator.Out<>(generator));
        }
    }

    /** Whether bodies are rewritten where they can be. */
    static boolean rewrites = !"continuation".equals(System.getProperty("heddle.generators"));

    /** Of the bodies of duplex generators. */
    static final Rewriter REWRITER = new Rewriter(
            DuplexGenerator.class, DuplexGenerator.Body.class, DuplexGenerator.Out.class);

    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(GeneratorCore.class, "owner", OpenGenerators.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Start<Y, S, R> start;
    private @Nullable OpenGenerators owner;

    // The state; flags, since a store of a reference costs the collector work.
    private boolean begun;
    private boolean running;

    /** Whether the body is over; elements that it gave before may still be kept. */
    private boolean closed;

    /** The suspended or running body; null while it has not begun, when it has ended, and while it is pushed. */
    private @Nullable Suspendable strand;

    /** The same for a body that was rewritten; at most one of the two is there. */
    private @Nullable MachineRun machine;

    /** The call that pushes the elements; null else. */
    private @Nullable PushGenerator<Y> push;

    /** The cancel scope of whoever resumed the body last, which it must be in when it yields. */
    private @Nullable CancelScope scope;

    /** The generator that has taken this one's place. */
    private @Nullable GeneratorCore<? extends Y, S, ?> delegate;

    // What is handed over at a yield: one to the consumer, one of the others to the body.
    private @Nullable Y yielded;
    private @Nullable S sent;
    private @Nullable Throwable thrown;

    private boolean hasResult;

    /** The result, or on its way out the failure of the body. */
    private @Nullable Object outcome;

    GeneratorCore(Start<Y, S, R> start) {
        this.start = start;
    }

    static <Y, S, R extends @Nullable Object> DuplexGenerator<Y, S, R> duplex(
            DuplexGenerator.Body<Y, S, R> body, RewrittenBody rewritten) {
        return new GeneratorCore<>(new DuplexStart<>(body, rewritten));
    }

    // ---- the consumer's side ----

    @Override
    public final Y next() {
        return orEnd(advance(null, null));
    }

    @Override
    public final Y send(S value) {
        return orEnd(advance(Objects.requireNonNull(value), null));
    }

    @Override
    public final Y fail(Throwable failure) {
        return orEnd(advance(null, Objects.requireNonNull(failure)));
    }

    private Y orEnd(@Nullable Y value) {
        if (value == null) {
            throw new NoSuchElementException("the generator has ended");
        }
        return value;
    }

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

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // what the body gave is an R; it may give null, and R then says so
    public final R result() {
        if (!hasResult) {
            throw new IllegalStateException(
                    this + (closed ? " ended without a result" : " has no result before its end"));
        }
        return (R) outcome;
    }

    @Override
    public final State state() {
        if (closed) {
            return hasKept() ? State.SUSPENDED : State.CLOSED;
        }
        if (running) {
            return State.RUNNING;
        }
        return begun ? State.SUSPENDED : State.CREATED;
    }

    @Override
    public final String toString() {
        return "generator (" + state().name().toLowerCase(Locale.ROOT) + ")";
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
            MachineRun run = machine;
            if (run != null) {
                run.resume();
            } else {
                Objects.requireNonNull(strand).resume();
            }
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
        if (machine != null && thrown == null) {
            sendResult(inner);
        }
        return true;
    }

    /** The body is to get its delegate's result, which it cannot ask for by itself. */
    @SuppressWarnings("unchecked") // the compiler has seen to what the body takes it for
    private void sendResult(GeneratorCore<?, ?, ?> inner) {
        try {
            sent = (S) inner.result();
        } catch (IllegalStateException e) {
            thrown = e;
        }
    }

    /** Makes the body ready for its first step, if it has one. */
    private boolean begins(@Nullable S value, @Nullable Throwable failure) {
        State state = state();
        if (state == State.RUNNING) {
            requireOwner();
            throw stillRunning();
        }
        if (state == State.CREATED) {
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

    private void begin() {
        claim();
        BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> rewritten = rewrites && !runsAhead()
                ? Objects.requireNonNull(start).machine(this)
                : null;
        if (rewritten == null) {
            strand = Suspendable.generator(this, this::live);
        } else {
            machine = new MachineRun(this, owner(), rewritten);
            start = null;
        }
        owner().add(this, owner().around());
        begun = true;
    }

    /** Makes the calling task or thread the owner. */
    private void claim() {
        VirtualThreads.requireAccess();
        if (!OWNER.compareAndSet(this, null, OpenGenerators.current())) {
            requireOwner();
        }
    }

    private void closeUnbegun() {
        claim();
        start = null;
        closed = true;
    }

    /** The body has ended, or failed; one that has elements left puts off {@link #end}. */
    @Nullable Y ended() {
        return end();
    }

    /** Takes leave of the owner, and throws what the body has thrown. */
    final @Nullable Y end() {
        strand = null;
        machine = null;
        scope = null;
        thrown = null;
        owner().remove(this);
        if (!hasResult && outcome instanceof Throwable failure) {
            outcome = null;
            throw Throwables.unchecked(failure);
        }
        return null;
    }

    // ---- the push form ----

    /** Runs a body that has not begun, straight into a consumer. */
    @SuppressWarnings("NullAway") // what the body gave is an R
    final R push(Consumer<? super Y> consumer) {
        claim();
        Start<Y, S, R> body = Objects.requireNonNull(start);
        var pushing = new PushGenerator<Y>(this, owner(), consumer);
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
        pushing.leave();
        push = null;
        closed = true;
        leaveInner(list);
        if (failure != null) {
            throw pushing.failure(failure);
        }
        pushing.throwIfUnwound();
        hasResult = true;
        outcome = result;
        return result;
    }

    /** Gives what is left to a consumer, and closes the generator if that throws. */
    static <T> void pullAll(GeneratorCore<? extends T, ?, ?> generator, Consumer<? super T> consumer) {
        T element = generator.advance(null, null);
        while (element != null) {
            try {
                consumer.accept(element);
            } catch (Throwable e) {
                closeAfter(generator, e);
                throw e;
            }
            element = generator.advance(null, null);
        }
    }

    private static void closeAfter(GeneratorCore<?, ?, ?> generator, Throwable failure) {
        try {
            generator.close();
        } catch (Throwable e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    // ---- the body's side ----

    /** The body's whole life, in its continuation. */
    private void live() {
        Start<Y, S, R> body = Objects.requireNonNull(start);
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
        ends(result, failure);
    }

    /** Still in the body's place. */
    private void ends(@Nullable Object result, @Nullable Throwable thrown) {
        Throwable failure = closeInner(thrown);
        hasResult = failure == null;
        outcome = hasResult ? result : failure;
        closed = true;
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
                ends(result, null);
            }
        } catch (Throwable e) {
            yielded = null;
            delegate = null;
            ends(null, e);
        }
    }

    final @Nullable S give(Y value) {
        PushGenerator<Y> pushing = push;
        if (pushing != null) {
            pushing.give(value);
            return null;
        }
        if (machine != null) {
            owner().requireScope(scope, "yield"); // from its body: nobody else has its out
            yielded = value;
            return null;
        }
        Suspendable mine = requireInside();
        if (keeps(value)) {
            return null;
        }
        yielded = value;
        return suspend(mine);
    }

    /** Whether an element is kept for the consumer, and the body may go on. */
    boolean keeps(Y value) {
        return false;
    }

    /** Whether the body may go on past its yields, which one that was rewritten does not. */
    boolean runsAhead() {
        return false;
    }

    /** Whether there are such elements. */
    boolean hasKept() {
        return false;
    }

    @SuppressWarnings("unchecked") // who may send what, the two kinds of Out have seen to
    final <T extends @Nullable Object> T yieldFrom(DuplexGenerator<? extends Y, ?, ? extends T> other) {
        var inner = (GeneratorCore<? extends Y, S, ? extends T>) other;
        PushGenerator<Y> pushing = push;
        if (pushing != null) {
            if (inner.state() == State.CREATED) {
                return inner.push(pushing::give);
            }
            pullAll(inner, pushing::give);
            return inner.result();
        }
        if (machine != null) {
            owner().requireScope(scope, "yield");
            readyForDelegation(inner);
            delegate = inner;
            return (T) null; // the body is sent the result
        }
        Suspendable mine = requireInside();
        if (readyForDelegation(inner)) {
            delegate = inner;
            suspend(mine);
        }
        return inner.result();
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

    private Suspendable requireInside() {
        Suspendable mine = strand;
        if (mine == null || owner().around() != this) {
            throw outside();
        }
        owner().requireScope(scope, "yield");
        return mine;
    }

    private @Nullable S suspend(Suspendable mine) {
        if (!mine.suspend()) {
            yielded = null;
            delegate = null;
            throw new IllegalStateException("cannot yield here: " + mine.obstacle());
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

    // ---- rules ----

    final void requireOwner() {
        OpenGenerators mine = owner;
        if (mine != null && !mine.isHere()) {
            mine.requireHere(this);
        }
    }

    private OpenGenerators owner() {
        return Objects.requireNonNull(owner);
    }

    private IllegalStateException stillRunning() {
        return new IllegalStateException(this + " cannot be resumed or closed before its body yields or ends");
    }

    IllegalStateException outside() {
        return new IllegalStateException("only the body of " + this
                + " can yield to it, and not from inside another generator, coroutine or thread that it runs");
    }

    @Override
    final boolean isSuspended() {
        return begun && !running && (!closed || hasKept());
    }

    @Override
    final void abandon() {
        closed = true;
        strand = null;
        machine = null;
        delegate = null;
        owner().remove(this);
    }
}
