package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.JobsOptions;
import dev.heddle.cluster.postgres.PostgresStore;
import dev.heddle.cluster.sqlite.SqliteStore;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sync.Event;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Heddle's jobs on one node. */
final class HeddleJobs implements JobQueue {

    private static final String NAME = "empty";
    private static final int CAPACITY = 50_000;
    private static final int OLD_QUEUES = 100;
    private static final int OLD_BYTES = 100;

    private final StoreEngine engine;
    private final Event closing = Event.create();
    private final Promise<Loop> loop = new Promise<>();
    private final Promise<Jobs> jobs = new Promise<>();
    private final String url;
    private final Properties user;
    private final Runnable end;
    private final Thread thread;

    /** @param url of the same database, for batches */
    private HeddleJobs(StoreEngine engine, String url, Properties user, Runnable end) {
        this.engine = engine;
        this.end = end;
        this.url = url;
        this.user = user;
        this.thread = Thread.ofPlatform().start(() -> {
            try {
                Heddle.run(this::live);
            } catch (Throwable e) {
                jobs.tryFail(e);
                throw e;
            }
        });
    }

    /** @param server ends with the jobs */
    static HeddleJobs on(Postgres server) {
        var user = new Properties();
        user.setProperty("user", Postgres.USER);
        user.setProperty("password", Postgres.PASSWORD);
        return new HeddleJobs(PostgresStore.at(server.url()).withUser(Postgres.USER, Postgres.PASSWORD), server.url(),
                user, server::close);
    }

    /**
     * Beside jobs of other queues that have ended long ago and are still known: a row for what each gave, and one for how it
     * ended.
     *
     * @param rows how many there are of both together
     */
    static HeddleJobs behindHistory(Postgres server, int rows) {
        HeddleJobs made = on(server);
        Jobs _ = made.jobs.join();
        try (Connection connection = DriverManager.getConnection(server.url(), made.user);
                Statement statement = connection.createStatement()) {
            for (String kind : List.of("record", "ended")) {
                statement
                        .execute("insert into heddle.entries select 'bench', 'jobs/old' || n % " + OLD_QUEUES + " || '/"
                                + kind + "', to_char(n, 'FM0000000000'), decode(repeat('ab', " + OLD_BYTES
                                + "), 'hex'), 1, 1, 1, 0 from generate_series(1, " + rows / 2 + ") as n");
            }
            statement.execute("vacuum analyze heddle.entries");
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException("there is no history", e);
        }
    }

    static HeddleJobs onSqlite() {
        Path directory = SqliteRows.directory();
        Path file = directory.resolve("jobs.db");
        return new HeddleJobs(SqliteStore.at(file), "jdbc:sqlite:" + file, new Properties(),
                () -> SqliteRows.delete(directory));
    }

    private void live() {
        loop.complete(Heddle.currentLoop());
        try (Cluster cluster = Cluster.join(ClusterOptions.of("bench", engine))) {
            jobs.complete(cluster.jobs(NAME, JobsOptions.DEFAULT.withCapacity(CAPACITY)));
            closing.await();
        }
    }

    private static Bytes bytes(long due) {
        return Bytes.of(ByteBuffer.allocate(Long.BYTES).putLong(0, due).array());
    }

    @Override
    public void put(long due) {
        jobs.join().submit(NAME, bytes(due));
    }

    /** By a transaction of the caller's, as the guide says for many. */
    @Override
    public void putAll(int count) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user)) {
            connection.setAutoCommit(false);
            jobs.join().submitAll(connection, Stream.generate(() -> JobSpec.of(NAME, bytes(0))).limit(count).toList());
            connection.commit();
        }
    }

    @Override
    public AutoCloseable work(LongConsumer handler, boolean many) {
        JobSubscription handling = jobs.join().handle(NAME, AT_A_TIME, job -> {
            handler.accept(ByteBuffer.wrap(job.payload().toArray()).getLong());
            return Bytes.EMPTY;
        });
        return () -> loop.join().spawn("the end", handling::close).toCompletableFuture().join();
    }

    @Override
    public void close() {
        loop.join().callFromThread(closing::set);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        end.run();
    }
}
