package dev.heddle.observe.internal;

import dev.heddle.internal.sight.Part;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a part that is asked, but is not waited for for long: a comparator of users may hold its lock for ever. A virtual
 * thread of the JDK's own asks, and the next one only when that has come back.
 *
 * @param view null if the part is over, gone, or does not answer
 * @param late whether it does not answer
 */
public record PartAnswer(Part.@Nullable View view, boolean late) {

    /** How long a part is waited for. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Who still asks, by the number of the part. */
    private static final Map<Long, Thread> ASKING = new ConcurrentHashMap<>();

    /** Asks a part. */
    public static PartAnswer of(Part<?> part, Duration patience) {
        return of(part, patience, part::view);
    }

    /**
     * Asks a part in another way.
     *
     * @param how empty for nothing
     */
    public static PartAnswer of(Part<?> part, Duration patience, Supplier<Optional<Part.View>> how) {
        Thread before = ASKING.get(part.id());
        if (before != null && before.isAlive()) {
            return new PartAnswer(null, true);
        }
        ASKING.remove(part.id());
        var asked = new FutureTask<>(() -> how.get().orElse(null));
        Thread thread = Thread.ofVirtual().name("heddle-observe part " + part.id()).start(asked);
        try {
            return new PartAnswer(asked.get(patience.toNanos(), TimeUnit.NANOSECONDS), false);
        } catch (TimeoutException e) {
            ASKING.put(part.id(), thread);
            return new PartAnswer(null, true);
        } catch (ExecutionException e) {
            throw new IllegalStateException(part + " cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PartAnswer(null, true);
        }
    }
}
