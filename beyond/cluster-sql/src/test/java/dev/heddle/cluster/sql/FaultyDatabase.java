package dev.heddle.cluster.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A database whose connections fail as a test wants it. */
public final class FaultyDatabase {

    private final SqlDialect dialect;
    private final Random random;
    private volatile int ofHundredCommits;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private volatile boolean isCut;

    /** One that works, until it is told otherwise. */
    public FaultyDatabase(SqlDialect dialect, long seed) {
        this.dialect = dialect;
        this.random = new Random(seed);
    }

    /** How many of a hundred commits lose their answer: a third with, a third without, a third before their effect. */
    public void loseAnswers(int ofHundred) {
        ofHundredCommits = ofHundred;
    }

    /** Cuts all connections off, or lets new ones be made. */
    public void cut(boolean cut) {
        isCut = cut;
        if (!cut) {
            return;
        }
        for (Connection each = connections.poll(); each != null; each = connections.poll()) {
            try {
                each.close();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What a session is opened with. */
    public SqlDialect dialect() {
        return proxy(SqlDialect.class, (method, arguments) -> {
            if (method.getName().equals("connect")) {
                throwIfCut();
                return connection((Connection) call(method, dialect, arguments));
            }
            return call(method, dialect, arguments);
        });
    }

    private Connection connection(Connection real) {
        return new FaultyConnection(real).proxy;
    }

    private void throwIfCut() throws SQLException {
        if (isCut) {
            throw new SQLNonTransientConnectionException("cut off by a test", "08006");
        }
    }

    private final class FaultyConnection {

        private final Connection real;
        private final Connection proxy;
        private volatile boolean endsLater;

        FaultyConnection(Connection real) {
            this.real = real;
            connections.add(real);
            this.proxy = proxy(Connection.class, this::invoke);
        }

        private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("close")) {
                return endsLater ? null : call(method, real, arguments);
            }
            throwIfCut();
            if (method.getName().equals("commit") && random.nextInt(100) < ofHundredCommits) {
                switch (random.nextInt(3)) {
                    case 0 -> real.commit();
                    case 1 -> real.rollback();
                    default -> commitLater();
                }
                throw new SQLNonTransientConnectionException("no answer, by a test", "08006");
            }
            return call(method, real, arguments);
        }

        private void commitLater() {
            endsLater = true;
            Thread.ofPlatform().daemon().start(() -> {
                try (real) {
                    Thread.sleep(random.nextInt(100));
                    real.commit();
                } catch (SQLException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private interface Handler {
        @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, arguments) -> handler.call(method, arguments)));
    }

    private static @Nullable Object call(Method method, Object target, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
