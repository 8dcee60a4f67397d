package dev.heddle.cluster.postgres;

import dev.heddle.cluster.sql.SqlClusterContract;
import dev.heddle.cluster.store.StoreEngine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster that agree by a real PostgreSQL. */
@Tag("full")
final class ClusterOnPostgresTest implements SqlClusterContract {

    private static RealPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = new RealPostgres(folder, RealPostgres.UNSYNCED);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.asOperator("shop", "drop schema if exists heddle cascade");
    }

    @Override
    public StoreEngine engine() {
        return server.store();
    }
}
