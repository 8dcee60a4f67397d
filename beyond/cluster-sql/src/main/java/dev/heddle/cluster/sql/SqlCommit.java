package dev.heddle.cluster.sql;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A group of commits of a session in one transaction, which is one write to the disk for all. Each has a stamp of its
 * own, or is refused by itself.
 *
 * <p>The row of the cluster is locked first: all commits of a cluster come one after another, so that their stamps rise
 * in the order in which others see them. A sequence would not do, since a transaction with a lower number may end
 * later. The row of the session says which groups have taken place: one whose answer is lost is asked for there.
 */
final class SqlCommit implements SqlLine.Work<Boolean> {

    private final SqlTables tables;
    private final long session;
    private final long attempt;
    private final long floor;
    private final Source source;
    private final List<CommitOutcome> outcomes = new ArrayList<>();
    private final List<Entry> put = new ArrayList<>();
    private final List<Key> gone = new ArrayList<>();
    private final List<WatchEvent.Changed> changes = new ArrayList<>();
    private long before;
    private long stamp;

    /** Where the commits of a group come from. */
    interface Source {

        /** The operations of each commit; called anew when the transaction is tried again. */
        List<List<Op>> read(SqlLine line) throws SQLException;

        /** Called in the same transaction when the changes are written. */
        default void wrote(SqlLine line) throws SQLException {}
    }

    /**
     * @param attempt a number that the session has given nothing else
     * @param floor the newest stamp that the session has seen
     */
    SqlCommit(SqlTables tables, long session, long attempt, long floor, Source source) {
        this.tables = tables;
        this.session = session;
        this.attempt = attempt;
        this.floor = floor;
        this.source = source;
    }

    long attempt() {
        return attempt;
    }

    /** What has become of each, if the transaction has taken place. */
    List<CommitOutcome> outcomes() {
        return outcomes;
    }

    /** The stamp before it. */
    long before() {
        return before;
    }

    /** The stamp behind it. */
    long stamp() {
        return stamp;
    }

    /** What it has changed, by stamp. */
    List<WatchEvent.Changed> changes() {
        return changes;
    }

    /** The entries that it has left. */
    List<Entry> put() {
        return put;
    }

    /** The entries that it has taken away. */
    List<Key> gone() {
        return gone;
    }

    /** Makes the changes; false if the session has fenced them off, and nothing has changed. */
    @Override
    public Boolean on(SqlLine line) throws SQLException {
        before = tables.begin(line, session, attempt);
        if (before == SqlTables.NOT_BEGUN) {
            before = tables.lock(line);
            if (tables.isThere(line, session)) {
                return false;
            }
            throw new StoreIsGone("another node has ended it");
        }
        if (before < floor) {
            throw wentBack(floor, before);
        }
        List<List<Op>> group = source.read(line);
        Set<Key> keys = new LinkedHashSet<>();
        group.forEach(ops -> ops.forEach(op -> keys.add(op.key())));
        Map<Key, Entry> found = keys.isEmpty() ? Map.of() : tables.look(line, keys);
        StoreTree tree = new StoreTree(before, found.values());
        for (List<Op> ops : group) {
            CommitOutcome outcome = tree.commit(session, ops);
            outcomes.add(outcome);
            if (outcome instanceof CommitOutcome.Committed(long at)) {
                changes.addAll(StoreTree.changes(ops, at));
            }
        }
        stamp = tree.stamp();
        if (stamp > before) {
            for (Key key : keys) {
                tree.read(key).ifPresentOrElse(entry -> {
                    if (entry.changed() > before) {
                        put.add(entry);
                    }
                }, () -> {
                    if (found.containsKey(key)) {
                        gone.add(key);
                    }
                });
            }
            tables.write(line, before, stamp, put, gone, changes);
        }
        source.wrote(line);
        return true;
    }

    /** Says that the database is not the one, or has lost what it had. */
    static StoreIsGone wentBack(long floor, long stamp) {
        return new StoreIsGone("the database has gone back from stamp " + floor + " to " + stamp
                + ": it was restored, or a standby without the last transactions was promoted");
    }
}
