package dev.heddle.cluster.postgres;

import dev.heddle.cluster.sql.SqlDialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
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
            other.setAutoCommit(false);
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
    public String andNotify() {
        return " returning pg_notify('" + name + "', name)";
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
        private boolean listened;

        NoticeListener(PGConnection connection, String cluster) {
            this.connection = connection;
            this.cluster = cluster;
        }

        @Override
        public void await(long millis) throws SQLException, InterruptedException {
            if (!listened) {
                listened = true;
                return;
            }
            long end = System.nanoTime() + millis * 1_000_000;
            for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                if (isTold(connection.getNotifications((int) Math.min(left, SLICE_MILLIS)))) {
                    return;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }

        private boolean isTold(PGNotification[] notices) {
            for (PGNotification notice : notices) {
                if (notice.getParameter().equals(cluster)) {
                    return true;
                }
            }
            return false;
        }
    }
}
