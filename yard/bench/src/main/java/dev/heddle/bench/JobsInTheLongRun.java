package dev.heddle.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;

/**
 * Very many jobs, put in a thousand at a time and done behind that, through a queue on PostgreSQL that keeps the results of
 * the last ones at most: whether the last are as quick as the first, and what the server's own cleaning leaves behind.
 */
final class JobsInTheLongRun implements Workload {

    private static final int JOBS = Counts.isQuick() ? 50_000 : Counts.of(1_000_000, 5_000_000);
    private static final int PARTS = 10;
    private static final int MAX_WAITING = 10_000;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double BYTES_PER_MB = 1e6;

    private final JobQueue queue;
    private final Postgres server;

    /** @param server where the queue is; closed by whoever has begun it */
    JobsInTheLongRun(JobQueue queue, Postgres server) {
        this.queue = queue;
        this.server = server;
    }

    @Override
    public double[] round() throws Exception {
        double[] parts = new double[PARTS];
        var room = new Semaphore(MAX_WAITING);
        try (AutoCloseable _ = queue.work(_ -> room.release(), true)) {
            for (int i = 0; i < PARTS; i++) {
                parts[i] = part(room);
            }
        }
        double first = parts[0];
        double last = parts[PARTS - 1];
        return new double[]{last / first, first, last, ask("n_dead_tup"),
                ask("pg_total_relation_size(relid)") / BYTES_PER_MB};
    }

    /** The time of a job of a part, put in and done. */
    private double part(Semaphore room) throws Exception {
        long start = System.nanoTime();
        for (int put = 0; put < JOBS / PARTS; put += JobRounds.BATCH) {
            room.acquire(JobRounds.BATCH);
            queue.putAll(JobRounds.BATCH);
        }
        room.acquire(MAX_WAITING);
        room.release(MAX_WAITING);
        return (System.nanoTime() - start) / NANOS_PER_MICRO * PARTS / JOBS;
    }

    /** The sum of something over the tables of users. */
    private double ask(String what) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), Postgres.USER, Postgres.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select sum(" + what + ") from pg_stat_user_tables")) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
