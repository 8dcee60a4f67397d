package dev.heddle.process.shared;

import dev.heddle.Task;

/** The threads and tasks that call shared objects: their numbers and names. */
final class Callers {

    /** How often those of whom a manager keeps something, such as a mutex, are looked after. */
    static final long LOOK_MILLIS = 1_000;

    private Callers() {}

    /** Never the number of another thread of this process. */
    static long number(Thread thread) {
        return thread.threadId();
    }

    static String name(Thread thread) {
        return Task.ofThread(thread).map(Task::name).orElse(thread.getName());
    }

    /** Whether its code has ended; the thread of a task lives on for a moment. */
    static boolean hasEnded(Thread thread) {
        return !thread.isAlive() || Task.ofThread(thread).filter(Task::isDone).isPresent();
    }
}
