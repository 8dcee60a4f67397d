package dev.heddle.sim;

/**
 * What all parts of one simulation share: its time, what is going to happen, the trace, and the network's share of the
 * randomness.
 */
final class World {

    final VirtualClock clock;
    final EventQueue events = new EventQueue();
    final Trace trace = new Trace();
    final SimRandom random;

    /** The faults that come by themselves. */
    FaultPlan faults;

    World(VirtualClock clock, SimRandom random, FaultPlan faults) {
        this.clock = clock;
        this.random = random;
        this.faults = faults;
    }

    /** Lets something happen after a delay from now. */
    EventQueue.Event after(long delayNanos, Runnable action) {
        return events.add(clock.after(delayNanos), action);
    }
}
