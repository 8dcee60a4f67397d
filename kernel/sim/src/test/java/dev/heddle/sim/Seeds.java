package dev.heddle.sim;

import dev.heddle.Action;
import java.time.Duration;

/**
 * The seeds of the scenarios: 200 in the build, and as many as the system property {@code heddle.seeds} says in a
 * search.
 */
final class Seeds {

    private static final int COUNT = Integer.getInteger("heddle.seeds", 200);

    /** A bad day for machines and network. */
    static final FaultPlan ROUGH = FaultPlan.NONE
            .withStalls(0.02, Duration.ofMillis(300))
            .withHostStalls(Duration.ofSeconds(20), Duration.ofSeconds(1))
            .withSlowReaders(0.2, 2_000)
            .withClockJumps(Duration.ofSeconds(5), Duration.ofHours(1))
            .withOutages(Duration.ofSeconds(10), Duration.ofSeconds(1));

    private Seeds() {}

    static void run(Action body) {
        Sim.seeds(1, COUNT, body);
    }

    static void run(SimOptions options, Sim.Body body) {
        Sim.seeds(options.withSeed(1), COUNT, body);
    }
}
