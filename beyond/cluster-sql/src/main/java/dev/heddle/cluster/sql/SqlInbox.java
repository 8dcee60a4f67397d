package dev.heddle.cluster.sql;

import dev.heddle.Promise;
import dev.heddle.cluster.sql.SqlDialect.Column;
import dev.heddle.cluster.sql.SqlDialect.Content;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.internal.StoreTree;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inbox table of a cluster. Who inserts into it takes no lock that a node waits for: no key refers to the row of the
 * cluster, which each commit of a node locks.
 *
 * <p>A node deletes the rows in the transaction that puts their entries into the tree. It passes over rows that somebody
 * else has locked, as a person who deletes one, since it holds the lock of the cluster meanwhile.
 */
final class SqlInbox implements Inbox {

    /** Rows from which on it is worth another way of inserting them. */
    private static final int MANY = 50;

    private static final List<Column> COLUMNS = List.of(
            new Column("cluster", Content.TEXT), new Column("queue", Content.TEXT), new Column("name", Content.TEXT),
            new Column("payload", Content.BYTES), new Column("job", Content.TEXT),
            new Column("priority", Content.SMALL), new Column("options", Content.JSON));

    private final SqlSession session;
    private final SqlDialect dialect;
    private final SqlSchema schema;
    private final String cluster;
    private final String select;

    SqlInbox(SqlSession session, SqlDialect dialect, String cluster) {
        this.session = session;
        this.dialect = dialect;
        this.schema = new SqlSchema(dialect);
        this.cluster = cluster;
        this.select = schema
                .in("select " + (dialect.takesArrays() ? "cast(ctid as text)" : "id")
                        + ", job, name, payload, priority, cast(options as text), " + dialect.millis("at")
                        + " from S.inbox where cluster = ? and queue = ?");
    }

    // ---- by connections of others ----

    @Override
    public void put(Connection connection, List<InboxRow> rows) {
        List<Object[]> values = rows.stream().map(this::values).toList();
        try {
            if (values.size() >= MANY && dialect.copy(connection, schema.in("S.inbox"), COLUMNS, values)) {
                return;
            }
            for (int from = 0; from < values.size(); from += MAX_INSERT) {
                insert(connection, values.subList(from, Math.min(from + MAX_INSERT, values.size())));
            }
        } catch (SQLException e) {
            throw new StoreUnavailableException("nothing was put into the inbox of " + dialect + " by "
                    + nameOf(connection) + ": " + dialect.explainInsert(e) + " (" + e.getMessage() + ")", e);
        }
    }

    private Object[] values(InboxRow row) {
        return new Object[]{cluster, row.topic(), row.name(), row.payload().toArray(), row.id(), row.priority(),
                row.options()};
    }

    private void insert(Connection connection, List<Object[]> rows) throws SQLException {
        String names = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));
        String places = "(?, ?, ?, ?, ?, ?, cast(? as " + dialect.jsonType() + "))";
        try (PreparedStatement insert = connection.prepareStatement(schema.in("insert into S.inbox (" + names
                + ") values " + places) + (", " + places).repeat(rows.size() - 1))) {
            int first = 1;
            for (Object[] row : rows) {
                SqlLine.set(insert, first, row);
                first += row.length;
            }
            insert.executeUpdate();
        }
    }

    /** The connection without what may be a secret. */
    private static String nameOf(Connection connection) {
        try {
            String url = connection.getMetaData().getURL();
            int question = url.indexOf('?');
            return question < 0 ? url : url.substring(0, question);
        } catch (SQLException e) {
            return "a connection that is closed";
        }
    }

    // ---- by the node ----

    @Override
    public Promise<Drained> drain(
            String topic, int maxRows, long maxBytes, Function<? super InboxRow, List<Op>> commit) {
        return session.drain(new Drain(topic, null, Math.min(maxRows, MAX_ROWS), maxBytes, commit));
    }

    @Override
    public Promise<Drained> drain(String topic, String id, Function<? super InboxRow, List<Op>> commit) {
        return session.drain(new Drain(topic, id, 1, Long.MAX_VALUE, commit));
    }

    @Override
    public Promise<Optional<InboxRow>> find(String topic, String id) {
        return session.find(line -> next(line, topic, id, 1, "").stream().map(Placed::row).findFirst());
    }

    @Override
    public void onNews(String topic, Runnable listener) {
        session.onNews(topic, listener);
    }

    /** A row by its place in the table, which stays while it is locked. */
    private record Placed(String place, InboxRow row) {}

    /** The first rows of a topic, perhaps of one id. */
    private List<Placed> next(SqlLine line, String topic, @Nullable String id, int limit, String locking)
            throws SQLException {
        PreparedStatement query = line.prepare(select + (id == null ? "" : " and job = ?")
                + " order by priority desc, id limit " + limit + locking);
        SqlLine.set(query, 1, cluster, topic);
        if (id != null) {
            query.setString(3, id);
        }
        List<Placed> found = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(new Placed(rows.getString(1), new InboxRow(topic, rows.getString(2), rows.getString(3),
                        Bytes.of(rows.getBytes(4)), rows.getInt(5), rows.getString(6), rows.getLong(7))));
            }
        }
        return found;
    }

    /** The move of some rows into the tree, of one call of {@link Inbox#drain}. Its state is that of the last try. */
    final class Drain implements SqlCommit.Source {

        private final String topic;
        private final @Nullable String id;
        private final int maxRows;
        private final long maxBytes;
        private final Function<? super InboxRow, List<Op>> commit;
        private List<Placed> taken = List.of();
        private boolean more;

        private Drain(String topic, @Nullable String id, int maxRows, long maxBytes,
                Function<? super InboxRow, List<Op>> commit) {
            this.topic = topic;
            this.id = id;
            this.maxRows = maxRows;
            this.maxBytes = maxBytes;
            this.commit = commit;
        }

        /** Whether there is a row, perhaps. */
        boolean hasRows(SqlLine line) throws SQLException {
            return !next(line, topic, id, 1, "").isEmpty();
        }

        @Override
        public List<List<Op>> read(SqlLine line) throws SQLException {
            List<Placed> found = next(line, topic, id, maxRows + 1, dialect.forUpdateOfFree());
            taken = new ArrayList<>();
            long bytes = 0;
            for (Placed each : found) {
                bytes += each.row.payload().length();
                if (taken.size() == maxRows || bytes > maxBytes) {
                    break;
                }
                taken.add(each);
            }
            more = taken.size() < found.size();
            return taken.stream().map(each -> StoreTree.requireCommit(commit.apply(each.row))).toList();
        }

        @Override
        public void finish(SqlLine line) throws SQLException {
            if (dialect.takesArrays()) {
                // By places: what the server believes of a table that is empty now and then can make it read all for an id.
                PreparedStatement delete = line.prepare(schema.in("delete from S.inbox where ctid = any (?)"));
                delete.setArray(1, line.open().createArrayOf("tid", taken.stream().map(Placed::place).toArray()));
                delete.executeUpdate();
                return;
            }
            PreparedStatement delete = line.prepare(schema.in("delete from S.inbox where id = ?"));
            for (Placed each : taken) {
                delete.setLong(1, Long.parseLong(each.place));
                delete.addBatch();
            }
            delete.executeBatch();
        }

        /** What has become of the rows, by a transaction that has taken place. */
        Drained result(SqlCommit made) {
            int moved = (int) made.outcomes().stream().filter(CommitOutcome.Committed.class::isInstance).count();
            return new Drained(moved, taken.size() - moved, more, moved == 0 ? 0 : made.stamp());
        }
    }
}
