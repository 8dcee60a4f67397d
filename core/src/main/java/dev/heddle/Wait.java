package dev.heddle;

/** What a task waits in: mostly a {@link Waiter}; a sleep needs less. */
sealed interface Wait permits Waiter, Sleep {

    /** Whether it is still to end. */
    boolean isOpen();

    /** What a wait is for, which may be an object of users. */
    static Object reason(Wait wait) {
        return switch (wait) {
            case Waiter waiter -> waiter.waitingFor();
            case Sleep sleep -> sleep;
        };
    }
}
