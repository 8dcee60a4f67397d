package dev.heddle.generators;

import org.jspecify.annotations.Nullable;

/** A body that runs in parts on one thread: what generators and coroutines have in common for their owner. */
abstract sealed class OpenGenerator permits GeneratorLife, Coroutine {

    // Its place among those that end with the same body.
    OpenGenerators.@Nullable Open list;
    @Nullable OpenGenerator older;
    @Nullable OpenGenerator newer;

    /** Those that have begun in its body. */
    private OpenGenerators.@Nullable Open inner;

    OpenGenerators.Open inner() {
        if (inner == null) {
            inner = new OpenGenerators.Open();
        }
        return inner;
    }

    /**
     * Closes those that have begun in its body.
     *
     * @param thrown what the body threw
     * @return what it ends with; a failure here counts for more than the unwinding of a close
     */
    @Nullable Throwable closeInner(@Nullable Throwable thrown) {
        if (inner == null) {
            return thrown;
        }
        Throwable failure = inner.closeAll(thrown instanceof Unwinding ? null : thrown);
        return failure == null ? thrown : failure;
    }

    /** Its body has ended. */
    void leaveInner(OpenGenerators.@Nullable Open outer) {
        if (inner != null) {
            inner.moveTo(outer);
            inner = null;
        }
    }

    /** Whether it is suspended somewhere; one that runs ends with the code around it. */
    abstract boolean isSuspended();

    /** Ends it by running its finally blocks. */
    public abstract void close();

    /** It did not let itself be closed: nobody resumes it any more. */
    abstract void abandon();
}
