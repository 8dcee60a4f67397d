package dev.heddle;

import dev.heddle.internal.Holds;
import dev.heddle.internal.Throwables;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The simulated form of {@link Heddle#offload}, so that the same seed gives the same run. */
final class Simulated {

    private Simulated() {}

    /** Worker threads would race; the body runs in the task itself, and virtual time stands still meanwhile. */
    static <T> T offload(Callable<? extends T> body) {
        Heddle.checkpoint();
        Task<?> task = Task.current();
        ExternalWork external = task.loop().external;
        boolean outermost = external.beginOffloaded(task);
        Fiber fiber = Objects.requireNonNull(Fiber.of(Thread.currentThread()));
        @Nullable Holds outer = fiber.beginHolding();
        try {
            return body.call();
        } catch (Throwable e) {
            throw Throwables.unchecked(e);
        } finally {
            fiber.endHolding(outer);
            if (outermost) {
                external.endOffloaded(task);
            }
        }
    }
}
