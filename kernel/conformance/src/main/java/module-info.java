/** The suites that every engine and stream passes, for those of others too, and a proxy that makes faults. */
module dev.heddle.conformance {
    requires static dev.heddle.cluster.store;
    requires static org.jspecify;
    requires transitive dev.heddle.net;
    requires transitive org.junit.jupiter.api;
    requires java.compiler;
    requires jdk.management;

    exports dev.heddle.conformance;

    // JUnit calls the tests by reflection, also those of the parts that are not public.
    opens dev.heddle.conformance;
}
