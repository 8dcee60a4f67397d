package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service that fails is told by its name, once for each failure in a row, and begins anew until its owner ends. */
final class SupervisedTest {

    private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 0);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    void serviceThatFailsIsToldByItsNameAndBeginsAnew() {
        int[] runs = {0};
        run(() -> supervised().run(() -> {
            if (++runs[0] < 5) {
                throw new IllegalStateException("no " + runs[0] / 3);
            }
        }, () -> false));
        assertEquals(5, runs[0]);
        assertEquals(List.of(
                "the clock failed and was restarted: java.lang.IllegalStateException: no 0",
                "the clock failed and was restarted: java.lang.IllegalStateException: no 1"), told);
    }

    @Test
    void errorIsNoOtherThanAnException() {
        int[] runs = {0};
        run(() -> supervised().run(() -> {
            if (++runs[0] == 1) {
                throw new OutOfMemoryError("planted");
            }
        }, () -> false));
        assertEquals(2, runs[0]);
        assertEquals(1, told.size());
    }

    @Test
    void failureAfterTheEndOfItsOwnerIsTheEndAndIsNotTold() {
        int[] runs = {0};
        run(() -> supervised().run(() -> {
            throw new IllegalStateException(++runs[0] == 3 ? "the end" : "before");
        }, () -> runs[0] == 3));
        assertEquals(3, runs[0]);
        assertEquals(List.of("the clock failed and was restarted: java.lang.IllegalStateException: before"), told);
    }

    @Test
    void cancelEndsItAndIsNotTold() {
        run(() -> {
            Task<Void> task = Heddle.spawn(() -> supervised().run(() -> {
                Heddle.sleep(Duration.ofDays(1));
            }, () -> false));
            Heddle.sleep(Duration.ofMillis(5));
            task.cancel("enough");
            task.awaitOutcome();
            assertTrue(task.isDone());
        });
        assertEquals(List.of(), told);
    }

    @Test
    void whatIsNoFailureIsNotTold() {
        int[] runs = {0};
        run(() -> supervised().run(() -> {
            if (++runs[0] < 3) {
                throw new UnsupportedOperationException("out of reach");
            }
        }, () -> false));
        assertEquals(3, runs[0]);
        assertEquals(List.of(), told);
    }

    private void run(Runnable body) {
        Config config = Config.DEFAULT.withSignals(false).withFailureHandler(
                (what, failure) -> told.add(failure.getMessage() + ": " + failure.getCause()));
        Heddle.run(config, body::run);
    }

    private static Supervised supervised() {
        return new Supervised("the clock", SOON, UnsupportedOperationException.class::isInstance);
    }
}
