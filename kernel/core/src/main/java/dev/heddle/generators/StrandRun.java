package dev.heddle.generators;

import dev.heddle.internal.JdkHook;
import dev.heddle.internal.Suspendable;
import org.jspecify.annotations.Nullable;

/** The run of a body in a continuation, which may be suspended at any depth of its calls. */
final class StrandRun {

    private final GeneratorBody<?, ?, ?> generator;
    private final OpenGenerators owner;
    private final Suspendable strand;

    /**
     * Makes one.
     *
     * @param body must not throw
     */
    StrandRun(GeneratorBody<?, ?, ?> generator, OpenGenerators owner, Runnable body) {
        JdkHook.STRANDS.require();
        this.generator = generator;
        this.owner = owner;
        this.strand = Suspendable.generator(generator, body);
    }

    /** Runs the body to its next yield or its end. */
    void resume() {
        InPlace around = owner.inPlace;
        owner.inPlace = null;
        try {
            strand.resume();
        } finally {
            owner.inPlace = around;
        }
    }

    /** Checks that the calling code is the body's. */
    void requireInside() {
        boolean innermost = owner.inPlace == null && strand.isInnermost(); // as it mostly is
        if (!innermost && owner.around() != generator) {
            throw generator.outside();
        }
    }

    /**
     * Suspends the body, from inside.
     *
     * @return null after it was resumed; else why it cannot be suspended
     */
    @Nullable String suspend() {
        InPlace inside = owner.inPlace;
        if (!strand.suspend()) {
            return strand.obstacle();
        }
        owner.inPlace = inside;
        return null;
    }
}
