package dev.heddle.cluster.sqlite;

import dev.heddle.Heddle;
import dev.heddle.cluster.sql.Expiry;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A file of SQLite keeps the contract of stores. */
@Tag("full")
final class SqliteStoreTest extends StoreContract implements StoreExpiryContract {

    @TempDir
    private static Path folder;

    private static Path file() {
        return folder.resolve("store.db");
    }

    @Override
    public StoreEngine engine() {
        return SqliteStore.at(file());
    }

    @Override
    public void expire(Store store) {
        Heddle.offload(() -> Expiry.end(new SqliteDialect(file()), store.session().id()));
    }
}
