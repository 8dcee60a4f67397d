/** What a cluster needs of an engine: sessions, commits, reads and watches. */
@SuppressWarnings("module") // what is exported to is not known here
module dev.heddle.cluster.store {
    requires transitive dev.heddle.core;
    requires transitive java.sql;
    requires static org.jspecify;

    exports dev.heddle.cluster.store;
    exports dev.heddle.cluster.store.internal to
            dev.heddle.cluster,
            dev.heddle.cluster.etcd,
            dev.heddle.cluster.sql,
            dev.heddle.conformance,
            dev.heddle.sim;

    uses dev.heddle.cluster.store.StoreProvider;
}
