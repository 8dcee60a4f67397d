package dev.heddle.generators;

import dev.heddle.CancelScope;
import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.Throwables;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The push form of a generator: its body calls the consumer at each yield, without a continuation.
 *
 * <p>The two must not notice the difference. So the consumer sees its own scoped values, not those of the body; and a
 * failure of the consumer is not the body's to catch: the body is closed, and then the failure comes out of the call
 * that pushes.
 */
final class PushGenerator<Y> extends InPlace {

    private final Consumer<? super Y> consumer;
    private final @Nullable CancelScope scope;

    /** Whether the consumer runs, whose code may not yield. */
    private boolean giving;

    private @Nullable Unwinding unwinding;
    private @Nullable Throwable consumerFailure;

    private PushGenerator(GeneratorCore<Y, ?, ?> generator, OpenGenerators owner, Consumer<? super Y> consumer) {
        super(generator, owner);
        this.consumer = consumer;
        this.scope = owner.scope();
    }

    /** Runs a body that has not begun, straight into a consumer. */
    static <Y, R extends @Nullable Object> R push(GeneratorCore<Y, ?, R> generator, Consumer<? super Y> consumer) {
        generator.claim();
        var pushing = new PushGenerator<Y>(generator, generator.owner(), consumer);
        pushing.enter();
        Throwable failure;
        try {
            failure = generator.runPushed(pushing);
        } finally {
            pushing.leave();
        }
        generator.leaveInner(generator.list);
        if (failure != null) {
            throw pushing.failure(failure);
        }
        pushing.throwIfUnwound();
        return generator.outcome();
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

    /** Whether it is the body's code that runs, and not its consumer's. */
    @Override
    boolean isInBody() {
        return !giving;
    }

    /** The body yields. */
    void give(Y value) {
        boolean innermost = owner.inPlace == this && !giving; // as it mostly is, and then nobody else need be asked
        if (!owner.isHere() || (!innermost && owner.around() != generator)) {
            throw generator.outside();
        }
        owner.requireScope(scope, "yield");
        if (unwinding != null) {
            throw new IllegalStateException(generator + " ignored its close: the body caught it and yields again");
        }
        Object inner = bindings();
        giving = true;
        try {
            if (inner == bindings) {
                consumer.accept(value);
            } else {
                giveOutside(Objects.requireNonNull(inner), value);
            }
        } catch (Throwable e) {
            consumerFailure = e;
            unwinding = new Unwinding(generator.toString());
            throw unwinding;
        } finally {
            giving = false;
        }
    }

    /** Yields the elements of another generator in place of the body. */
    <T extends @Nullable Object> T giveFrom(GeneratorCore<? extends Y, ?, ? extends T> inner) {
        if (inner.state() == DuplexGenerator.State.CREATED) {
            return push(inner, this::give);
        }
        pullAll(inner, this::give);
        return inner.outcome();
    }

    private void giveOutside(Object inner, Y value) {
        Thread thread = Thread.currentThread();
        ScopedBindings.exchange(thread, Objects.requireNonNull(bindings));
        try {
            consumer.accept(value);
        } finally {
            ScopedBindings.exchange(thread, inner);
        }
    }

    /** What the pushing call throws when the body has thrown this. */
    RuntimeException failure(Throwable thrown) {
        Throwable first = consumerFailure;
        if (first == null) {
            return Throwables.unchecked(thrown);
        }
        if (thrown != unwinding && thrown != first) {
            first.addSuppressed(thrown);
        }
        return Throwables.unchecked(first);
    }

    boolean hasFailed() {
        return consumerFailure != null;
    }

    /** The body may have returned although its consumer failed. */
    void throwIfUnwound() {
        if (consumerFailure != null) {
            throw Throwables.unchecked(consumerFailure);
        }
    }
}
