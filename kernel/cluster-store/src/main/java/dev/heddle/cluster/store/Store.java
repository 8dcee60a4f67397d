package dev.heddle.cluster.store;

import dev.heddle.Promise;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One session with the engine of a cluster: a few kilobytes here and there that all nodes agree on.
 *
 * <p>The life of a session, see {@link #state()}:
 *
 * <pre>
 *                   ┌── no answer ──▶ Silent ──┐
 *   open ──▶ Connected ◀───── an answer ───────┤
 *                   └── the store took it, or close ──▶ Lost
 * </pre>
 *
 * <p>The rules that every store keeps stand in the {@linkplain dev.heddle.cluster.store package}.
 */
public interface Store extends AutoCloseable {

    /** The session, agreed on when it was opened. */
    Session session();

    /**
     * Changes several entries at once, or none.
     *
     * @param ops at most {@value StoreLimits#MAX_OPS}, each key at most once
     * @throws IllegalArgumentException if the commit is empty, too large, or names a key twice
     */
    Promise<CommitOutcome> commit(List<Op> ops);

    /**
     * An entry; empty if there is none. Fails with {@link StoreUnavailableException} if the store does not answer, and
     * with {@link SessionLostException} if the session is over.
     */
    Promise<Optional<Entry>> read(Key key, ReadConsistency freshness);

    /**
     * The entries of a directory; none if nothing was ever created in it. Fails as {@link #read} does.
     *
     * @param directory as {@link Key#directory()}
     */
    Promise<Listing> list(String directory, ReadConsistency freshness);

    /**
     * Tells of each change in a directory that is committed after the watch has been set. It is set when the promise is
     * complete; a listing that is asked for then, even a local one, together with the signals, misses nothing.
     *
     * <p>A commit has a signal for each entry, or one {@code Gap} for all. They may come one by one, but all of them
     * before the answer to a read, even a local one, that is asked for after the first. If the connection is lost
     * between, the rest or a {@code Gap} comes before the next one's first answer.
     */
    Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener);

    /** The table that transactions of others put rows into; empty where the engine is no database that has one. */
    default Optional<Inbox> inbox() {
        return Optional.empty();
    }

    /** The state of the session as far as it is known here. */
    StoreState state();

    /** Tells of each state that follows, the last of which is {@link StoreState.Lost}. */
    void onState(Consumer<? super StoreState> listener);

    /**
     * The time, as {@link dev.heddle.Loop#nanoTime()} counts it, at which the last call was sent that the store has
     * answered: until then, and for the timeout after it, the store takes the session for alive. A store makes small
     * calls of its own, so that a session that is idle is heard of at least each sixth of the timeout.
     */
    long heardAt();

    /**
     * Ends the session and waits until the store has given up its ephemeral entries, or at most for the timeout if the
     * store does not answer. Calls under way end with whatever is known of them. Does nothing if it is over. Never
     * throws; a cancelled call has sent the end of the session and does not wait for the answer.
     */
    @Override
    void close();
}
