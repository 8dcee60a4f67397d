package dev.heddle;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.Throwables;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The run of a body that was rewritten as a state machine: it is suspended by coming back, and needs no continuation.
 *
 * <p>Nobody must notice the difference. So the body sees the scoped values that were bound where it began, whoever resumes
 * it.
 */
final class MachineRun extends InPlace {

    private final BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine;
    private final Object bindings = ScopedBindings.get(Thread.currentThread());

    MachineRun(
            GeneratorCore<?, ?, ?> generator,
            OpenGenerators owner,
            BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine) {
        super(generator, owner);
        this.machine = machine;
    }

    /** Has the generator make its next step, where the body belongs. */
    void resume() {
        Object outside = ScopedBindings.get(Thread.currentThread());
        enter();
        try {
            if (outside == bindings) {
                generator.step(this);
            } else {
                ScopedBindings.run(bindings, () -> generator.step(this));
            }
        } finally {
            leave();
        }
    }

    /**
     * Runs the body to its next yield or its end.
     *
     * @return its result, if it has ended
     */
    @Nullable Object run(@Nullable Object sent, @Nullable Throwable thrown) {
        return machine.apply(sent, thrown == null ? null : Throwables.wrapped(thrown));
    }
}
