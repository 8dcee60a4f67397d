package dev.heddle.cluster.sqlite;

import dev.heddle.cluster.sql.SqlSchema;
import dev.heddle.cluster.sql.SqlSession;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.SqlStore;
import dev.heddle.cluster.store.Store;
import java.nio.file.Path;

/**
 * A file of SQLite as the place where the nodes of a cluster agree: one process, or several on one machine. Nothing is
 * installed, and what was committed is there after a crash or a loss of power.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", SqliteStore.at(Path.of("shop.db"))))) {
 *     ...
 * }
 * }</pre>
 *
 * <p>The file is made if it is not there; two more stand beside it while it is in use, {@code -wal} and {@code -shm}.
 * It must be on a disk of this machine: SQLite's locks do not work over a network. Each commit is written to the disk
 * before it is answered. One process writes at a time; the others wait for it.
 *
 * <p>A node notices what another process has done within {@value SqliteDialect#POLL_MILLIS} ms, and what its own
 * process has done at once. Of a process that has died, the entries go after its session's timeout.
 *
 * <p>Threads: immutable, for any; sessions are opened in tasks. To test code that uses it, take a file in a temporary
 * directory, or the simulated store.
 */
public final class SqliteStore implements SqlStore {

    private final Path file;

    private SqliteStore(Path file) {
        this.file = file;
    }

    /**
     * A store in this file.
     *
     * @param file in a directory that is there
     * @throws IllegalArgumentException if the path has a question mark, which the driver takes for options
     */
    public static SqliteStore at(Path file) {
        if (file.toString().indexOf('?') >= 0) {
            throw new IllegalArgumentException("the path of a file of SQLite has no question mark: " + file);
        }
        return new SqliteStore(file.toAbsolutePath());
    }

    @Override
    public String sql() {
        return new SqlSchema(new SqliteDialect(file)).sql();
    }

    @Override
    public void makeTables() {
        new SqlSchema(new SqliteDialect(file)).make();
    }

    @Override
    public Store open(SessionOptions options) {
        return SqlSession.open(new SqliteDialect(file), options);
    }

    /** The file. */
    @Override
    public String toString() {
        return "SQLite in " + file;
    }
}
