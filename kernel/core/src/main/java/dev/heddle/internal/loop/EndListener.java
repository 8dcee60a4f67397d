package dev.heddle.internal.loop;

/**
 * A listener that is told, once, that a task or a promise has ended. Told below the tasks: short, lock-free, no code of
 * users.
 */
public interface EndListener {

    void ended();

    /** Whether nobody would hear of it any more, so that it may be dropped. */
    default boolean isForgotten() {
        return false;
    }
}
