package dev.heddle.cluster.sql;

import dev.heddle.cluster.sql.SqlFailure.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection for one kind of work, and its statements. One that has failed is closed, which takes back its
 * transaction, and the next call makes another. Only one thread calls at a time; {@link #abort} is for any.
 */
final class SqlLine {

    private final SqlDialect dialect;
    private final Duration patience;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private volatile @Nullable Connection connection;
    private volatile String server = "";
    private SqlDialect.@Nullable ChangeListener listener;
    private @Nullable PreparedStatement last;

    /** Work with a connection. */
    interface Work<T extends @Nullable Object> {
        T on(SqlLine line) throws SQLException, InterruptedException;
    }

    SqlLine(SqlDialect dialect, Duration patience) {
        this.dialect = dialect;
        this.patience = patience;
    }

    /** Does something of which each statement stands alone. */
    <T extends @Nullable Object> T call(Work<T> work) {
        return call(Fate.NO_EFFECT, work);
    }

    /** Does something that takes place in whole or not at all. */
    <T extends @Nullable Object> T transaction(Work<T> work) {
        T result = call(Fate.NO_EFFECT, line -> {
            line.open().setAutoCommit(false);
            return work.on(line);
        });
        return call(Fate.UNKNOWN, line -> {
            if (last != null) {
                last.execute();
                last = null;
            }
            // Commits what is not committed yet. A call of commit() would have SQLite's driver begin another one.
            line.open().setAutoCommit(true);
            return result;
        });
    }

    /** Ends the transaction of now by a statement whose text commits too. */
    void endBy(PreparedStatement statement) {
        last = statement;
    }

    private <T extends @Nullable Object> T call(Fate fate, Work<T> work) {
        boolean done = false;
        try {
            open();
            T result = work.on(this);
            done = true;
            return result;
        } catch (SQLException e) {
            throw new SqlFailure(fate(fate, e), dialect.explain(e), e);
        } catch (IllegalArgumentException e) {
            throw new SqlFailure(Fate.LASTING, "a row that Heddle has not written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new SqlFailure(fate, "cancelled", e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Fate fate(Fate atMost, SQLException failure) {
        if (atMost == Fate.UNKNOWN && !dialect.wasRolledBack(failure)) {
            return atMost;
        }
        return dialect.isLasting(failure) ? Fate.LASTING : Fate.NO_EFFECT;
    }

    /** The connection. */
    Connection open() throws SQLException {
        Connection opened = connection;
        if (opened == null) {
            opened = dialect.connect(patience);
            connection = opened;
            server = dialect.server(opened);
        }
        return opened;
    }

    /** The server of the last connection. */
    String server() {
        return server;
    }

    /** A statement, kept for the next time. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = open().prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** Does a statement with these values, and says how many rows it has changed. */
    int update(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql);
        set(statement, 1, values);
        return statement.executeUpdate();
    }

    /** Sets values from a place on. */
    static void set(PreparedStatement statement, int first, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case String text -> statement.setString(first + i, text);
                case byte[] bytes -> statement.setBytes(first + i, bytes);
                default -> statement.setLong(first + i, ((Number) values[i]).longValue());
            }
        }
    }

    /** Waits until there may be changes of a cluster, or for the time. */
    SqlDialect.News awaitChanges(String cluster, long millis, LongSupplier told) {
        return call(line -> {
            if (listener == null) {
                listener = dialect.listen(line.open(), cluster);
            }
            return Objects.requireNonNull(listener).await(millis, told);
        });
    }

    void close() {
        Connection opened = connection;
        connection = null;
        listener = null;
        last = null;
        statements.clear();
        if (opened != null) {
            try {
                opened.close();
            } catch (SQLException e) {
                // It is given up.
            }
        }
    }

    /** Ends a call that waits for the server. */
    void abort() {
        Connection opened = connection;
        if (opened != null) {
            try {
                opened.abort(Runnable::run);
            } catch (SQLException e) {
                // It ends by its patience.
            }
        }
    }
}
