package dev.heddle.cluster.etcd;

import dev.heddle.Action;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.StoreExpiryContract;
import dev.heddle.sim.Sim;
import org.junit.jupiter.api.Tag;

/** A store on an etcd in memory keeps the contract of stores, in simulated time. */
@Tag("full")
final class EtcdContractTest extends StoreContract implements StoreExpiryContract {

    private FakeEtcd etcd;

    @Override
    public StoreEngine engine() {
        return etcd.store();
    }

    @Override
    public void run(Action body) {
        Sim.seeds(1, 2, () -> {
            try (FakeEtcd started = new FakeEtcd(3)) {
                etcd = started;
                body.run();
            }
        });
    }

    @Override
    public void expire(Store store) {
        etcd.revoke(store.session().id());
    }
}
