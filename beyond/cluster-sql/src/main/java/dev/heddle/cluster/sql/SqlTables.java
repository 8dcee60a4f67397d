package dev.heddle.cluster.sql;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.WatchEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of one cluster. Each method is a few statements, for one thread at a time. */
final class SqlTables {

    /** Stamps of changes that are kept for watches. */
    static final long HISTORY = 10_000;

    /** Stamps whose changes are forgotten together. */
    private static final long FORGOTTEN_TOGETHER = 100;

    /** Stamps whose changes are read at a time. */
    static final long PAGE = 256;

    private final SqlDialect dialect;
    private final SqlSchema schema;
    private final String cluster;

    SqlTables(SqlDialect dialect, String cluster) {
        this.dialect = dialect;
        this.schema = new SqlSchema(dialect);
        this.cluster = cluster;
    }

    String cluster() {
        return cluster;
    }

    /**
     * How far a cluster has come, or a session has seen it.
     *
     * @param server which has the cluster
     * @param before the server before it
     * @param turned the last stamp that this one has of the one before
     */
    record Mark(long stamp, String server, String before, long turned) {

        /**
         * The mark of a session that has seen another one.
         *
         * @param floor the stamp that must be there
         * @throws StoreIsGone if what the session has seen is not there any more, or never was
         */
        Mark and(Mark next, long floor) {
            boolean isSame = next.server.equals(server);
            boolean isLate = !isSame && next.server.equals(before) && next.stamp <= turned;
            boolean goesOn = isSame || isLate || next.before.equals(server) && stamp <= next.turned;
            if (!goesOn || next.stamp < floor) {
                throw new StoreIsGone("the database has gone back from stamp " + Math.max(stamp, floor) + " to "
                        + Math.min(next.stamp, next.turned) + ": it was restored, or a standby without the last"
                        + " transactions was promoted");
            }
            return (isLate ? this : next).at(Math.max(stamp, next.stamp));
        }

        Mark at(long other) {
            return new Mark(other, server, before, turned);
        }
    }

    // ---- sessions ----

    /** Begins a session, and says how far the cluster has come. */
    Mark begin(SqlLine line, Session session) throws SQLException {
        line.update(schema.in("insert into S.clusters (name, stamp, forgotten, server, server_before,"
                + " turned) values (?, 0, 0, ?, '', 0) on conflict (name) do nothing"), cluster, line.server());
        line.update(
                schema.in("insert into S.sessions (id, cluster, timeout_millis, beat, applied, fence)"
                        + " values (?, ?, ?, 0, 0, 0) on conflict (id) do nothing"),
                session.id(), cluster, session.timeout().toMillis());
        return lock(line);
    }

    /** Shows that a session lives; false if it is over. */
    boolean beat(SqlLine line, long session) throws SQLException {
        return line.update(schema.in("update S.sessions set beat = beat + 1 where id = ?"), session) == 1;
    }

    /**
     * A session that lived as this was read.
     *
     * @param beat rises while it lives
     */
    record Beat(long session, long timeoutMillis, long beat) {}

