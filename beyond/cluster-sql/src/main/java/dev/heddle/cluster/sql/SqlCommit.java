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
    private final List<List<Op>> group;
    private final List<CommitOutcome> outcomes = new ArrayList<>();
    private SqlTables.Mark mark;

    /**
     * @param attempt a number that the session has given nothing else
     * @param seen how far the session has seen the cluster
     */
    SqlCommit(SqlTables tables, long session, long attempt, SqlTables.Mark seen, List<List<Op>> group) {
        this.tables = tables;
        this.session = session;
        this.attempt = attempt;
        this.seen = seen;
        this.mark = seen;
        this.group = group;
    }

    long attempt() {
        return attempt;
    }

    /** What has become of each, if the transaction has taken place. */
    List<CommitOutcome> outcomes() {
        return outcomes;
    }

    /** How far the cluster has come with it. */
    SqlTables.Mark mark() {
        return mark;
    }

    /** Makes the changes; false if the session has fenced them off, and nothing has changed. */
    @Override
    public Boolean on(SqlLine line) throws SQLException {
        SqlTables.Mark locked = tables.lock(line);
        var _ = seen.and(locked, seen.stamp());
        long before = locked.stamp();
        if (!tables.apply(line, session, attempt)) {
            if (tables.isThere(line, session)) {
                return false;
            }
            throw new StoreIsGone("another node has ended it");
        }
        Set<Key> keys = new LinkedHashSet<>();
        group.forEach(ops -> ops.forEach(op -> keys.add(op.key())));
        Map<Key, Entry> found = tables.look(line, keys);
        StoreTree tree = new StoreTree(before, found.values());
        List<WatchEvent.Changed> changes = new ArrayList<>();
        for (List<Op> ops : group) {
            CommitOutcome outcome = tree.commit(session, ops);
            outcomes.add(outcome);
            if (outcome instanceof CommitOutcome.Committed(long at)) {
                changes.addAll(StoreTree.changes(ops, at));
            }
        }
        mark = locked.at(tree.stamp());
        if (mark.stamp() > before) {
            write(line, tree, before, keys, found);
            tables.raise(line, before, mark.stamp(), changes);
        }
        return true;
    }

    private void write(SqlLine line, StoreTree tree, long before, Set<Key> keys, Map<Key, Entry> found)
            throws SQLException {
        List<Entry> put = new ArrayList<>();
        List<Key> gone = new ArrayList<>();
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
        tables.putAll(line, put);
        tables.deleteAll(line, gone);
    }
}
