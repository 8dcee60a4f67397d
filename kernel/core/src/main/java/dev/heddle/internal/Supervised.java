package dev.heddle.internal;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A service that goes on by itself, in a task that nobody joins. What fails in it is told to the loop's failure handler
 * by the service's name, each failure once in a row, and it begins anew after a back-off. So none ends in silence.
 *
 * <p>Threads: tasks of one loop.
 */
public final class Supervised {

    /** A service that has not failed for so long is well again: what fails then is told, also if it did before. */
    private static final Duration WELL = Duration.ofMinutes(5);

    /** Different failures that are remembered as told. */
    private static final int MAX_TOLD = 100;

    /** Characters by which a failure is known from others. */
    private static final int MAX_TEXT = 1_000;

    private final String name;
    private final Backoff backoff;
    private final Predicate<? super Throwable> untold;
    private final Set<String> told = new HashSet<>();
    private int failures;
    private long failedNanos;

    /**
     * @param name for people
     * @param untold what is no failure of the service, as that who it asks is out of reach: it begins anew all the same
     */
    public Supervised(String name, Backoff backoff, Predicate<? super Throwable> untold) {
        this.name = name;
        this.backoff = backoff;
        this.untold = untold;
    }

    /**
     * Runs a body to its end, and anew after each failure.
     *
     * <p>Cancellation: reaches the body, and ends it.
     *
     * @param over whether the owner has ended; then a failure is the end, and is not told
     */
    public void run(Action body, BooleanSupplier over) {
        while (true) {
            try {
                body.run();
                return;
            } catch (Throwable e) { // whatever it is, the service is to go on
                throwIfCancelled(e);
                if (over.getAsBoolean()) {
                    return;
                }
                Heddle.sleep(failed(e));
            }
        }
    }

    /** {@link #failed(String, Throwable)} of the service as a whole. */
    public Duration failed(Throwable failure) {
        return failed(name, failure);
    }

    /**
     * Tells of a failure, unless it was told already.
     *
     * <p>Cancellation: the failure of a cancelled task is that it was cancelled, which is thrown.
     *
     * @param what the part of the service that has failed
     * @return how long to wait before the next try
     */
    public Duration failed(String what, Throwable failure) {
        throwIfCancelled(failure);
        long now = Heddle.currentLoop().nanoTime();
        if (failures > 0 && now - failedNanos > WELL.toNanos()) {
            failures = 0;
            told.clear();
        }
        failedNanos = now;
        failures++;
        if (!untold.test(failure)) {
            tell(what, failure);
        }
        return backoff.delay(failures);
    }

    /** A cancel carries the failures of clean-up with it, so it is the body's own that passes on. */
    private static void throwIfCancelled(Throwable failure) {
        try {
            CancelScope.throwIfCancelled();
        } catch (CancelledException cancel) {
            throw failure instanceof CancelledException own ? own : cancel;
        }
    }

    private void tell(String what, Throwable failure) {
        if (told.size() == MAX_TOLD) {
            told.clear();
        }
        String text = Throwables.text(what, failure);
        if (told.add(text.substring(0, Math.min(text.length(), MAX_TEXT)))) {
            tell(Heddle.currentLoop(), new HeddleException(what + " failed and was restarted", failure));
        }
    }

    /** Tells the failure handler of a loop. */
    public static void tell(Loop loop, HeddleException news) {
        try {
            loop.callFromThread(() -> {
                throw news;
            });
        } catch (IllegalStateException ended) {
            FailureHandler.LOG.failed(loop.name() + " has ended before it was told", news);
        }
    }
}
