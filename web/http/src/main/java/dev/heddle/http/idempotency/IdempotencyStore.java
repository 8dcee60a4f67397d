package dev.heddle.http.idempotency;

import dev.heddle.http.StatusException;
import java.time.Duration;

/**
 * The store of what became of the requests of {@link IdempotencyKeys}. There is one in memory here; programs on several
 * machines have one over what they share, such as a table with the key as its primary key.
 *
 * <p>Keys are 43 characters of {@code A-Z a-z 0-9 - _}: hashes, which tell nothing. Outcomes are bytes that only {@link
 * IdempotencyKeys} understands, and hold what was answered.
 *
 * <p>Calls may wait; a cancelled one has done all of its work or nothing.
 *
 * <p>Threads: tasks of all loops that serve. To test a store, put it under {@link IdempotencyKeys} and send a request
 * twice.
 */
public interface IdempotencyStore {

    /** The claim to a key: what somebody finds who wants to begin. */
    sealed interface Claim {

        /** Nobody has had the key: it is the caller's now, who ends it by {@link #finish} or {@link #release}. */
        record Granted() implements Claim {}

        /** Somebody else has it, and has not ended yet. */
        record UnderWay() implements Claim {}

        /**
         * It has ended.
         *
         * @param outcome as {@link #finish} got it
         */
        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Ended(byte[] outcome) implements Claim {}
    }

    /**
     * Takes a key if nobody has it. Of two that come at once one is granted.
     *
     * @param longest how long the caller may have it at most. A store that outlives its callers gives it to the next one
     *     then, since the caller must have died; one in their memory need not
     * @throws StatusException 503 if there is no room, or the store is out of reach
     */
    Claim begin(String key, Duration longest);

    /**
     * Keeps what became of a request whose key was granted.
     *
     * @param outcome of at most {@link #maxOutcomeBytes}
     * @param timeToLive how long from now on
     */
    void finish(String key, byte[] outcome, Duration timeToLive);

    /** Gives a granted key back, as if nobody had had it. */
    void release(String key);

    /** Longest outcome, at least 100 bytes; of a longer one only that it was there is kept. */
    int maxOutcomeBytes();

    /**
     * A store in the memory of this process, for one server that may forget when it starts again.
     *
     * @param maxBytes most bytes of keys and outcomes, of which one takes at most an eighth; at least 1,000. Beyond them the
     *     outcome that was kept first is forgotten before its time; never what is under way, so 503 if that fills it
     */
    static IdempotencyStore inMemory(long maxBytes) {
        return new MemoryIdempotencyStore(maxBytes);
    }
}
