package dev.heddle.cluster.zookeeper;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The store on ZooKeeper keeps the contract of stores; a server of this JVM is the ensemble. */
@Tag("full")
final class ZooKeeperStoreTest extends StoreContract implements StoreExpiryContract {

    @TempDir
    static Path directory;

    private static SingleServer server;

    @BeforeAll
    static void start() {
        server = new SingleServer(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public StoreEngine engine() {
        return server.server();
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void expire(Store store) {
        Heddle.offload(() -> server.server().peer().server().closeSession(store.session().id()));
    }
}
