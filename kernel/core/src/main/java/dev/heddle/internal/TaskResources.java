package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/** Resources that a task closes when its body ends. */
@FunctionalInterface
public interface TaskResources {

    /**
     * Closes all that are still open, on the task's own thread; must not throw.
     *
     * @param thrown what the task's body threw
     * @return what the task ends with: what its body threw, or else the first failure here
     */
    @Nullable Throwable closeAll(@Nullable Throwable thrown);
}
