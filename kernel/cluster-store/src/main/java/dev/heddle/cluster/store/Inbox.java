package dev.heddle.cluster.store;

import dev.heddle.Promise;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The transactional inbox of a cluster on a database: a table into which programs put rows within transactions of their
 * own, and out of which nodes move them into the store. So a row is there if, and only if, what the same transaction has
 * written is there too (the pattern is known as the transactional outbox).
 *
 * <pre>
 *   put, in a transaction of the caller ── commit ──▶ in the inbox ── drain ──▶ in the store
 *                                     └── rollback                        └───▶ dropped, if the store refuses it
 * </pre>
 *
 * <p>Threads: any. {@link #put} blocks; the other calls do not wait.
 */
public interface Inbox {

    /** Most rows that one call of {@link #drain} moves. */
    int MAX_ROWS = 150;

    /**
     * Puts rows into the inbox, within the transaction that the connection is in. Leaves the connection as it is: it
     * ends no transaction and changes no setting. Works also while the session is silent, and when it is over.
     *
     * <p>Where the connection commits each statement by itself, up to {@value #MAX_INSERT} rows are one statement; on
     * PostgreSQL all of them.
     *
     * <p>Blocks; heeds no cancel.
     *
     * @param connection to the database of the cluster, by whatever pool or proxy
     * @throws StoreUnavailableException if the database refuses; its cause is the {@link java.sql.SQLException}
     */
    void put(Connection connection, List<InboxRow> rows);

    /** Most rows that {@link #put} inserts by one statement. */
    int MAX_INSERT = 1_000;

    /**
     * Moves the next rows of a topic into the store in one transaction: those of the highest priority first, then those
     * that were put first. Each row's operations are a commit of their own, as of this session; the row goes with it,
     * also if it is refused.
     *
     * <p>The promise fails with {@link StoreUnavailableException} if the database does not answer or refuses, and with
     * {@link SessionLostException} if the session is over. All of the rows were moved then, or none: drain again.
     *
     * @param maxRows at least 1; at most {@value #MAX_ROWS} are moved
     * @param maxBytes most bytes of their payloads together
     * @param commit the operations that a row becomes, see {@link Store#commit}; called on a thread of the store,
     *     several times if the transaction is tried again
     */
    Promise<Drained> drain(String topic, int maxRows, long maxBytes, Function<? super InboxRow, List<Op>> commit);

    /**
     * Moves the first row that has an id, as {@link #drain} does, whatever is before it.
     *
     * @return how many rows were moved: 1, or 0 if there is none, or it was refused
     */
    Promise<Drained> drain(String topic, String id, Function<? super InboxRow, List<Op>> commit);

    /** The first row that has an id; fails as {@link Store#read} does. */
    Promise<Optional<InboxRow>> find(String topic, String id);

    /**
     * Calls a listener when rows of a topic may have come, on a thread of the store; it must not wait. It is also called
     * when there are none, and a call may be missed where somebody has taken the table's trigger away.
     */
    void onNews(String topic, Runnable listener);

    /**
     * What has become of some rows.
     *
     * @param moved rows whose operations took place
     * @param refused rows that were dropped, since the store refused their operations
     * @param more whether there are more rows of the topic
     * @param stamp of the last operation; 0 if there is none
     */
    record Drained(int moved, int refused, boolean more, long stamp) {

        /** Nothing was there. */
        public static final Drained NOTHING = new Drained(0, 0, false, 0);
    }
}
