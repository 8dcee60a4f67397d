package dev.heddle.examples.guide;

import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import java.util.HashMap;
import java.util.Map;

/** A node on a simulated host of its name, which works for the others. */
record Place(Cluster cluster, ClusterPool pool) {

    private static final int PORT = 7400;

    /** Joins with labels. */
    static Place of(String name, StoreEngine store, Map<String, String> labels) throws Exception {
        return Sim.current().network().host(name).run(() -> {
            Map<String, String> all = new HashMap<>(labels);
            all.put(ClusterPool.ADDRESS, name + ':' + PORT);
            Cluster cluster = Cluster.join(ClusterOptions.of("shop", store).withNode(name).withLabels(all));
            return new Place(cluster, ClusterPool.of(cluster, ClusterPoolOptions.of(PORT, NodeSecurity.none())));
        });
    }

    /** Leaves in order. */
    void leave() {
        pool.close();
        cluster.close();
    }
}
