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
    private final SqlTables.Mark seen;
    private final Source source;
    private final List<CommitOutcome> outcomes = new ArrayList<>();
    private final List<Entry> put = new ArrayList<>();
    private final List<Key> gone = new ArrayList<>();
    private final List<WatchEvent.Changed> changes = new ArrayList<>();
    private long before;
    private SqlTables.Mark mark;

    /** Where the commits of a group come from. */
    interface Source {

        /** The keys that they are about, as far as that is known before. */
        default Set<Key> keys() {
            return Set.of();
        }

        /** The operations of each commit; called anew when the transaction is tried again. */
        List<List<Op>> read(SqlLine line) throws SQLException;

        /** Called in the same transaction before the changes are written. */
        default void finish(SqlLine line) throws SQLException {}
    }

    /** Commits that are known. */
    record Known(List<List<Op>> group, Set<Key> keys) implements Source {

        static Known of(List<List<Op>> group) {
            return new Known(group, keysOf(group));
        }

        @Override
        public List<List<Op>> read(SqlLine line) {
            return group;
        }
    }

    /**
     * @param attempt a number that the session has given nothing else
     * @param seen how far the session has seen the cluster
     */
    SqlCommit(SqlTables tables, long session, long attempt, SqlTables.Mark seen, Source source) {
        this.tables = tables;
        this.session = session;
        this.attempt = attempt;
        this.seen = seen;
        this.mark = seen;
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

    /** How far the cluster has come with it. */
    SqlTables.Mark mark() {
        return mark;
    }

    /** The stamp behind it. */
    long stamp() {
        return mark.stamp();
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
        SqlTables.Begun begun = tables.begin(line, session, attempt, source.keys());
        if (begun == null) {
            var _ = tables.lock(line);
            if (tables.isThere(line, session)) {
                return false;
            }
            throw new StoreIsGone("another node has ended it");
        }
        var _ = seen.and(begun.mark(), seen.stamp());
        before = begun.mark().stamp();
        List<List<Op>> group = source.read(line);
        Set<Key> keys = keysOf(group);
        Map<Key, Entry> found = keys.equals(source.keys()) ? begun.found() : tables.look(line, keys);
        StoreTree tree = new StoreTree(before, found.values());
        for (List<Op> ops : group) {
            CommitOutcome outcome = tree.commit(session, ops);
            outcomes.add(outcome);
            if (outcome instanceof CommitOutcome.Committed(long at)) {
                changes.addAll(StoreTree.changes(ops, at));
            }
        }
        source.finish(line);
        mark = begun.mark().at(tree.stamp());
        if (mark.stamp() > before) {
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
            tables.write(line, before, mark.stamp(), put, gone, changes);
        }
        return true;
    }

    private static Set<Key> keysOf(List<List<Op>> group) {
        Set<Key> keys = new LinkedHashSet<>();
        group.forEach(ops -> ops.forEach(op -> keys.add(op.key())));
        return keys;
    }
}
