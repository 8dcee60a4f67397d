package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The faults that come by themselves, drawn from the seed. Faults at a chosen moment are methods of {@link SimNetwork},
 * {@link SimHost} and {@link Sim}.
 *
 * <p>All times are not negative and at most {@link #MAX_TIME}. What comes "every" so often comes at drawn times with
 * that mean, or never if it is zero.
 */
public final class FaultPlan {

    /** The longest time in a plan: 30 days. */
    public static final Duration MAX_TIME = Duration.ofDays(30);

    /** The highest chance that a task stalls: with a higher one it would hardly run. */
    public static final double MAX_STALL_CHANCE = 0.5;

    /** No faults. */
    public static final FaultPlan NONE = new FaultPlan(
            0,
            1 << 16,
            0,
            0,
            Duration.ZERO,
            Duration.ofSeconds(5),
            0,
            1000,
            0,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofHours(1));

    private final double cutChance;
    private final int cutWithinBytes;
    private final double refuseChance;
    private final double blackHoleChance;
    private final Duration outageEvery;
    private final Duration outageFor;
    private final double slowChance;
    private final long slowBytesPerSecond;
    private final double stallChance;
    private final Duration stallFor;
    private final Duration hostStallEvery;
    private final Duration hostStallFor;
    private final Duration clockJumpEvery;
    private final Duration clockJumpBy;

    private FaultPlan(double cutChance, int cutWithinBytes, double refuseChance, double blackHoleChance,
            Duration outageEvery, Duration outageFor, double slowChance, long slowBytesPerSecond, double stallChance,
            Duration stallFor, Duration hostStallEvery, Duration hostStallFor, Duration clockJumpEvery,
            Duration clockJumpBy) {
        Checks.fraction("cutChance", cutChance, 1);
        Checks.atLeast("cutWithinBytes", cutWithinBytes, 1);
        Checks.fraction("refuseChance", refuseChance, 1);
        Checks.fraction("blackHoleChance", blackHoleChance, 1);
        checkTime("outageEvery", outageEvery);
        checkTime("outageFor", outageFor);
        Checks.fraction("slowChance", slowChance, 1);
        Checks.atLeast("slowBytesPerSecond", slowBytesPerSecond, 1);
        Checks.fraction("stallChance", stallChance, MAX_STALL_CHANCE);
        checkTime("stallFor", stallFor);
        checkTime("hostStallEvery", hostStallEvery);
        checkTime("hostStallFor", hostStallFor);
        checkTime("clockJumpEvery", clockJumpEvery);
        checkTime("clockJumpBy", clockJumpBy);
        this.cutChance = cutChance;
        this.cutWithinBytes = cutWithinBytes;
        this.refuseChance = refuseChance;
        this.blackHoleChance = blackHoleChance;
        this.outageEvery = outageEvery;
        this.outageFor = outageFor;
        this.slowChance = slowChance;
        this.slowBytesPerSecond = slowBytesPerSecond;
        this.stallChance = stallChance;
        this.stallFor = stallFor;
        this.hostStallEvery = hostStallEvery;
        this.hostStallFor = hostStallFor;
        this.clockJumpEvery = clockJumpEvery;
        this.clockJumpBy = clockJumpBy;
    }

    /** The chance that a connection is reset at some point; 0 to 1. */
    public double cutChance() {
        return cutChance;
    }

    /** Such a connection is reset after fewer bytes than this in one of its directions; at least 1. */
    public int cutWithinBytes() {
        return cutWithinBytes;
    }

    /** The chance that an attempt to connect is refused though somebody listens; 0 to 1. */
    public double refuseChance() {
        return refuseChance;
    }

    /** The chance that an attempt to connect is never answered; 0 to 1. */
    public double blackHoleChance() {
        return blackHoleChance;
    }

    /** The mean time between two outages of a link. */
    public Duration outageEvery() {
        return outageEvery;
    }

    /** How long an outage lasts: nothing arrives, and what was sent arrives after it. */
    public Duration outageFor() {
        return outageFor;
    }

    /** The chance that an end of a connection is a slow consumer; 0 to 1. */
    public double slowChance() {
        return slowChance;
    }

    /** How much such an end can read; at least 1. */
    public long slowBytesPerSecond() {
        return slowBytesPerSecond;
    }

    /**
     * The chance, each time a task is about to run, that it does not for a time while others do; 0 to {@link
     * #MAX_STALL_CHANCE}.
     */
    public double stallChance() {
        return stallChance;
    }

    /** The longest such time. */
    public Duration stallFor() {
        return stallFor;
    }

    /**
     * The mean time between two moments at which a host stalls with all its tasks; each host by itself, but not {@link
     * SimNetwork#localhost()}.
     */
    public Duration hostStallEvery() {
        return hostStallEvery;
    }

    /** How long it stalls. */
    public Duration hostStallFor() {
        return hostStallFor;
    }

    /** The mean time between two jumps of the wall clock; timers and deadlines do not notice. */
    public Duration clockJumpEvery() {
        return clockJumpEvery;
    }

    /** The farthest such a jump goes, forward or back. */
    public Duration clockJumpBy() {
        return clockJumpBy;
    }

    /** Lets some connections be reset. */
    public FaultPlan withCuts(double chance, int withinBytes) {
        return new FaultPlan(chance, withinBytes, refuseChance, blackHoleChance, outageEvery, outageFor, slowChance,
                slowBytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, clockJumpEvery, clockJumpBy);
    }

    /** Lets some attempts to connect be refused. */
    public FaultPlan withRefuseChance(double refuseChance) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor,
                slowChance, slowBytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, clockJumpEvery,
                clockJumpBy);
    }

    /** Lets some attempts to connect get no answer. */
    public FaultPlan withBlackHoleChance(double blackHoleChance) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor,
                slowChance, slowBytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, clockJumpEvery,
                clockJumpBy);
    }

    /** Lets links be down now and then. */
    public FaultPlan withOutages(Duration every, Duration length) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, every, length, slowChance,
                slowBytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, clockJumpEvery, clockJumpBy);
    }

    /** Lets some ends of connections read slowly. */
    public FaultPlan withSlowReaders(double chance, long bytesPerSecond) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor, chance,
                bytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, clockJumpEvery, clockJumpBy);
    }

    /** Lets tasks stall now and then. */
    public FaultPlan withStalls(double chance, Duration longest) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor,
                slowChance, slowBytesPerSecond, chance, longest, hostStallEvery, hostStallFor, clockJumpEvery,
                clockJumpBy);
    }

    /** Lets whole hosts stall now and then. */
    public FaultPlan withHostStalls(Duration every, Duration length) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor,
                slowChance, slowBytesPerSecond, stallChance, stallFor, every, length, clockJumpEvery, clockJumpBy);
    }

    /** Lets the wall clock jump now and then. */
    public FaultPlan withClockJumps(Duration every, Duration most) {
        return new FaultPlan(cutChance, cutWithinBytes, refuseChance, blackHoleChance, outageEvery, outageFor,
                slowChance, slowBytesPerSecond, stallChance, stallFor, hostStallEvery, hostStallFor, every, most);
    }

    private static void checkTime(String name, Duration time) {
        Checks.notNegative(name, time);
        Checks.atMost(name, time, MAX_TIME);
    }

    @Override
    public String toString() {
        return "FaultPlan[cutChance=" + cutChance + ", cutWithinBytes=" + cutWithinBytes + ", refuseChance="
                + refuseChance + ", blackHoleChance=" + blackHoleChance + ", outageEvery=" + outageEvery
                + ", outageFor=" + outageFor + ", slowChance=" + slowChance + ", slowBytesPerSecond="
                + slowBytesPerSecond + ", stallChance=" + stallChance + ", stallFor=" + stallFor + ", hostStallEvery="
                + hostStallEvery + ", hostStallFor=" + hostStallFor + ", clockJumpEvery=" + clockJumpEvery
                + ", clockJumpBy=" + clockJumpBy + "]";
    }
}
