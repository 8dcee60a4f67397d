package dev.heddle.cluster;

import dev.heddle.ClosedException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** The patience that a request of HTTP has with a map of the cluster. For any thread. */
final class RequestPatience {

    static final Duration USUAL = Duration.ofSeconds(5);

    private static final Duration RETRY = Duration.ofMillis(100);

    private final String what;
    private final ClusterMap map;
    private final Duration patience;

    /** Whether the last call had no answer. */
    private volatile boolean silent;

    /** @param what is out of reach then */
    RequestPatience(String what, ClusterMap map, Duration patience) {
        Checks.positive("patience", patience);
        this.what = what;
        this.map = map;
        this.patience = patience;
    }

    /**
     * The result of a body.
     *
     * @throws StatusException 503 if there is none in time, with the cause; the first in a row is told to the failure log
     */
    <T> T answered(Callable<T> body) {
        var cause = new AtomicReference<RuntimeException>();
        try {
            Optional<T> result = Heddle.moveOnAfter(patience, () -> tried(body, cause));
            if (result.isPresent()) {
                silent = false;
                return result.get();
            }
        } catch (OutcomeUnknownException | ClosedException e) {
            cause.set(e);
        }
        var failure = new StatusException(
                503, what + " are out of reach, try again soon", Headers.of("Retry-After", "5"));
        RuntimeException known = cause.get();
        failure.initCause(known != null
                ? known
                : new StoreUnavailableException("the store has not answered for " + patience.toMillis() + " ms"));
        if (!silent) {
            silent = true;
            FailureHandler.LOG.failed(what + " in " + map, failure);
        }
        throw failure;
    }

    /** Tries again where nothing was changed: a store that another server begins to lead is silent for a moment. */
    private static <T> T tried(Callable<T> body, AtomicReference<RuntimeException> cause) throws Exception {
        while (true) {
            try {
                return body.call();
            } catch (StoreUnavailableException | SessionLostException e) {
                cause.set(e);
                Heddle.sleep(RETRY);
            }
        }
    }
}
