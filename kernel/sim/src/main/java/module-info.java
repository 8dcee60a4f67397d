/** Deterministic simulation: virtual time, seeded order, a network with faults, and a JUnit extension. */
module dev.heddle.sim {
    requires transitive dev.heddle.core;
    requires static dev.heddle.cluster.store;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports dev.heddle.sim;
}
