package dev.heddle.conformance;

import dev.heddle.cluster.store.MemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import java.time.Duration;

/** The store in the memory of this JVM. */
final class MemoryStoreTest extends StoreContract {

    private final MemoryStore store = MemoryStore.create();

    @Override
    public StoreEngine engine() {
        return store;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMillis(100);
    }
}
