package dev.heddle;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.Throwables;
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
    private final Object bindings = ScopedBindings.get(Thread.currentThread());
    private final @Nullable CancelScope scope;

    /** Whether the consumer runs, whose code may not yield. */
    private boolean giving;

    private @Nullable Unwinding unwinding;
    private @Nullable Throwable consumerFailure;

    PushGenerator(GeneratorCore<Y, ?, ?> generator, OpenGenerators owner, Consumer<? super Y> consumer) {
        super(generator, owner);
        this.consumer = consumer;
        this.scope = owner.scope();
        enter();
    }

    /** Whether it is the body's code that runs, and not its consumer's. */
    @Override
    boolean isInBody(@Nullable Object innermost) {
        return !giving && super.isInBody(innermost);
    }

    /** The body yields. */
    void give(Y value) {
        if (!owner.isHere() || owner.around() != generator) {
            throw generator.outside();
        }
        owner.requireScope(scope, "yield");
        if (unwinding != null) {
            throw new IllegalStateException(generator + " ignored its close: the body caught it and yields again");
        }
        Thread thread = Thread.currentThread();
        Object inner = ScopedBindings.get(thread);
        giving = true;
        try {
            if (inner == bindings) {
                consumer.accept(value);
            } else {
                giveOutside(thread, inner, value);
            }
        } catch (Throwable e) {
            consumerFailure = e;
            unwinding = new Unwinding(generator.toString());
            throw unwinding;
        } finally {
            giving = false;
        }
    }

    private void giveOutside(Thread thread, Object inner, Y value) {
        ScopedBindings.exchange(thread, bindings);
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

    /** The body may have returned although its consumer failed. */
    void throwIfUnwound() {
        if (consumerFailure != null) {
            throw Throwables.unchecked(consumerFailure);
        }
    }
}
