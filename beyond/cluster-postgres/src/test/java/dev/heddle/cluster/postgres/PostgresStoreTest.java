package dev.heddle.cluster.postgres;

import dev.heddle.Heddle;
import dev.heddle.cluster.sql.Expiry;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL keeps the contract of stores. */
@Tag("full")
final class PostgresStoreTest extends StoreContract implements StoreExpiryContract {

    private static RealPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = new RealPostgres(folder, RealPostgres.UNSYNCED);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public StoreEngine engine() {
        return server.store();
    }

    @Override
    public void expire(Store store) {
        Heddle.offload(() -> Expiry.end(server.dialect(), store.session().id()));
    }
}
