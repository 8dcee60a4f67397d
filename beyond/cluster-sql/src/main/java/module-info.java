/** What the stores on databases with SQL have in common. */
@SuppressWarnings("module") // what is exported to is not known here
module dev.heddle.cluster.sql {
    requires transitive dev.heddle.cluster.store;
    requires transitive java.sql;
    requires static org.jspecify;

    exports dev.heddle.cluster.sql to
            dev.heddle.cluster.postgres,
            dev.heddle.cluster.sqlite;
}
