package dev.heddle.observe.internal.top;

/**
 * The figures of what tasks have done in some time.
 *
 * @param busy nanoseconds that they ran
 * @param offloaded nanoseconds that bodies ran which they have offloaded
 * @param runs how many times they went on
 * @param delay nanoseconds that they were ready and did not run
 * @param allocated bytes of memory that they took
 */
public record Figures(long busy, long offloaded, long runs, long delay, long allocated) {

    static final Figures NONE = new Figures(0, 0, 0, 0, 0);

    /** Nanoseconds on a processor, wherever. */
    public long work() {
        return busy + offloaded;
    }

    Figures plus(Figures other) {
        return new Figures(
                busy + other.busy, offloaded + other.offloaded, runs + other.runs, delay + other.delay,
                allocated + other.allocated);
    }

    Figures minus(Figures other) {
        return new Figures(
                busy - other.busy, offloaded - other.offloaded, runs - other.runs, delay - other.delay,
                allocated - other.allocated);
    }
}
