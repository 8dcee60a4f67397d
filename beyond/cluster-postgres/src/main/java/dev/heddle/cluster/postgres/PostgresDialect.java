package dev.heddle.cluster.postgres;

import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.store.StoreLimits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.LongSupplier;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * PostgreSQL's way: rows that are locked, notices that wake, and states that say what is wrong.
 *
 * @param user empty for the one in the URL
 * @param name of the schema
 */
record PostgresDialect(String url, String user, String password, String name) implements SqlDialect {

    /** How long a wait for notices lasts before it looks whether it was cancelled. */
    private static final int SLICE_MILLIS = 500;

    @Override
    public Connection connect(Duration patience) throws SQLException {
        long millis = Math.max(1, patience.toMillis());
        // The server gives up first, and says so. The driver counts in seconds.
        String seconds = Long.toString(millis / 1000 + 2);
        var properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) { // without one the driver looks into .pgpass
            properties.setProperty("password", password);
        }
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        // A standby that was promoted is found soon, where the URL names it.
        properties.setProperty("hostRecheckSeconds", "1");
        properties.setProperty("ApplicationName", "Heddle");
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not know this URL", "08001");
        }
        boolean done = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = " + millis + "; set statement_timeout = " + millis
                    + "; set idle_in_transaction_session_timeout = " + millis
                    + "; set default_transaction_isolation = 'read committed'"
                    // A few rows by their keys, whatever is known of a table that has just grown.
                    + "; set enable_seqscan = off; set enable_bitmapscan = off; set jit = off"
                    // What is answered has been written, whatever the database's default is.
                    + "; select set_config('synchronous_commit', 'on', false)"
                    + " where current_setting('synchronous_commit') = 'off'");
            refusePoolOfTransactions(connection, properties);
            done = true;
        } finally {
            if (!done) {
                connection.close();
            }
        }
        return connection;
    }

    /** Such a pool loses settings and notices: it gives each transaction to another backend. */
    private void refusePoolOfTransactions(Connection connection, Properties properties) throws SQLException {
        int backend = backend(connection);
        if (backend == connection.unwrap(PGConnection.class).getBackendPID()) {
            return;
        }
        try (Connection other = new Driver().connect(url, properties)) {
            Objects.requireNonNull(other, "the driver knows the URL").setAutoCommit(false);
            if (backend(other) == backend || backend(connection) != backend) {
                throw new SQLException("it has more than one backend", "26000");
            }
        }
    }

    private static int backend(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_backend_pid()");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    public String server(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_is_in_recovery(), case when"
                + " pg_is_in_recovery() then '' else (select system_identifier || ' '"
                + " || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) from pg_control_system()) end");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            // What a standby has is older than what was answered.
            if (rows.getBoolean(1)) {
                throw new SQLException("it recovers", "25006");
            }
            return rows.getString(2);
        } catch (SQLException e) {
            if (state(e).startsWith("42") || state(e).startsWith("0A")) {
                // Services that are like PostgreSQL do not have all of this.
                return "";
            }
            throw e;
        }
    }

    @Override
    public String schema() {
        return name + ".";
    }

    @Override
    public String bytesType() {
        return "bytea";
    }

    @Override
    public String textType() {
        return "text collate \"C\"";
    }

    @Override
    public String changingTable() {
        return " with (fillfactor = 70)";
    }

    @Override
    public String forUpdate() {
        return " for update";
    }

    @Override
    public String forUpdateOfFree() {
        return " for update skip locked";
    }

    @Override
    public boolean takesArrays() {
        return true;
    }

    @Override
    public String andNotify() {
        return " returning pg_notify('" + name + "', name || ' ' || stamp)";
    }

    /** The trigger tells the topic of each row, behind the cluster; equal notices of a transaction are one. */
    @Override
    public List<String> inbox() {
        return List.of(
                "create table S.inbox (id bigint generated by default as identity primary key,"
                        + " cluster TEXT not null check (length(cluster) between 1 and 200),"
                        + " queue TEXT not null check (length(queue) between 1 and 200),"
                        + " name TEXT not null check (length(name) between 1 and 200),"
                        + " payload BYTES not null default '' constraint payload_of_64_kib_at_most"
                        + " check (octet_length(payload) <= " + StoreLimits.MAX_VALUE + "),"
                        + " job TEXT not null default '~' || gen_random_uuid() check (length(job) between 1 and 200),"
                        + " priority smallint not null default 5 check (priority between 0 and 9),"
                        + " options jsonb not null default '{}' check (jsonb_typeof(options) = 'object'),"
                        + " at timestamptz not null default now()) CHANGING",
                "create function S.inbox_news() returns trigger language plpgsql as $$ begin"
                        + " perform pg_catalog.pg_notify('" + name + "', n.cluster || '/' || n.queue)"
                        + " from (select distinct cluster, queue from news) as n; return null; end $$",
                "create trigger inbox_news after insert on S.inbox referencing new table as news"
                        + " for each statement execute function S.inbox_news()",
                // What the view of jobs reads by.
                "create function S.text_of(value bytea) returns text language plpgsql immutable as $$ begin"
                        + " return convert_from(value, 'UTF8'); exception when others then return null; end $$",
                "create function S.json_of(value bytea) returns jsonb language plpgsql immutable as $$ begin"
                        + " return convert_from(value, 'UTF8')::jsonb; exception when others then return null; end $$",
                "create function S.plain_name(name text) returns text language sql immutable as $$"
                        + " select S.text_of(decode(string_agg(case when length(m[1]) = 3 then substr(m[1], 2)"
                        + " else encode(convert_to(m[1], 'UTF8'), 'hex') end, ''), 'hex'))"
                        + " from regexp_matches(name, '%[0-9a-f]{2}|.', 'g') as m $$");
    }

    @Override
    public String time(String millis) {
        return "to_timestamp(cast(" + millis + " as bigint) / 1000.0)";
    }

    @Override
    public String text(String column) {
        return "S.text_of(" + column + ")";
    }

    @Override
    public String json(String column) {
        return "S.json_of(" + column + ")";
    }

    @Override
    public String field(String json, String path) {
        return "(" + json + " #>> '{" + path.replace('.', ',') + "}')";
    }

    @Override
    public String plainName(String column) {
        return "S.plain_name(" + column + ")";
    }

    @Override
    public String millis(String column) {
        return "case when isfinite(" + column + ") then cast(extract(epoch from " + column
                + ") * 1000 as bigint) else 0 end";
    }

    @Override
    public String jsonType() {
        return "jsonb";
    }

    @Override
    public boolean copy(Connection connection, String table, List<Column> columns, List<Object[]> rows)
            throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            return false;
        }
        BinaryCopy.into(connection.unwrap(PGConnection.class), table, columns, rows);
        return true;
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(hashtext('heddle " + name + "'))");
        }
    }

    @Override
    public boolean hasTable(Connection connection, String table) throws SQLException {
        return isTrue(connection, "select to_regclass('" + name + "." + table + "') is not null");
    }

    @Override
    public void makeSchema(Connection connection) throws SQLException {
        if (!isTrue(connection, "select count(*) > 0 from pg_namespace where nspname = '" + name + "'")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create schema " + name);
            }
        }
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql); ResultSet rows = query.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    @Override
    public ChangeListener listen(Connection connection, String cluster) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + name);
        }
        return new NoticeListener(connection.unwrap(PGConnection.class), cluster);
    }

    @Override
    public void committed() {
        // The transaction notifies.
    }

    private static String state(SQLException failure) {
        return Objects.requireNonNullElse(failure.getSQLState(), "");
    }

    /** An error at a commit takes it back; what ends the connection, or the server, leaves that open. */
    @Override
    public boolean wasRolledBack(SQLException failure) {
        String state = state(failure);
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "22", "23", "40", "42", "53", "54", "55" -> !state.equals("40003");
            default -> state.equals("57014");
        };
    }

    @Override
    public boolean isLasting(SQLException failure) {
        String state = state(failure);
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "0A", "22", "23", "26", "28", "3D", "3F", "42", "54" -> true;
            case "53" -> state.equals("53100");
            default -> false;
        };
    }

    @Override
    public String explain(SQLException failure) {
        return this + ": " + what(state(failure)) + " (" + failure.getMessage() + ")";
    }

    @Override
    public String explainInsert(SQLException failure) {
        return switch (state(failure)) {
            case "42P01", "3F000" -> "its database has no table " + name + ".inbox: take a connection to the cluster's,"
                    + " or let a node of the cluster make its tables";
            case "42501" -> "its user lacks a right: grant usage on schema " + name + " and grant insert on " + name
                    + ".inbox to it";
            case "25006" -> "its transaction is read-only";
            case "25P02" -> "its transaction has failed before: roll it back";
            case "23514" -> "a job is not as it must be";
            default -> what(state(failure));
        };
    }

    private String what(String state) {
        return switch (state) {
            case "28P01", "28000" ->
                "the server does not let this user in: look at the name, the password, and pg_hba.conf";
            case "3D000" -> "there is no such database";
            case "42501" -> "this user lacks a right: it makes and owns the schema " + name
                    + ", or its owner runs the SQL of PostgresStore and grants it";
            case "42P01", "3F000", "42703" ->
                "a table of the schema " + name + " was dropped or changed: bring back a copy";
            case "25006" -> "the server is a standby or takes no changes: name the primary, or all hosts with"
                    + " targetServerType=primary";
            case "53100" -> "the disk of the server is full";
            case "53300" -> "the server has no connection left; a session needs three";
            case "57014" -> "a statement took longer than a third of the session's timeout";
            case "55P03" -> "another transaction holds a lock for longer than a third of the session's timeout";
            case "40001", "40P01" -> "another transaction was in the way";
            case "57P01", "57P02", "57P03" -> "the server stops or starts";
            case "26000" -> "a pool that lends connections for transactions is in between: name one for sessions,"
                    + " or the server itself";
            default -> state.startsWith("08") ? "no connection" : "PostgreSQL failed with " + state;
        };
    }

    /** The server and the database, not the rest of the URL. */
    @Override
    public String toString() {
        int question = url.indexOf('?');
        String where = (question < 0 ? url : url.substring(0, question)).substring("jdbc:postgresql:".length());
        return "PostgreSQL at " + where + (user.isEmpty() ? "" : " as " + user);
    }

    /** A listener whose first wait ends at once, since nobody has listened before. */
    private static final class NoticeListener implements ChangeListener {

        private final PGConnection connection;
        private final String cluster;
        private final Set<String> topics = new HashSet<>();
        private boolean listened;
        private long stamp;

        NoticeListener(PGConnection connection, String cluster) {
            this.connection = connection;
            this.cluster = cluster;
        }

        @Override
        public News await(long millis, LongSupplier told) throws SQLException, InterruptedException {
            if (!listened) {
                listened = true;
                return News.ANY;
            }
            topics.clear();
            stamp = 0;
            long end = System.nanoTime() + millis * 1_000_000;
            for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                if (isTold(connection.getNotifications((int) Math.min(left, SLICE_MILLIS)), told)) {
                    break;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return new News(stamp, Set.copyOf(topics));
        }

        private boolean isTold(PGNotification[] notices, LongSupplier known) {
            boolean told = false;
            for (PGNotification notice : notices) {
                String what = notice.getParameter();
                boolean isOfInbox = what.startsWith(cluster + '/');
                if (isOfInbox) {
                    topics.add(what.substring(cluster.length() + 1));
                }
                told |= isOfInbox || isNew(what, known);
            }
            return told;
        }

        /** Behind the cluster stands its stamp. */
        private boolean isNew(String what, LongSupplier known) {
            int space = what.lastIndexOf(' ');
            if (space != cluster.length() || !what.startsWith(cluster)) {
                return false;
            }
            stamp = Math.max(stamp, Long.parseLong(what, space + 1, what.length(), 10));
            return stamp > known.getAsLong();
        }
    }
}
