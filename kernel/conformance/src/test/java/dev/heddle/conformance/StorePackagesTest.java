package dev.heddle.conformance;

import dev.heddle.cluster.store.Store;
import org.junit.jupiter.api.Test;

/** The packages of the module cluster-store: the values of a store, their tree, and the store in memory. */
final class StorePackagesTest {

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(Store.class)
                .words("dev.heddle.cluster.store", "Bytes", "CommitOutcome", "Entry", "Key", "Lifetime", "Listing",
                        "Op",
                        "Refusal", "StoreLimits", "WatchEvent")
                .row("dev.heddle.cluster.store.internal", "words of dev.heddle.cluster.store")
                .row("dev.heddle.cluster.store", "dev.heddle.cluster.store.internal")
                .check();
    }
}
