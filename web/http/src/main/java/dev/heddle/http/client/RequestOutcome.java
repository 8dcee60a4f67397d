package dev.heddle.http.client;

import dev.heddle.CancelledException;
import dev.heddle.Outcome;

/**
 * The outcome of one request of many: its reply, whose body has been read into memory, or its failure.
 *
 * <p>Threads: any, one at a time.
 *
 * @param request what was sent
 * @param outcome the reply, a failure, or a cancel when the time for all was over before
 */
public record RequestOutcome(ClientRequest request, Outcome<Reply> outcome) {

    /**
     * Sends a request and reads the reply into memory, up to {@link ClientLimits#maxBodyBytes()}. What goes wrong is
     * told in the result; a status that is no success is a reply like any other.
     *
     * <p>A method reference to it fits the mappings of a task pool: {@code pool.imapUnordered(requests,
     * RequestOutcome::of)} gives the results one by one to a {@code for} loop.
     *
     * @throws CancelledException if the enclosing scope is cancelled; nothing of the reply is kept
     */
    public static RequestOutcome of(ClientRequest request) {
        try {
            return new RequestOutcome(request, new Outcome.Success<>(request.send().inMemory()));
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            return new RequestOutcome(request, new Outcome.Failure<>(e));
        }
    }

    /** Whether there is a reply, whatever its status. */
    public boolean isAnswered() {
        return outcome instanceof Outcome.Success;
    }

    /** The reply, or the failure thrown as {@link Outcome#get()} does. */
    public Reply reply() {
        return outcome.get();
    }
}
