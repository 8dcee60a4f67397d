package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The simulated store without faults, as every store. */
final class SimStoreTest extends StoreContract implements StoreExpiryContract {

    private @Nullable SimStore store;

    @Override
    public StoreEngine engine() {
        return Objects.requireNonNull(store);
    }

    @Override
    public void run(Action body) {
        Sim.seeds(1, 3, () -> {
            store = SimStore.create(3);
            body.run();
        });
    }

    @Override
    public void expire(Store expiring) {
        Objects.requireNonNull(store).expire(expiring);
    }
}
