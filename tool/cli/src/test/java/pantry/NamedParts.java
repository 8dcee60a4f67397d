package pantry;

import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;

/** Parts that a user makes: only those that are made outside of Heddle's packages are shown. */
public record NamedParts(BoundedSemaphore semaphore, ConcurrencyLimiter limiter, Mutex mutex, Event event,
        Barrier barrier) {

    /** Two permits, one token, three parties. */
    public static NamedParts of(String name) {
        return new NamedParts(BoundedSemaphore.named(name, 2), ConcurrencyLimiter.named(name, 1), Mutex.named(name),
                Event.named(name), Barrier.named(name, 3));
    }
}
