package dev.heddle;

/**
 * A listener that is told, once, that a task or a promise has ended. Told below the tasks: short, lock-free, no code of
 * users.
 */
interface EndListener {

    void ended();
}
