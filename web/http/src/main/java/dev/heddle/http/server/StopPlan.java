package dev.heddle.http.server;

import static dev.heddle.internal.Durations.shorter;

import dev.heddle.Loop;
import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.Kernel;
import java.time.Duration;

/**
 * The parts of a stop as they fit into the time that there is for it. At least a quarter of that is for requests in flight,
 * however long the drain would be, and a sixth for the clean-up of cancelled handlers, if they want as much.
 *
 * @param drain how long connections are still accepted
 * @param grace how long requests in flight may take then
 * @param cleanUp how long cancelled handlers may take then
 */
record StopPlan(Duration drain, Duration grace, Duration cleanUp) {

    /** How long cancelled handlers have for their clean-up before the server goes without them. */
    static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private static final int GRACE_PART = 4;
    private static final int CLEAN_UP_PART = 6;

    /** The plan for what a server would take by itself. */
    static StopPlan within(Duration most, Duration drain, Duration grace) {
        Duration working = most.minus(shorter(CLEAN_UP, most.dividedBy(CLEAN_UP_PART)));
        Duration draining = shorter(drain, working.minus(shorter(grace, working.dividedBy(GRACE_PART))));
        Duration finishing = shorter(grace, working.minus(draining));
        return new StopPlan(
                draining, finishing, shorter(CLEAN_UP, most.minus(draining).minus(finishing)));
    }

    /**
     * Tells when what a program has asked for cannot be had within the shutdown timeout of its run. The default grace asks
     * for nothing: it takes what is left.
     */
    static void check(Loop loop, String address, ServerConfig config) {
        Duration drain = config.drainDelay();
        Duration grace = config.limits().stopGrace();
        StopPlan had = within(Kernel.longestStop(loop), drain, grace);
        boolean isWanted = !grace.equals(ServerLimits.DEFAULT.stopGrace());
        boolean isGraceCut = isWanted && had.grace().compareTo(grace) < 0;
        if (isGraceCut || had.drain().compareTo(drain) < 0) {
            ServerLog.stopCut("the stop of " + address + " does not fit: a drainDelay of " + Durations.words(drain)
                    + " and a stopGrace of " + Durations.words(grace) + " become "
                    + Durations.words(had.drain()) + " and " + Durations.words(had.grace())
                    + " in a run with a shutdownTimeout of " + Durations.words(loop.config().shutdownTimeout())
                    + ", of which three quarters are for it. Make Config.withShutdownTimeout longer, or these shorter");
        }
    }
}
