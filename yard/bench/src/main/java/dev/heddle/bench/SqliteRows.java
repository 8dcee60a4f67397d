package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/** The rows that Heddle's jobs change in SQLite, by a bare loop: what the file and the driver take by themselves. */
final class SqliteRows implements Workload {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final byte[] FORM = new byte[120];

    private final Path directory = directory();
    private final Connection connection;
    private long stamp;
    private long job;

    SqliteRows() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("rows.db"));
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode = wal");
                statement.execute("pragma synchronous = full");
                statement.execute("create table entries (cluster text not null, directory text not null,"
                        + " name text not null, value blob not null, version bigint not null, created bigint not null,"
                        + " changed bigint not null, owner bigint not null, primary key (cluster, directory, name))"
                        + " without rowid");
                statement.execute("create index entries_owner on entries (owner) where owner <> 0");
                statement.execute("create table changes (cluster text not null, stamp bigint not null, keys text"
                        + " not null, primary key (cluster, stamp)) without rowid");
                statement.execute("create table clusters (name text not null primary key, stamp bigint not null)");
                statement.execute("insert into clusters values ('bench', 0)");
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path directory() {
        try {
            return Files.createTempDirectory("heddle-sqlite");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public double[] round() throws SQLException {
        int jobs = JobRounds.ONES;
        long first = job;
        long start = System.nanoTime();
        while (job < first + jobs) {
            for (int i = 0; i < JobQueue.AT_A_TIME; i++, job++) {
                put("record", job, 0);
                put("open", job, 0);
            }
            commit();
        }
        double put = (System.nanoTime() - start) / NANOS_PER_MICRO / jobs;
        start = System.nanoTime();
        for (long next = first; next < first + jobs; next += JobQueue.AT_A_TIME) {
            for (long each = next; each < next + JobQueue.AT_A_TIME; each++) {
                put("running", each, 1);
                put("open", each, 0);
            }
            commit();
            for (long each = next; each < next + JobQueue.AT_A_TIME; each++) {
                delete("running", each);
                delete("open", each);
                put("record", each, 0);
                put("ended", each, 0);
            }
            commit();
        }
        double done = (System.nanoTime() - start) / NANOS_PER_MICRO / jobs;
        double none = Double.NaN;
        return new double[]{put, none, done, none, none, none};
    }

    private void put(String directory, long name, long owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into entries values"
                + " ('bench', ?, ?, ?, 0, ?, ?, ?) on conflict (cluster, directory, name) do update set"
                + " value = excluded.value, changed = excluded.changed, owner = excluded.owner")) {
            statement.setString(1, "jobs/empty/" + directory);
            statement.setString(2, "~" + name);
            statement.setBytes(3, FORM);
            statement.setLong(4, stamp);
            statement.setLong(5, stamp);
            statement.setLong(6, owner);
            statement.executeUpdate();
        }
    }

    private void delete(String directory, long name) throws SQLException {
        try (PreparedStatement statement = connection
                .prepareStatement("delete from entries where cluster = 'bench' and directory = ? and name = ?")) {
            statement.setString(1, "jobs/empty/" + directory);
            statement.setString(2, "~" + name);
            statement.executeUpdate();
        }
    }

    private void commit() throws SQLException {
        stamp++;
        try (PreparedStatement changes = connection.prepareStatement("insert into changes values ('bench', ?, ?)");
                PreparedStatement raise = connection.prepareStatement("update clusters set stamp = ?")) {
            changes.setLong(1, stamp);
            changes.setString(2, "+jobs/empty/open/~12345678\n".repeat(2 * JobQueue.AT_A_TIME));
            changes.executeUpdate();
            raise.setLong(1, stamp);
            raise.executeUpdate();
        }
        connection.commit();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        delete(directory);
    }
}
