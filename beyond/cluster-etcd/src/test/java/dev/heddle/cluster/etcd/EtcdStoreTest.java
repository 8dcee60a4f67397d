package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd keeps the contract of stores. */
@Tag("full")
final class EtcdStoreTest extends StoreContract implements StoreExpiryContract {

    private static RealEtcd etcd;

    @BeforeAll
    static void start(@TempDir Path folder) {
        etcd = new RealEtcd(folder, 1);
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    public StoreEngine engine() {
        return EtcdStore.at(etcd.endpoints());
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(4);
    }

    @Override
    public void expire(Store store) {
        etcd.call("/v3/lease/revoke", Map.of("ID", store.session().id()));
    }
}
