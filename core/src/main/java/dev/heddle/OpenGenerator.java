package dev.heddle;

import org.jspecify.annotations.Nullable;

/** A body that runs in parts on one thread: what generators and coroutines have in common for their owner. */
abstract sealed class OpenGenerator permits GeneratorCore, Coroutine {

    // The list of the owner's open bodies; see Bodies.
    @Nullable OpenGenerator older;
    @Nullable OpenGenerator newer;

    /** Whether it is suspended somewhere; one that runs ends with the code around it. */
    abstract boolean isSuspended();

    /** Ends it by running its finally blocks. */
    public abstract void close();

    /** It did not let itself be closed: nobody resumes it any more. */
    abstract void abandon();
}
