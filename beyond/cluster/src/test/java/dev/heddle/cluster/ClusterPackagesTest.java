package dev.heddle.cluster;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of a cluster: its words, what everything stands on, jobs, the streams between nodes, and what users see. */
final class ClusterPackagesTest {

    @Test
    void packagesStandInOrder() {
        String cluster = "dev.heddle.cluster";
        PackageOrder.of(Cluster.class)
                .words(cluster, "Token", "OutcomeUnknownException", "LockLostException", "BodyLostException",
                        "NodeRefusedException")
                .row(cluster + ".internal", "words of " + cluster)
                .row(cluster + ".internal.jobs", cluster + ".internal")
                .row(cluster + ".internal.wire", "words of " + cluster)
                .row(cluster + ".internal.pool", cluster + ".internal.wire")
                .row(cluster, cluster + ".internal.jobs", cluster + ".internal.pool")
                .larger(cluster, 80) // a queue of jobs is a third of it, and users take all of it from one place
                .check();
    }
}
