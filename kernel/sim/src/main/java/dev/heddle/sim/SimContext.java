package dev.heddle.sim;

/**
 * The context that all parts of one simulation share: its time, what is going to happen, the trace, and the network's
 * share of the randomness.
 */
final class SimContext {

    final VirtualClock clock;
    final EventQueue events = new EventQueue();
    final EventTrace trace = new EventTrace();
    final SimRandom random;
    final FaultTally tally = new FaultTally();

    /** The faults that come by themselves. */
    FaultPlan faults;

    SimContext(VirtualClock clock, SimRandom random, FaultPlan faults) {
        this.clock = clock;
        this.random = random;
        this.faults = faults;
        tally.plan(faults);
    }

    void plan(FaultPlan plan) {
        faults = plan;
        tally.plan(plan);
    }

    /** Draws whether a planned fault strikes; nothing is drawn where none is planned. */
    boolean strikes(FaultKind kind, double chance) {
        boolean strikes = chance > 0 && random.chance(chance);
        if (strikes) {
            tally.struck(kind);
        }
        return strikes;
    }

    /** Lets something happen after a delay from now. */
    EventQueue.Event after(long delayNanos, Runnable action) {
        return events.add(clock.after(delayNanos), action);
    }
}
