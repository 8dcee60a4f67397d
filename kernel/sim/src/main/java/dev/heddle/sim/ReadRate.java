package dev.heddle.sim;

/** The rate at which one end of a connection reads: a slow consumer gets a few bytes at a time, with pauses between. */
final class ReadRate {

    /** No bound. */
    static final long UNLIMITED = 0;

    private static final long SECOND = 1_000_000_000;

    /** A slow reader gets at most a tenth of a second's bytes at once, so that it trickles and does not gulp. */
    private static final int READS_PER_SECOND = 10;

    private final SimContext context;
    private final SimHost host;
    private long own = UNLIMITED;
    private long freeAtNanos;

    /** @param host whose own bound counts too, as it is at each read */
    ReadRate(SimContext context, SimHost host) {
        this.context = context;
        this.host = host;
    }

    /** Bounds this end alone. */
    void limitTo(long bytesPerSecond) {
        own = bytesPerSecond;
    }

    /** How many bytes may be read now; 0 during a pause. */
    int room() {
        if (freeAtNanos > context.clock.elapsedNanos()) {
            return 0;
        }
        long rate = rate();
        return rate == UNLIMITED
                ? Integer.MAX_VALUE
                : Math.clamp(rate / READS_PER_SECOND, 1, Integer.MAX_VALUE);
    }

    /** Begins the pause after some bytes, and lets {@code opened} run at its end. */
    void pauseAfter(int bytes, Runnable opened) {
        long rate = rate();
        if (rate != UNLIMITED) {
            long pauseNanos = Math.max(1, Math.ceilDiv(bytes * SECOND, rate));
            freeAtNanos = context.clock.after(pauseNanos);
            context.after(pauseNanos, opened);
        }
    }

    private long rate() {
        long hosts = host.readBytesPerSecond();
        if (own == UNLIMITED || hosts == UNLIMITED) {
            return Math.max(own, hosts);
        }
        return Math.min(own, hosts);
    }
}
