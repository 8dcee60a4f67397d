package dev.heddle.cluster.sql.sim;

import dev.heddle.Action;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import dev.heddle.sim.Sim;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session on the simulated database keeps the contract of stores, so the simulation is like a database. */
final class SimDatabaseStoreTest extends StoreContract implements StoreExpiryContract {

    private @Nullable SimDatabase database;

    @Override
    public StoreEngine engine() {
        return Objects.requireNonNull(database).engine("node");
    }

    @Override
    public void run(Action body) {
        Sim.seeds(1, 3, () -> {
            database = new SimDatabase(Sim.current().random(), true);
            body.run();
        });
    }

    @Override
    public void expire(Store expiring) {
        Objects.requireNonNull(database).end(expiring.session().id());
    }
}
