package dev.heddle.cluster.sql.sim;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.sql.SqlDialect.ChangeListener;
import dev.heddle.cluster.sql.SqlDialect.News;
import dev.heddle.cluster.sql.sim.SimDatabase.Answer;
import dev.heddle.cluster.sql.sim.SimDatabase.Request;
import dev.heddle.cluster.sql.sim.SimDatabase.SimSession;
import dev.heddle.cluster.sql.sim.SimTransaction.Result;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the simulated database, with as much of JDBC as the stores use. As with a driver, a call does not end
 * by a cancel, but with the answer, the end of the connection, or the driver's own patience.
 */
final class SimConnection {

    /** What a driver waits for beyond what the server has for a statement. */
    private static final Duration BEYOND = Duration.ofSeconds(2);

    private final Loop loop = Heddle.currentLoop();
    private final SimDatabase database;
    private final Duration patience;
    private final Connection proxy = proxy(Connection.class, (_, method, arguments) -> switch (method.getName()) {
        case "prepareStatement" -> prepare((String) arguments[0]);
        case "createStatement" -> prepare("");
        case "setAutoCommit" -> {
            setAutoCommit((Boolean) arguments[0]);
            yield null;
        }
        case "commit" -> {
            end(Request.Kind.COMMIT);
            yield null;
        }
        case "rollback" -> {
            end(Request.Kind.ROLLBACK);
            yield null;
        }
        case "close" -> {
            close();
            yield null;
        }
        case "abort" -> {
            broke(SimDatabase.broken("aborted"));
            yield null;
        }
        case "unwrap" -> this;
        default -> throw new SQLFeatureNotSupportedException(method.toString());
    });
    private @Nullable SimSession session;
    private @Nullable SQLException broken;
    private @Nullable Promise<Answer> pending;
    private @Nullable Promise<Boolean> notice;
    private final List<String> notices = new ArrayList<>();
    private boolean autoCommit = true;
    private boolean inTransaction;
    private boolean deaf;
    private int timeline;

    private SimConnection(SimDatabase database, Duration patience) {
        this.database = database;
        this.patience = patience.plus(BEYOND);
    }

    static Connection open(SimDatabase database, SimDatabase.SimClient node, Duration patience) throws SQLException {
        var connection = new SimConnection(database, patience);
        var answer = new Promise<Answer>();
        database.connect(connection, node, patience, answer, session -> {
            connection.session = session;
            connection.timeline = database.timeline();
            if (connection.broken != null) {
                database.bye(session);
            }
        });
        connection.await(answer);
        return connection.proxy;
    }

    /** Which server it was connected to. */
    String server() {
        return "timeline " + timeline;
    }

    // ---- from the server ----

    /** It is over, and the client knows. */
    void broke(SQLException why) {
        if (broken == null) {
            broken = why;
        }
        if (pending != null) {
            pending.tryComplete(new Answer(null, why));
        }
        if (notice != null) {
            notice.tryComplete(false);
        }
    }

    /** Nothing of what the server says arrives any more. */
    void deaf() {
        deaf = true;
    }

    void answered(Request request, Answer answer) {
        if (!deaf) {
            request.answer().tryComplete(answer);
            if (answer.failure() != null && "57P01".equals(answer.failure().getSQLState())) {
                broke(answer.failure());
            }
        }
    }

    void told(String name) {
        if (!deaf && broken == null) {
            notices.add(name);
            if (notice != null) {
                notice.tryComplete(true);
            }
        }
    }

    // ---- calls ----

    private Result await(Promise<Answer> answer) throws SQLException {
        throwIfBroken();
        pending = answer;
        var timer = loop.callLater(patience,
                () -> answer.tryComplete(new Answer(null, SimDatabase.broken("no answer in time"))));
        Answer given = Heddle.shield(answer::join);
        timer.cancel();
        pending = null;
        if (given.failure() != null) {
            String state = given.failure().getSQLState();
            if (state.startsWith("08")) {
                broke(given.failure());
            }
            throw new SQLException(given.failure().getMessage(), state);
        }
        return given.result() == null ? new Result(List.of(), 0) : given.result();
    }

    private Result ask(List<String> sql, List<Object[]> values, Request.Kind kind) throws SQLException {
        throwIfBroken();
        var answer = new Promise<Answer>();
        pending = answer;
        if (session == null) {
            throw SimDatabase.broken("never connected");
        }
        database.send(session, new Request(sql, values, kind, answer));
        return await(answer);
    }