    List<Beat> beats(SqlLine line) throws SQLException {
        PreparedStatement query = line
                .prepare(schema.in("select id, timeout_millis, beat from S.sessions where cluster = ?"));
        query.setString(1, cluster);
        List<Beat> found = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(new Beat(rows.getLong(1), rows.getLong(2), rows.getLong(3)));
            }
        }
        return found;
    }

    /**
     * Lets no group of commits before this one take place any more, and says which was the last that has; -1 if the
     * session is over. In a transaction, since it waits for one of theirs.
     */
    long fence(SqlLine line, long session, long attempt) throws SQLException {
        PreparedStatement query = line
                .prepare(schema.in("select applied from S.sessions where id = ?") + dialect.forUpdate());
        query.setLong(1, session);
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                return -1;
            }
            long applied = rows.getLong(1);
            line.update(schema.in("update S.sessions set beat = beat + 1, fence = ? where id = ? and fence < ?"),
                    attempt, session, attempt);
            return applied;
        }
    }

    /** Says that a group of commits takes place, unless the session is over or has fenced it off. */
    boolean apply(SqlLine line, long session, long attempt) throws SQLException {
        return line.update(
                schema.in(
                        "update S.sessions set beat = beat + 1, applied = ? where id = ? and fence < ? and applied < ?"),
                attempt, session, attempt, attempt) == 1;
    }

    boolean isThere(SqlLine line, long session) throws SQLException {
        PreparedStatement query = line.prepare(schema.in("select 1 from S.sessions where id = ?"));
        query.setLong(1, session);
        try (ResultSet rows = query.executeQuery()) {
            return rows.next();
        }
    }

    /**
     * Ends a session and takes its entries, in a transaction.
     *
     * @param ifBeat what it must have shown last; -1 for whatever it was
     */
    void end(SqlLine line, long session, long ifBeat) throws SQLException {
        long stamp = lock(line).stamp();
        int ended = line.update(schema.in("delete from S.sessions where id = ? and (? = -1 or beat = ?)"), session,
                ifBeat, ifBeat);
        if (ended == 0) {
            return;
        }
        PreparedStatement query = line.prepare(
                schema.in("select directory, name from S.entries where owner = ? and owner <> 0 and cluster = ?"));
        SqlLine.set(query, 1, session, cluster);
        List<WatchEvent.Changed> gone = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                gone.add(new WatchEvent.Changed(new Key(rows.getString(1), rows.getString(2)), stamp + 1, true));
            }
        }
        if (!gone.isEmpty()) {
            deleteAll(line, gone.stream().map(WatchEvent.Changed::key).toList());
            raise(line, stamp, stamp + 1, gone);
        }
    }

    // ---- changes, in transactions ----

    /**
     * How far the cluster has come, which stays until this transaction ends: so stamps rise in the order of commits. The
     * first who locks it on another server notes up to where that goes on.
     */
    Mark lock(SqlLine line) throws SQLException {
        PreparedStatement query = line.prepare(
                schema.in("select stamp, server, server_before, turned from S.clusters where name = ?")
                        + dialect.forUpdate());
        query.setString(1, cluster);
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw isGone();
            }
            Mark mark = mark(rows);
            if (line.server().isEmpty() || line.server().equals(mark.server)) {
                return mark;
            }
            line.update(schema.in("update S.clusters set server = ?, server_before = ?, turned = ? where name = ?"),
                    line.server(), mark.server, mark.stamp, cluster);
            return new Mark(mark.stamp, line.server(), mark.server, mark.stamp);
        }
    }

    private StoreIsGone isGone() {
        return new StoreIsGone("the row of cluster " + cluster + " is gone");
    }

    private static Mark mark(ResultSet rows) throws SQLException {
        return new Mark(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getLong(4));
    }

    /** Entries as they are, without their values. */
    Map<Key, Entry> look(SqlLine line, Collection<Key> keys) throws SQLException {
        // Few lengths, so that few statements are kept.
        int places = Math.max(1, Integer.highestOneBit(2 * keys.size() - 1));
        PreparedStatement query = line.prepare(schema.in("select e.directory, e.name, e.version, e.created, e.changed,"
                + " e.owner from (values (?, ?)" + ", (?, ?)".repeat(places - 1) + ") as k join S.entries e"
                + " on e.cluster = ? and e.directory = k.column1 and e.name = k.column2"));
        int place = 1;
        Key last = new Key(cluster, cluster);
        for (Key key : keys) {
            SqlLine.set(query, place, key.directory(), key.name());
            place += 2;
            last = key;
        }
        for (; place <= 2 * places; place += 2) {
            SqlLine.set(query, place, last.directory(), last.name());
        }
        query.setString(place, cluster);
        Map<Key, Entry> found = new HashMap<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Key key = new Key(rows.getString(1), rows.getString(2));
                found.put(key, new Entry(key, Bytes.EMPTY, rows.getLong(3), rows.getLong(4), rows.getLong(5),
                        rows.getLong(6)));
            }
        }
        return found;
    }

    void putAll(SqlLine line, Collection<Entry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        PreparedStatement put = line.prepare(schema.in("insert into S.entries"
                + " (cluster, directory, name, value, version, created, changed, owner)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (cluster, directory, name) do update set value = excluded.value,"
                + " version = excluded.version, created = excluded.created, changed = excluded.changed,"
                + " owner = excluded.owner"));
        for (Entry each : entries) {
            SqlLine.set(put, 1, cluster, each.key().directory(), each.key().name(), each.value().toArray(),
                    each.version(), each.created(), each.changed(), each.owner());
            put.addBatch();
        }
        put.executeBatch();
    }

    void deleteAll(SqlLine line, Collection<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        PreparedStatement delete = line
                .prepare(schema.in("delete from S.entries where cluster = ? and directory = ? and name = ?"));
        for (Key key : keys) {
            SqlLine.set(delete, 1, cluster, key.directory(), key.name());
            delete.addBatch();
        }
        delete.executeBatch();
    }

    /** Raises the stamp, and keeps what has changed since. */
    void raise(SqlLine line, long before, long stamp, Collection<WatchEvent.Changed> changes) throws SQLException {
        if (!changes.isEmpty()) {
            PreparedStatement insert = line.prepare(schema.in("insert into S.changes"
                    + " (cluster, stamp, directory, name, deleted) values (?, ?, ?, ?, ?)"));
            for (WatchEvent.Changed each : changes) {
                SqlLine.set(insert, 1, cluster, each.stamp(), each.key().directory(), each.key().name(),
                        each.deleted() ? 1 : 0);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        if (before / FORGOTTEN_TOGETHER != stamp / FORGOTTEN_TOGETHER && stamp > HISTORY) {
            line.update(schema.in("delete from S.changes where cluster = ? and stamp <= ?"), cluster, stamp - HISTORY);
            line.update(schema.in("update S.clusters set forgotten = ? where name = ?"), stamp - HISTORY, cluster);
        }
        PreparedStatement raise = line
                .prepare(schema.in("update S.clusters set stamp = ? where name = ?") + dialect.andNotify());
        SqlLine.set(raise, 1, stamp, cluster);
        raise.execute();
    }

    // ---- reads ----

    /**
     * Entries at one stamp.
     *
     * @param entries by name
     */
    record Found(Mark mark, List<Entry> entries) {

        Optional<Entry> first() {
            return entries.stream().findFirst();
        }

        Listing listing() {
            return new Listing(entries, mark.stamp);
        }
    }

    private static final String FIND = "select c.stamp, c.server, c.server_before, c.turned, e.directory, e.name,"
            + " e.value, e.version, e.created, e.changed, e.owner from S.clusters c left join S.entries e on e.cluster = c.name and e.directory = ?";

    Found read(SqlLine line, Key key) throws SQLException {
        return find(line, FIND + " and e.name = ? where c.name = ?", key.directory(), key.name(), cluster);
    }

    Found list(SqlLine line, String directory) throws SQLException {
        return find(line, FIND + " where c.name = ? order by e.name", directory, cluster);
    }

    /** No entry at the stamp of now. */
    Found now(SqlLine line) throws SQLException {
        return find(line, FIND + " and e.name = '' where c.name = ?", "", cluster);
    }

    private Found find(SqlLine line, String sql, Object... values) throws SQLException {
        PreparedStatement query = line.prepare(schema.in(sql));
        SqlLine.set(query, 1, values);
        List<Entry> entries = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw isGone();
            }
            Mark mark = mark(rows);
            do {
                String name = rows.getString(6);
                if (name != null) {
                    entries.add(new Entry(new Key(rows.getString(5), name), Bytes.of(rows.getBytes(7)),
                            rows.getLong(8), rows.getLong(9), rows.getLong(10), rows.getLong(11)));
                }
            } while (rows.next());
            return new Found(mark, entries);
        }
    }

    /**
     * A piece of the history.
     *
     * @param mark how far the cluster has come
     * @param forgotten the last stamp that is not in the history any more
     * @param changes by stamp
     */
    record History(Mark mark, long forgotten, List<WatchEvent.Changed> changes) {}

    /** What has changed behind a stamp, up to {@value #PAGE} stamps on. */
    History history(SqlLine line, long after) throws SQLException {
        PreparedStatement query = line.prepare(schema.in("select c.stamp, c.server, c.server_before, c.turned,"
                + " c.forgotten, h.stamp, h.directory, h.name, h.deleted from S.clusters c left join S.changes h"
                + " on h.cluster = c.name and h.stamp > ? and h.stamp <= ? where c.name = ? order by h.stamp, h.directory, h.name"));
        SqlLine.set(query, 1, after, after + PAGE, cluster);
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw isGone();
            }
            Mark mark = mark(rows);
            long forgotten = rows.getLong(5);
            List<WatchEvent.Changed> changes = new ArrayList<>();
            do {
                String name = rows.getString(8);
                if (name != null) {
                    changes.add(new WatchEvent.Changed(
                            new Key(rows.getString(7), name), rows.getLong(6), rows.getLong(9) != 0));
                }
            } while (rows.next());
            return new History(mark, forgotten, changes);
        }
    }
}
