package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.pool.ProgramHash;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.process.ProcessPoolOptions;

/** Pools that say that they are of another version than this build. */
public final class WireVersions {

    private WireVersions() {}

    /** The pool of a node that speaks the wire from one version to another. */
    public static ClusterPool pool(Cluster cluster, ClusterPoolOptions options, int oldest, int newest) {
        ProcessPoolOptions processes = options.processes();
        var self = new Hello(
                newest, oldest, cluster.name(), cluster.self().name(), Heddle.offload(ProgramHash::ofThis),
                processes.workers(), processes.maxBytes());
        return ClusterPool.of(self, new ClusterPeers(cluster), options);
    }
}