    private Result execute(List<String> sql, List<Object[]> values) throws SQLException {
        inTransaction |= !autoCommit;
        return ask(sql, values, autoCommit ? Request.Kind.ALONE : Request.Kind.PART);
    }

    private void setAutoCommit(boolean on) throws SQLException {
        throwIfBroken();
        if (on && inTransaction) {
            end(Request.Kind.COMMIT);
        }
        autoCommit = on;
    }

    private void end(Request.Kind kind) throws SQLException {
        throwIfBroken();
        if (inTransaction) {
            inTransaction = false;
            ask(List.of(), List.of(), kind);
        }
    }

    private void close() {
        if (broken == null) {
            broken = SimDatabase.broken("closed");
            if (session != null) {
                database.bye(session);
            }
        }
    }

    private void throwIfBroken() throws SQLException {
        if (broken != null) {
            throw new SQLException(broken.getMessage(), "08003");
        }
    }

    ChangeListener listen(String cluster) throws SQLException {
        ask(List.of(), List.of(), Request.Kind.LISTEN);
        boolean[] listened = {false};
        return (millis, _) -> {
            if (!listened[0]) {
                listened[0] = true;
                return News.ANY;
            }
            throwIfBroken();
            var next = new Promise<Boolean>();
            notice = next;
            if (notices.contains(cluster)) {
                next.tryComplete(true);
            }
            var timer = loop.callLater(Duration.ofMillis(millis), () -> next.tryComplete(false));
            boolean isTold;
            try {
                isTold = next.join();
            } finally {
                timer.cancel();
                notice = null;
                notices.clear();
            }
            throwIfBroken();
            return isTold ? News.ANY : News.NONE;
        };
    }

    // ---- statements ----

    private PreparedStatement prepare(String sql) throws SQLException {
        throwIfBroken();
        return new StatementHandler(sql).proxy;
    }

    /** A statement, prepared or not. */
    private final class StatementHandler {

        private final String sql;
        private Object[] values = {};
        private final List<Object[]> batch = new ArrayList<>();
        private final PreparedStatement proxy;

        StatementHandler(String sql) {
            this.sql = sql;
            this.proxy = proxy(PreparedStatement.class, (_, method, arguments) -> switch (method.getName()) {
                case "setString", "setLong", "setBytes" -> {
                    set((Integer) arguments[0] - 1, arguments[1]);
                    yield null;
                }
                case "addBatch" -> {
                    batch.add(values.clone());
                    yield null;
                }
                case "executeBatch" -> {
                    List<Object[]> all = List.copyOf(batch);
                    batch.clear();
                    execute(all.stream().map(_ -> sql).toList(), all);
                    yield new int[all.size()];
                }
                case "executeQuery" -> rows(run(arguments).rows());
                case "executeUpdate" -> run(arguments).changed();
                case "execute" -> !run(arguments).rows().isEmpty();
                case "close" -> null;
                default -> throw new SQLFeatureNotSupportedException(method.toString());
            });
        }

        private void set(int place, Object value) {
            if (place >= values.length) {
                values = Arrays.copyOf(values, place + 1);
            }
            values[place] = value;
        }

        private Result run(Object @Nullable [] arguments) throws SQLException {
            return execute(List.of(arguments == null ? sql : (String) arguments[0]),
                    List.<Object[]>of(values.clone()));
        }
    }

    private static ResultSet rows(List<Object[]> rows) {
        int[] at = {-1};
        return proxy(ResultSet.class, (_, method, arguments) -> switch (method.getName()) {
            case "next" -> ++at[0] < rows.size();
            case "getString", "getBytes" -> rows.get(at[0])[(Integer) arguments[0] - 1];
            case "getLong" -> {
                Object value = rows.get(at[0])[(Integer) arguments[0] - 1];
                yield value == null ? 0L : (Long) value;
            }
            case "getInt" -> Math.toIntExact((Long) rows.get(at[0])[(Integer) arguments[0] - 1]);
            case "close" -> null;
            default -> throw new SQLFeatureNotSupportedException(method.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(SimConnection.class.getClassLoader(), new Class<?>[]{type}, handler));
    }
}
