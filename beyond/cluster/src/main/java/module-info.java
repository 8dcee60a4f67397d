/** Pools, jobs, locks and queues over many machines. */
module dev.heddle.cluster {
    requires transitive dev.heddle.core;
    requires transitive dev.heddle.cluster.store;
    requires transitive dev.heddle.process;
    requires static dev.heddle.http;
    requires static org.jspecify;

    exports dev.heddle.cluster;
}
