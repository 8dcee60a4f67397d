package dev.heddle.sim;

import dev.heddle.FailureHandler;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.time.Instant;

/**
 * The options of a simulation.
 */
public final class SimOptions {

    /** Above it, the clock could not count. First, since the default is checked against it. */
    private static final Duration CLOCK_RANGE = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * Seed 0, a start on 2030-01-01, {@link LinkOptions#DEFAULT}, no faults, at most 100 years, 100 million steps and
     * one minute of real waiting, failures logged, and leftovers and waits in real time refused.
     */
    public static final SimOptions DEFAULT = new SimOptions(
            0,
            Instant.parse("2030-01-01T00:00:00Z"),
            0,
            LinkOptions.DEFAULT,
            FaultPlan.NONE,
            Duration.ofDays(36_500),
            100_000_000,
            Duration.ofMinutes(1),
            FailureHandler.LOG,
            true,
            false);

    private final long seed;
    private final Instant start;
    private final long clockOriginNanos;
    private final LinkOptions link;
    private final FaultPlan faults;
    private final Duration maxVirtualTime;
    private final long maxSteps;
    private final Duration maxRealWait;
    private final FailureHandler failureHandler;
    private final boolean checkLeftovers;
    private final boolean realTimeWaits;

    private SimOptions(long seed, Instant start, long clockOriginNanos, LinkOptions link, FaultPlan faults,
            Duration maxVirtualTime, long maxSteps, Duration maxRealWait, FailureHandler failureHandler,
            boolean checkLeftovers, boolean realTimeWaits) {
        Checks.positive("maxVirtualTime", maxVirtualTime);
        if (maxVirtualTime.compareTo(CLOCK_RANGE) >= 0) {
            throw new IllegalArgumentException(
                    "maxVirtualTime is " + maxVirtualTime + ", must be less than " + CLOCK_RANGE);
        }
        Checks.atLeast("maxSteps", maxSteps, 1);
        Checks.positive("maxRealWait", maxRealWait);
        this.seed = seed;
        this.start = start;
        this.clockOriginNanos = clockOriginNanos;
        this.link = link;
        this.faults = faults;
        this.maxVirtualTime = maxVirtualTime;
        this.maxSteps = maxSteps;
        this.maxRealWait = maxRealWait;
        this.failureHandler = failureHandler;
        this.checkLeftovers = checkLeftovers;
        this.realTimeWaits = realTimeWaits;
    }

    /** What all order and all faults are drawn from. */
    public long seed() {
        return seed;
    }

    /** The wall clock at the start. */
    public Instant start() {
        return start;
    }

    /**
     * What {@code Engine.nanoTime()} is at the start; near {@link Long#MAX_VALUE} it finds code that compares clock
     * readings instead of differences.
     */
    public long clockOriginNanos() {
        return clockOriginNanos;
    }

    /** How links behave that have no options of their own. */
    public LinkOptions link() {
        return link;
    }

    /** The faults that come by themselves. */
    public FaultPlan faults() {
        return faults;
    }

    /** The run fails when its time would pass this; positive, less than 292 years. */
    public Duration maxVirtualTime() {
        return maxVirtualTime;
    }

    /** The run fails after as many runs of tasks and callbacks; at least 1. */
    public long maxSteps() {
        return maxSteps;
    }

    /** The run fails when work on other threads takes longer than this in real time; positive. */
    public Duration maxRealWait() {
        return maxRealWait;
    }

    /** Hears of failures that nobody joins; an {@link AssertionError} among them fails the run too. */
    public FailureHandler failureHandler() {
        return failureHandler;
    }

    /** Whether streams and listeners that are still open at the end fail the run. */
    public boolean checkLeftovers() {
        return checkLeftovers;
    }

    /**
     * Whether tasks may wait in code of the JDK for a time, as {@code Thread.sleep} does: such a wait takes real time
     * and no virtual time, and what a run does may then depend on the machine; the run fails at the first if not.
     */
    public boolean realTimeWaits() {
        return realTimeWaits;
    }

    public SimOptions withSeed(long seed) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withStart(Instant start) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withClockOriginNanos(long clockOriginNanos) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withLink(LinkOptions link) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withFaults(FaultPlan faults) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withMaxVirtualTime(Duration maxVirtualTime) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withMaxSteps(long maxSteps) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withMaxRealWait(Duration maxRealWait) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withFailureHandler(FailureHandler failureHandler) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withCheckLeftovers(boolean checkLeftovers) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    public SimOptions withRealTimeWaits(boolean realTimeWaits) {
        return new SimOptions(seed, start, clockOriginNanos, link, faults, maxVirtualTime, maxSteps, maxRealWait,
                failureHandler, checkLeftovers, realTimeWaits);
    }

    @Override
    public String toString() {
        return "SimOptions[seed=" + seed + ", start=" + start + ", clockOriginNanos=" + clockOriginNanos + ", link="
                + link + ", faults=" + faults + ", maxVirtualTime=" + maxVirtualTime + ", maxSteps=" + maxSteps
                + ", maxRealWait=" + maxRealWait + ", failureHandler=" + failureHandler + ", checkLeftovers="
                + checkLeftovers + ", realTimeWaits=" + realTimeWaits + "]";
    }
}
