package dev.heddle.cluster.sqlite;

import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.store.StoreLimits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;

/** SQLite's way: a log beside the file, written through, and transactions that lock as they begin. */
record SqliteDialect(Path file) implements SqlDialect {

    /** How often is looked for what another process has changed. */
    static final int POLL_MILLIS = 20;

    /** Opened by the next change that this process makes to any file. */
    private static final AtomicReference<CountDownLatch> CHANGED = new AtomicReference<>(new CountDownLatch(1));

    @Override
    public Connection connect(Duration patience) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setBusyTimeout((int) Math.max(1, patience.toMillis()));
        Properties properties = config.toProperties();
        return JDBC.createConnection("jdbc:sqlite:" + file, properties);
    }

    @Override
    public String server(Connection connection) {
        return "";
    }

    @Override
    public String schema() {
        return "heddle_";
    }

    @Override
    public String bytesType() {
        return "blob";
    }

    @Override
    public String textType() {
        return "text";
    }

    @Override
    public String changingTable() {
        return "";
    }

    @Override
    public String forUpdate() {
        return "";
    }

    @Override
    public String forUpdateOfFree() {
        return "";
    }

    @Override
    public boolean takesArrays() {
        return false;
    }

    @Override
    public String andNotify() {
        return "";
    }

    @Override
    public void lockSchema(Connection connection) {
        // Each transaction locks the file.
    }

    @Override
    public boolean hasTable(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select 1 from sqlite_schema where name = ?")) {
            query.setString(1, schema() + table);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    @Override
    public void makeSchema(Connection connection) {
        // There is one.
    }

    @Override
    public ChangeListener listen(Connection connection, String cluster) throws SQLException {
        PreparedStatement state = connection.prepareStatement("select stamp, exists (select 1 from " + schema()
                + "inbox where cluster = c.name) from " + schema() + "clusters c where name = ?");
        state.setString(1, cluster);
        return new VersionListener(connection.prepareStatement("pragma data_version"), state);
    }

    /** Only with what an older SQLite has, too: other programs insert with their own. */
    @Override
    public List<String> inbox() {
        return List.of("create table S.inbox (id integer primary key,"
                + " cluster TEXT not null check (length(cluster) between 1 and 200),"
                + " queue TEXT not null check (length(queue) between 1 and 200),"
                + " name TEXT not null check (length(name) between 1 and 200),"
                + " payload BYTES not null default x'' constraint payload_of_64_kib_at_most"
                + " check (length(cast(payload as blob)) <= " + StoreLimits.MAX_VALUE + "),"
                + " job TEXT not null default ('~' || lower(hex(randomblob(16))))"
                + " check (length(job) between 1 and 200),"
                + " priority integer not null default 5 check (priority between 0 and 9),"
                + " options TEXT not null default '{}',"
                + " at TEXT not null default current_timestamp)");
    }

    @Override
    public String millis(String column) {
        return "coalesce(cast(strftime('%s', " + column + ") as integer) * 1000, 0)";
    }

    @Override
    public String time(String millis) {
        return "datetime(" + millis + " / 1000, 'unixepoch')";
    }

    @Override
    public String text(String column) {
        return "cast(" + column + " as TEXT)";
    }

    @Override
    public String json(String column) {
        return "case when json_valid(cast(" + column + " as TEXT)) then cast(" + column + " as TEXT) end";
    }

    @Override
    public String field(String json, String path) {
        return "json_extract(" + json + ", '$." + path + "')";
    }

    @Override
    public String plainName(String column) {
        return "replace(replace(replace(replace(replace(" + column
                + ", '%7e', '~'), '%20', ' '), '%2e', '.'), '%3a', ':'), '%2f', '/')";
    }

    @Override
    public String jsonType() {
        return "text";
    }

    @Override
    public boolean copy(Connection connection, String table, List<Column> columns, List<Object[]> rows) {
        return false;
    }

    @Override
    public void committed() {
        CHANGED.getAndSet(new CountDownLatch(1)).countDown();
    }

    @Override
    public boolean wasRolledBack(SQLException failure) {
        return false;
    }

    @Override
    public boolean isLasting(SQLException failure) {
        return switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff)) {
            case SQLITE_PERM, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB, SQLITE_FULL,
                    SQLITE_ERROR, SQLITE_AUTH, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG ->
                true;
            default -> false;
        };
    }

    @Override
    public String explain(SQLException failure) {
        String what = switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff)) {
            case SQLITE_PERM, SQLITE_READONLY ->
                "it may not be written: give this user the right to write the file and its directory";
            case SQLITE_CANTOPEN -> "it cannot be opened: its directory must be there, and this user may write in it";
            case SQLITE_NOTADB -> "it is no file of SQLite: name another, or move this one away";
            case SQLITE_CORRUPT -> "it is damaged: bring back a copy";
            case SQLITE_FULL -> "the disk is full: make room";
            case SQLITE_BUSY, SQLITE_LOCKED -> "another process has locked it";
            default -> "SQLite failed";
        };
        return file + ": " + what + " (" + failure.getMessage() + ")";
    }

    @Override
    public String explainInsert(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("no such table")) {
            return "its database has no table heddle_inbox: take a connection to the file " + file
                    + ", or let a node of the cluster make its tables";
        }
        return switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff)) {
            case SQLITE_CONSTRAINT -> "a job is not as it must be";
            case SQLITE_READONLY -> "it takes no changes";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                "another transaction writes: let the connection wait, by its busy timeout";
            default -> "SQLite failed";
        };
    }

    @Override
    public String toString() {
        return "SQLite in " + file;
    }

    /**
     * A listener that compares the number which each transaction of another connection changes, and then looks whether
     * it was one that its session does not know: most are the session's own.
     */
    private static final class VersionListener implements ChangeListener {

        private final PreparedStatement query;
        private final PreparedStatement state;
        private long version = -1;

        VersionListener(PreparedStatement query, PreparedStatement state) {
            this.query = query;
            this.state = state;
        }

        @Override
        public News await(long millis, LongSupplier told) throws SQLException, InterruptedException {
            long end = System.nanoTime() + millis * 1_000_000;
            while (true) {
                CountDownLatch next = CHANGED.get();
                News news = isNew() ? look() : News.NONE;
                long left = (end - System.nanoTime()) / 1_000_000;
                if (news.stamp() > told.getAsLong() || !news.topics().isEmpty() || left <= 0) {
                    return news;
                }
                // Of a change of this process it is known at once, of another's by looking.
                boolean _ = next.await(Math.min(left, POLL_MILLIS), TimeUnit.MILLISECONDS);
            }
        }

        private boolean isNew() throws SQLException {
            try (ResultSet rows = query.executeQuery()) {
                long now = rows.next() ? rows.getLong(1) : version;
                boolean isNew = now != version;
                version = now;
                return isNew;
            }
        }

        private News look() throws SQLException {
            try (ResultSet rows = state.executeQuery()) {
                if (!rows.next()) {
                    return News.ANY;
                }
                return new News(rows.getLong(1), rows.getBoolean(2) ? Set.of(ANY_TOPIC) : Set.of());
            }
        }
    }
}
