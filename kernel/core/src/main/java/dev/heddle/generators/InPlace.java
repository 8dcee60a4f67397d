package dev.heddle.generators;

import dev.heddle.internal.ScopedBindings;
import dev.heddle.internal.VirtualThreads;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs as a plain call, with no continuation of its own to be told by: its owner has a list of those that
 * run in the innermost continuation, newest first.
 */
abstract sealed class InPlace permits PushGenerator, MachineRun {

    final GeneratorBody<?, ?, ?> generator;
    final OpenGenerators owner;

    /** The scoped values that were bound where the body began. */
    final @Nullable Object bindings = found();

    /** The one in whose code this one runs, or which runs in code around it. */
    @Nullable InPlace outer;

    InPlace(GeneratorBody<?, ?, ?> generator, OpenGenerators owner) {
        this.generator = generator;
        this.owner = owner;
    }

    /** The main thread, and one whose stack was full, has them looked for on its stack when somebody asks. */
    private static @Nullable Object found() {
        if (VirtualThreads.hasAccess()) {
            VirtualThreads.bindings();
        }
        return bindings();
    }

    /** The scoped values that are bound here; nothing if the JDK does not let Heddle see them. */
    static @Nullable Object bindings() {
        return VirtualThreads.hasAccess() ? ScopedBindings.get(Thread.currentThread()) : null;
    }

    /** The body begins or goes on. */
    final void enter() {
        outer = owner.inPlace;
        owner.inPlace = this;
    }

    /** The body comes back. */
    final void leave() {
        owner.inPlace = outer;
        outer = null;
    }

    /** Whether the code that runs is the body's, if no other one runs inside it. */
    abstract boolean isInBody();
}
