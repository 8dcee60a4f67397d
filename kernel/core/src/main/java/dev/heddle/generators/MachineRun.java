package dev.heddle.generators;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.Throwables;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The run of a body that was rewritten as a state machine: it is suspended by coming back, and needs no continuation.
 *
 * <p>Nobody must notice the difference. So the body sees the scoped values that were bound where it began, whoever resumes
 * it.
 */
final class MachineRun extends InPlace {

    /** The form of the bodies that begin; null until the first begins. */
    static @Nullable BodyForm form;

    private final BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine;

    /** The scoped values that the body sees: where it began, or those that it has bound itself, with no call around. */
    private @Nullable Object inside = bindings;

    private MachineRun(
            GeneratorBody<?, ?, ?> generator,
            OpenGenerators owner,
            BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> machine) {
        super(generator, owner);
        this.machine = machine;
    }

    /** The run of a body that begins; null if it is not rewritten. */
    static <Y, S, R extends @Nullable Object> @Nullable MachineRun of(
            GeneratorBody<Y, S, R> generator, OpenGenerators owner, GeneratorStart<Y, S, R> start) {
        BodyForm asked = form;
        if (asked == null) {
            asked = BodyForm.asked();
            form = asked;
        }
        var machine = asked == BodyForm.MACHINE ? start.machine(generator) : null;
        return machine == null ? null : new MachineRun(generator, owner, machine);
    }

    /** Has the generator make its next step, where the body belongs. */
    void resume() {
        Object outside = bindings();
        enter();
        try {
            if (outside == inside) {
                step();
                if (inside != outside) {
                    ScopedBindings.exchange(Thread.currentThread(), Objects.requireNonNull(outside));
                }
            } else {
                ScopedBindings.run(Objects.requireNonNull(inside), this::step);
            }
        } finally {
            leave();
        }
    }

    private void step() {
        generator.step(this);
        Object bound = bindings();
        if (bound != null && bound != inside) {
            inside = bound;
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

    @Override
    boolean isInBody() {
        return true;
    }
}
