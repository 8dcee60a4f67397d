package dev.heddle.process.shared;

import dev.heddle.process.RemoteCallable;
import java.util.function.BooleanSupplier;

/** Where bodies run beside the test: other threads, other processes, other tasks of a simulation. */
interface Elsewhere {

    /** A body that runs. */
    interface Started<T> {

        /** Waits for its end, and throws what it threw. */
        T get() throws Exception;
    }

    <T> Started<T> start(RemoteCallable<T> body);

    /** Lets some time pass. */
    void pause() throws Exception;

    default <T> T call(RemoteCallable<T> body) throws Exception {
        return start(body).get();
    }

    default void until(BooleanSupplier condition) throws Exception {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i == 20_000) {
                throw new AssertionError("it did not come true");
            }
            pause();
        }
    }

    /** Waits until so many calls wait in a manager. */
    default void untilWaiting(Manager manager, int calls) throws Exception {
        until(() -> manager.statistics().callsUnderWay() == calls);
    }
}
