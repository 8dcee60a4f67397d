package dev.heddle.cluster.sqlite;

import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.sql.SqlInboxContract;
import dev.heddle.cluster.store.StoreEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of transactions in a file of SQLite. */
@Tag("full")
final class SqliteInboxTest implements SqlInboxContract {

    @TempDir
    private Path folder;

    @Override
    public SqlDialect dialect() {
        return new SqliteDialect(folder.resolve("shop.db"));
    }

    @Override
    public StoreEngine engine() {
        return SqliteStore.at(folder.resolve("shop.db"));
    }
}
