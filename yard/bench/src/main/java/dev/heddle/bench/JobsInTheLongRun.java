package dev.heddle.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;

/**
 * Millions of jobs, one thousand after the other, through a queue on PostgreSQL that forgets the results of all but the last
 * ones: whether the last are as quick as the first, and what the server's own cleaning leaves behind.
 */
final class JobsInTheLongRun implements Workload {

    private static final int JOBS = Counts.isQuick() ? 50_000 : Counts.of(1_000_000, 5_000_000);
    private static final int PARTS = 10;
    private static final int MAX_WAITING = 10_000;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double BYTES_PER_MB = 1e6;

    private final HeddleJobs queue = HeddleJobs.onPostgres();

    @Override
    public double[] round() throws Exception {
        double[] parts = new double[PARTS];
        var room = new Semaphore(MAX_WAITING);
        try (AutoCloseable _ = queue.work(_ -> room.release(), true)) {
            for (int i = 0; i < PARTS; i++) {
                parts[i] = part(room);
            }
        }
        double dead;
        double size;
        try (Connection connection = queue.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select sum(n_dead_tup), sum(pg_total_relation_size(relid))"
                        + " from pg_stat_user_tables")) {
            rows.next();
            dead = rows.getLong(1);
            size = rows.getLong(2) / BYTES_PER_MB;
        }
        return new double[]{parts[PARTS - 1] / parts[0], parts[0], parts[PARTS - 1], dead, size};
    }

    /** The time of a job of a part, put in and done. */
    private double part(Semaphore room) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        for (int put = 0; put < JOBS / PARTS; put += JobRounds.BATCH) {
            room.acquire(JobRounds.BATCH);
            queue.putAll(JobRounds.BATCH);
        }
        room.acquire(MAX_WAITING);
        room.release(MAX_WAITING);
        return (System.nanoTime() - start) / NANOS_PER_MICRO * PARTS / JOBS;
    }

    @Override
    public void close() {
        queue.close();
    }
}
