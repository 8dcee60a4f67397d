package dev.heddle.sim;

import java.time.Duration;

/**
 * Faults that come by themselves, drawn from the seed. Faults at a chosen moment are methods of {@link SimNetwork}.
 *
 * @param cutChance the chance that a connection is reset at some point; 0 to 1
 * @param cutWithinBytes such a connection is reset after fewer bytes than this in one of its directions; at least 1
 * @param refuseChance the chance that an attempt to connect is refused though somebody listens; 0 to 1
 * @param blackHoleChance the chance that an attempt to connect is never answered; 0 to 1
 * @param outageEvery the mean time between two outages of a link, or zero for none; not negative, at most {@link
 *     #MAX_TIME}
 * @param outageFor how long an outage lasts: nothing arrives, and what was sent arrives after it; not negative,
 *     at most {@link #MAX_TIME}
 */
public record FaultPlan(
        double cutChance,
        int cutWithinBytes,
        double refuseChance,
        double blackHoleChance,
        Duration outageEvery,
        Duration outageFor) {

    /** The longest outage and the longest mean time between two: 30 days. */
    public static final Duration MAX_TIME = Duration.ofDays(30);

    /** No faults. */
    public static final FaultPlan NONE = new FaultPlan(0, 1 << 16, 0, 0, Duration.ZERO, Duration.ofSeconds(5));

    public FaultPlan {
        Checks.chance("cutChance", cutChance, 1);
        Checks.atLeast("cutWithinBytes", cutWithinBytes, 1);
        Checks.chance("refuseChance", refuseChance, 1);
        Checks.chance("blackHoleChance", blackHoleChance, 1);
        Checks.notNegative("outageEvery", outageEvery);
        Checks.atMost("outageEvery", outageEvery, MAX_TIME);
        Checks.notNegative("outageFor", outageFor);
        Checks.atMost("outageFor", outageFor, MAX_TIME);
    }

    public FaultPlan withCuts(double chance, int withinBytes) {
        return new FaultPlan(chance, withinBytes, refuseChance, blackHoleChance, outageEvery, outageFor);
    }

    public FaultPlan withRefuseChance(double chance) {
        return new FaultPlan(cutChance, cutWithinBytes, chance, blackHoleChance, outageEvery, outageFor);
    }

    public FaultPlan withBlackHoleChance(double chance) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, chance, outageEvery, outageFor);
    }

    public FaultPlan withOutages(Duration every, Duration length) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, every, length);
    }
}
