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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of one cluster. Each method is a few statements, for one thread at a time. */
final class SqlTables {

    /** Stamps of changes that are kept for watches. */
    static final long HISTORY = 10_000;

    /** Stamps whose changes are forgotten together. */
    private static final long FORGOTTEN_TOGETHER = 100;

    /** Stamps whose changes are read at a time. */
    static final long PAGE = 256;

    private static final String ON_CONFLICT = " on conflict (cluster, directory, name) do update set"
            + " value = excluded.value, version = excluded.version, created = excluded.created,"
            + " changed = excluded.changed, owner = excluded.owner";

    /**
     * The entries of keys that are passed as two arrays, then the cluster. One after the other by the index, also where
     * the server knows nothing of a table that has just grown; the order of texts that are passed is not the index's.
     */
    private static final String EACH_KEY = "unnest(?, ?) as k (directory, name) cross join lateral (select FOUND"
            + " from S.entries where cluster = ? and directory = k.directory collate \"C\""
            + " and name = k.name collate \"C\" limit 1) as e";

    private static final String MARK = "c.stamp, c.server, c.server_before, c.turned";

    private static final char PUT = '+';

    private static final char GONE = '-';

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
            boolean goesOn = isSame || isLate || (next.before.equals(server) && stamp <= next.turned);
            if (!goesOn || next.stamp < floor) {
                throw new StoreIsGone("the database has gone back from stamp " + Math.max(stamp, floor) + " to "
                        + (goesOn ? next.stamp : Math.min(next.stamp, next.turned))
                        + ": it was restored, or a standby without the last transactions was promoted");
            }
            return (isLate ? this : next).at(Math.max(stamp, next.stamp));
        }

        Mark at(long other) {
            return new Mark(other, server, before, turned);
        }
    }

    // ---- sessions ----

    /**
     * Begins a session, and says how far the cluster has come.
     *
     * @param tries rises with each try: one before may have begun it without an answer, and others have counted since
     */
    Mark begin(SqlLine line, Session session, int tries) throws SQLException {
        line.update(schema.in("insert into S.clusters (name, stamp, forgotten, server, server_before, turned)"
                + " values (?, 0, 0, ?, '', 0) on conflict (name) do nothing"), cluster, line.server());
        line.update(
                schema.in("insert into S.sessions (id, cluster, timeout_millis, beat, applied, fence)"
                        + " values (?, ?, ?, 0, 0, 0) on conflict (id) do nothing"),
                session.id(), cluster, session.timeout().toMillis());
        line.update(schema.in("update S.sessions set beat = ? where id = ?"), tries, session.id());
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

    /**
     * A group of commits that takes place.
     *
     * @param mark how far the cluster has come, as {@link #lock}
     * @param found the entries of the keys, as {@link #look}
     */
    record Begun(Mark mark, Map<Key, Entry> found) {}

    /**
     * Locks the cluster, says that a group of commits takes place, unless the session is over or has fenced it off, and
     * looks at what it is about.
     *
     * @return null if it does not take place
     */
    @Nullable Begun begin(SqlLine line, long session, long attempt, Collection<Key> keys) throws SQLException {
        if (dialect.takesArrays()) {
            return beginAndLook(line, session, attempt, keys);
        }
        Mark mark = lock(line);
        return apply(line, session, attempt) ? new Begun(mark, look(line, keys)) : null;
    }

    /**
     * By one statement. What it finds is as old as its own first moment: if it had to wait for the lock, another may have
     * changed that, which shows in the stamp, and it looks again.
     */
    private @Nullable Begun beginAndLook(SqlLine line, long session, long attempt, Collection<Key> keys)
            throws SQLException {
        PreparedStatement begin = line.prepare(schema.in("with c as (select " + MARK + " from S.clusters c where"
                + " name = ? for update), s as (update S.sessions s set beat = beat + 1, applied = ? from c"
                + " where s.id = ? and s.fence < ? and s.applied < ? returning " + MARK + ")"
                + " select s.*, old.stamp, f.* from s cross join S.clusters old left join lateral"
                + " (select k.directory, k.name, e.version, e.created, e.changed, e.owner from "
                + EACH_KEY.replace("FOUND", "version, created, changed, owner") + ") as f on true where old.name = ?"));
        SqlLine.set(begin, 1, cluster, attempt, session, attempt, attempt);
        setKeys(line, begin, 6, keys);
        SqlLine.set(begin, 8, cluster, cluster);
        try (ResultSet rows = begin.executeQuery()) {
            if (!rows.next()) {
                return null;
            }
            Mark mark = mark(rows);
            boolean isOld = rows.getLong(5) != mark.stamp;
            Map<Key, Entry> found = new HashMap<>();
            do {
                if (rows.getString(6) != null) {
                    Entry entry = entry(rows, 6);
                    found.put(entry.key(), entry);
                }
            } while (rows.next());
            return new Begun(turned(line, mark), isOld ? look(line, keys) : found);
        }
    }

    private boolean apply(SqlLine line, long session, long attempt) throws SQLException {
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

    /** How far the cluster has come, which stays until this transaction ends: so stamps rise in the order of commits. */
    Mark lock(SqlLine line) throws SQLException {
        PreparedStatement query = line
                .prepare(schema.in("select " + MARK + " from S.clusters c where name = ?") + dialect.forUpdate());
        query.setString(1, cluster);
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw isGone();
            }
            return turned(line, mark(rows));
        }
    }

    /** The first who locks the cluster on another server notes up to where that goes on. */
    private Mark turned(SqlLine line, Mark mark) throws SQLException {
        if (line.server().isEmpty() || line.server().equals(mark.server)) {
            return mark;
        }
        line.update(schema.in("update S.clusters set server = ?, server_before = ?, turned = ? where name = ?"),
                line.server(), mark.server, mark.stamp, cluster);
        return new Mark(mark.stamp, line.server(), mark.server, mark.stamp);
    }

    private StoreIsGone isGone() {
        return new StoreIsGone("the row of cluster " + cluster + " is gone");
    }

    private static Mark mark(ResultSet rows) throws SQLException {
        return new Mark(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getLong(4));
    }

    /** Entries as they are, without their values. */
    Map<Key, Entry> look(SqlLine line, Collection<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return Map.of();
        }
        PreparedStatement query = dialect.takesArrays() ? lookByArrays(line, keys) : lookByRows(line, keys);
        Map<Key, Entry> found = new HashMap<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Entry entry = entry(rows, 1);
                found.put(entry.key(), entry);
            }
        }
        return found;
    }

    /** An entry without its value, whose key begins at a column. */
    private static Entry entry(ResultSet rows, int column) throws SQLException {
        return new Entry(new Key(rows.getString(column), rows.getString(column + 1)), Bytes.EMPTY,
                rows.getLong(column + 2), rows.getLong(column + 3), rows.getLong(column + 4),
                rows.getLong(column + 5));
    }

    private PreparedStatement lookByArrays(SqlLine line, Collection<Key> keys) throws SQLException {
        PreparedStatement query = line.prepare(schema.in("select k.directory, k.name, e.version, e.created, e.changed,"
                + " e.owner from " + EACH_KEY.replace("FOUND", "version, created, changed, owner")));
        setKeys(line, query, 1, keys);
        query.setString(3, cluster);
        return query;
    }

    private PreparedStatement lookByRows(SqlLine line, Collection<Key> keys) throws SQLException {
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
        return query;
    }

    private static void setKeys(SqlLine line, PreparedStatement statement, int place, Collection<Key> keys)
            throws SQLException {
        setTexts(line, statement, place, keys.stream().map(Key::directory));
        setTexts(line, statement, place + 1, keys.stream().map(Key::name));
    }

    private static void setTexts(SqlLine line, PreparedStatement statement, int place, Stream<String> texts)
            throws SQLException {
        statement.setArray(place, line.open().createArrayOf("text", texts.toArray()));
    }

    private static void setNumbers(SqlLine line, PreparedStatement statement, int place, Collection<Entry> entries,
            ToLongFunction<Entry> number) throws SQLException {
        statement.setArray(place, line.open().createArrayOf("bigint",
                entries.stream().map(each -> number.applyAsLong(each)).toArray()));
    }

    /** Writes what a group of commits has changed between two stamps, as the last thing in its transaction. */
    void write(SqlLine line, long before, long stamp, List<Entry> put, List<Key> gone,
            List<WatchEvent.Changed> changes) throws SQLException {
        if (dialect.takesArrays()) {
            forget(line, before, stamp);
            writeByArrays(line, stamp, put, gone, changes);
        } else {
            putAll(line, put);
            deleteAll(line, gone);
            raise(line, before, stamp, changes);
        }
    }

    /** All by one statement, and with the commit: a trip to the server for each would take longer than all that it does. */
    private void writeByArrays(SqlLine line, long stamp, List<Entry> put, List<Key> gone,
            List<WatchEvent.Changed> changes) throws SQLException {
        PreparedStatement write = line.prepare(schema.in("with put as (insert into S.entries"
                + " (cluster, directory, name, value, version, created, changed, owner)"
                + " select ?, e.* from unnest(?, ?, ?, ?, ?, ?, ?)"
                + " as e (directory, name, value, version, created, changed, owner)"
                + ON_CONFLICT + "), gone as (delete from S.entries where ctid = any (array(select e.ctid from "
                + EACH_KEY.replace("FOUND", "ctid") + "))), told as (insert into"
                + " S.changes (cluster, stamp, keys) select ?, h.* from unnest(?, ?) as h (stamp, keys))"
                + " update S.clusters set stamp = ? where name = ?") + dialect.andNotify() + "; commit");
        write.setString(1, cluster);
        setKeys(line, write, 2, put.stream().map(Entry::key).toList());
        write.setArray(4, line.open().createArrayOf("bytea",
                put.stream().map(each -> each.value().toArray()).toArray(byte[][]::new)));
        setNumbers(line, write, 5, put, Entry::version);
        setNumbers(line, write, 6, put, Entry::created);
        setNumbers(line, write, 7, put, Entry::changed);
        setNumbers(line, write, 8, put, Entry::owner);
        setKeys(line, write, 9, gone);
        SqlLine.set(write, 11, cluster, cluster);
        Map<Long, String> told = keysByStamp(changes);
        write.setArray(13, line.open().createArrayOf("bigint", told.keySet().toArray()));
        setTexts(line, write, 14, told.values().stream());
        SqlLine.set(write, 15, stamp, cluster);
        line.endBy(write);
    }

    /** A row of the history for each stamp: a line for each key, which begins with what has become of it. */
    private static Map<Long, String> keysByStamp(Collection<WatchEvent.Changed> changes) {
        Map<Long, StringBuilder> texts = new LinkedHashMap<>();
        for (WatchEvent.Changed each : changes) {
            StringBuilder text = texts.computeIfAbsent(each.stamp(), _ -> new StringBuilder());
            text.append(text.isEmpty() ? "" : "\n").append(each.deleted() ? GONE : PUT).append(each.key());
        }
        Map<Long, String> keys = new LinkedHashMap<>();
        texts.forEach((stamp, text) -> keys.put(stamp, text.toString()));
        return keys;
    }

    private static void readKeys(String keys, long stamp, List<WatchEvent.Changed> into) {
        keys.lines().forEach(line -> {
            int slash = line.lastIndexOf('/');
            boolean deleted = line.charAt(0) == GONE;
            if (slash < 0 || (!deleted && line.charAt(0) != PUT)) {
                throw new IllegalArgumentException("a change of the key " + line);
            }
            into.add(new WatchEvent.Changed(
                    new Key(line.substring(1, slash), line.substring(slash + 1)), stamp, deleted));
        });
    }

    private void forget(SqlLine line, long before, long stamp) throws SQLException {
        if (before / FORGOTTEN_TOGETHER != stamp / FORGOTTEN_TOGETHER && stamp > HISTORY) {
            line.update(schema.in("delete from S.changes where cluster = ? and stamp <= ?"), cluster, stamp - HISTORY);
            line.update(schema.in("update S.clusters set forgotten = ? where name = ?"), stamp - HISTORY, cluster);
        }
    }

    void putAll(SqlLine line, Collection<Entry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        PreparedStatement put = line.prepare(schema.in("insert into S.entries"
                + " (cluster, directory, name, value, version, created, changed, owner)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?)" + ON_CONFLICT));
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
            PreparedStatement insert = line
                    .prepare(schema.in("insert into S.changes (cluster, stamp, keys) values (?, ?, ?)"));
            for (Map.Entry<Long, String> each : keysByStamp(changes).entrySet()) {
                SqlLine.set(insert, 1, cluster, each.getKey(), each.getValue());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        forget(line, before, stamp);
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
    record Found(Mark mark, List<Entry> entries) implements Stamped {

        Optional<Entry> first() {
            return entries.stream().findFirst();
        }

        Listing listing() {
            return new Listing(entries, mark.stamp);
        }
    }

    private static final String FIND = "select " + MARK + ", e.directory, e.name, e.value, e.version, e.created,"
            + " e.changed, e.owner from S.clusters c left join S.entries e on e.cluster = c.name and e.directory = ?";

    /** What was true when the cluster had come so far. */
    interface Stamped {
        Mark mark();
    }

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
        PreparedStatement query = line.prepare(schema.in("select " + MARK + ", c.forgotten, h.stamp, h.keys"
                + " from S.clusters c left join S.changes h on h.cluster = c.name and h.stamp > ?"
                + " and h.stamp <= ? where c.name = ? order by h.stamp"));
        SqlLine.set(query, 1, after, after + PAGE, cluster);
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw isGone();
            }
            Mark mark = mark(rows);
            long forgotten = rows.getLong(5);
            List<WatchEvent.Changed> changes = new ArrayList<>();
            do {
                String keys = rows.getString(7);
                if (keys != null) {
                    readKeys(keys, rows.getLong(6), changes);
                }
            } while (rows.next());
            return new History(mark, forgotten, changes);
        }
    }
}
