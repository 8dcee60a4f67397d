/** Clusters whose nodes agree by PostgreSQL. */
@SuppressWarnings("requires-automatic") // the driver is no module yet
module dev.heddle.cluster.postgres {
    requires transitive dev.heddle.cluster.store;
    requires dev.heddle.cluster.sql;
    requires org.postgresql.jdbc;
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;

    exports dev.heddle.cluster.postgres;

    provides dev.heddle.cluster.store.StoreProvider with
            dev.heddle.cluster.postgres.PostgresStoreProvider;
}
