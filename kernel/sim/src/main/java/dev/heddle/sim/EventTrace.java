package dev.heddle.sim;

/**
 * The trace of a run, as a hash: two runs with the same hash took the same steps in the same order at the same times.
 *
 * <p>Kept as one number and not as a list, so that a run of any length can be compared for the price of a
 * multiplication per step.
 */
final class EventTrace {

    /** The kinds of steps beside those of {@link NetworkEvent}. */
    private static final int TASK = 1;

    private static final int JUMP = 2;

    private static final int STALL = 3;

    private static final int CLOCK_JUMP = 4;

    private long hash;
    private long steps;
    private int ran;

    /**
     * A task or a callback runs.
     *
     * @param id the loop's number for the task, 0 for a callback
     */
    void task(long id) {
        steps++;
        ran = (int) SimRandom.mix(ran ^ id);
        add(TASK, id, 0);
    }

    /** The clock jumps to a time since the start. */
    void jump(long toNanos) {
        add(JUMP, toNanos, 0);
    }

    /** A task that could run does not for a time. */
    void stall(long id, long nanos) {
        add(STALL, id, nanos);
    }

    /** The wall clock jumps by itself. */
    void clockJump(long byNanos) {
        add(CLOCK_JUMP, byNanos, 0);
    }

    /** Something happens in the network. */
    void network(NetworkEvent event, long connection, long bytes) {
        add(event.code, connection, bytes);
    }

    long hash() {
        return hash;
    }

    /** A hash over the tasks and callbacks that ran, in their order, whatever the time and the network. */
    int ran() {
        return ran;
    }

    /** How many tasks and callbacks ran. */
    long steps() {
        return steps;
    }

    private void add(int kind, long first, long second) {
        long mixed = SimRandom.mix(hash + kind);
        mixed = SimRandom.mix(mixed ^ first);
        hash = SimRandom.mix(mixed + second);
    }
}
