/** Clusters whose nodes agree by a file of SQLite. */
module dev.heddle.cluster.sqlite {
    requires transitive dev.heddle.cluster.store;
    requires dev.heddle.cluster.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports dev.heddle.cluster.sqlite;

    provides dev.heddle.cluster.store.StoreProvider with
            dev.heddle.cluster.sqlite.SqliteStoreProvider;
}
