package dev.heddle.cluster.sqlite;

import dev.heddle.cluster.sql.SqlClusterContract;
import dev.heddle.cluster.store.StoreEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that agree by a file of SQLite. */
@Tag("full")
final class ClusterOnSqliteTest implements SqlClusterContract {

    @TempDir
    private Path folder;

    @Override
    public StoreEngine engine() {
        return SqliteStore.at(folder.resolve("shop.db"));
    }
}
