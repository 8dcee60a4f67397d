package dev.heddle;

import dev.heddle.internal.Suspendable;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs as a plain call, with no continuation of its own to be told by: its owner has a list of those that
 * run, innermost first.
 */
abstract sealed class InPlace permits PushGenerator, MachineRun {

    final GeneratorCore<?, ?, ?> generator;
    final OpenGenerators owner;

    /** The one in whose code this one runs, or which runs in code around it. */
    @Nullable InPlace outer;

    /** The continuation that runs it. */
    private @Nullable Object place;

    InPlace(GeneratorCore<?, ?, ?> generator, OpenGenerators owner) {
        this.generator = generator;
        this.owner = owner;
    }

    /** The body begins or goes on. */
    final void enter() {
        place = Suspendable.innermost();
        outer = owner.inPlace;
        owner.inPlace = this;
    }

    /** The body comes back. */
    final void leave() {
        owner.inPlace = outer;
        outer = null;
    }

    /** Whether the code that runs in such a continuation is the body's, if no other one runs inside it. */
    boolean isInBody(@Nullable Object innermost) {
        return innermost == place;
    }
}
