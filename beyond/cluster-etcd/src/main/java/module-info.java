/** Clusters whose nodes agree by etcd. */
module dev.heddle.cluster.etcd {
    requires transitive dev.heddle.cluster.store;
    requires transitive dev.heddle.net;
    requires dev.heddle.http;
    requires dev.heddle.json;
    requires static org.jspecify;

    exports dev.heddle.cluster.etcd;

    provides dev.heddle.cluster.store.StoreProvider with
            dev.heddle.cluster.etcd.EtcdStoreProvider;
}
