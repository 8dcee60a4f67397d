package dev.heddle.http.overload;

import java.util.concurrent.TimeUnit;

/**
 * A limit of requests at the same time that adapts by additive increase and multiplicative decrease (Chiu and Jain, 1989)
 * of what is measured in windows: how many of the requests took longer than the goal. As in the controller of Welsh and
 * Culler ("Adaptive Overload Control for Busy Internet Servers", USITS 2003), it goes by the 90th percentile, and goes
 * down by a factor of 1.2. They limit how many come in a second; this limits how many are there at the same time, which
 * by Little's law is the same where the time is held, and which also bounds what a service that hangs can gather.
 *
 * <pre>
 *                 more than a tenth too slow, and half of the limit was used: limit / 1.2
 *   a window ----<
 *                 no more than that, and all of the limit was used: limit + 1
 * </pre>
 *
 * <p>A window is as many requests as the limit, at least {@value #MIN_WINDOW}: so the limit can grow by one each time
 * that all who are there have been answered, as a congestion window does (RFC 5681, section 3.1); after ten seconds fewer
 * are enough. After a step down only requests count that have begun since: the others tell of the limit before. A limit that is not used is not judged: it
 * is not what makes anything slow, and nobody knows whether more would be well (RFC 7661).
 *
 * <p>Threads: one at a time; its owner sees to that.
 */
final class AdaptiveLimit {

    /** Fewer requests have no 90th percentile. */
    static final int MIN_WINDOW = 10;

    /** One in so many may be slower than the goal. */
    private static final int TAIL = 10;

    /** Requests with priority have a quarter of the limit on top, and at least so many. */
    private static final int MIN_RESERVE = 8;

    /** Older requests say little about now. */
    private static final long MAX_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int least;
    private final int most;
    private final long goalNanos;

    private int limit;
    private int running;

    // ---- the window ----

    private long begun;
    private int seen;
    private int slow;
    private int peak;

    /** Requests that began before say nothing of the limit of now. */
    private long changed;

    AdaptiveLimit(int initial, int least, int most, long goalNanos, long now) {
        this.limit = initial;
        this.least = least;
        this.most = most;
        this.goalNanos = goalNanos;
        this.begun = now;
        this.changed = now;
    }

    int limit() {
        return limit;
    }

    int running() {
        return running;
    }

    /** Takes a place if there is one. */
    boolean enter(boolean priority) {
        int places = priority ? limit + Math.max(MIN_RESERVE, limit / 4) : limit;
        if (running >= places) {
            return false;
        }
        running++;
        peak = Math.max(peak, running);
        return true;
    }

    /**
     * Gives a place back.
     *
     * @param start when it was taken
     * @param nanos how long the request took, without the waits for its peer
     * @param whole whether it was answered; else it may have been short only since it failed
     */
    void leave(long start, long nanos, boolean whole, long now) {
        running--;
        boolean late = nanos > goalNanos;
        if (start - changed < 0 || !(whole || late)) {
            return;
        }
        boolean old = now - begun > MAX_WINDOW_NANOS;
        if (old && seen < MIN_WINDOW) {
            begin(now);
        }
        seen++;
        slow += late ? 1 : 0;
        if (seen >= (old ? MIN_WINDOW : Math.max(MIN_WINDOW, limit))) {
            judge(now);
        }
    }

    private void judge(long now) {
        boolean tooSlow = (long) slow * TAIL > seen;
        if (tooSlow && (long) peak * 2 >= limit) {
            // In whole numbers: by 1.2, and by one at least.
            int lower = Math.max(least, Math.min(limit - 1, (int) (limit * 5L / 6)));
            if (lower < limit) {
                limit = lower;
                changed = now;
            }
        } else if (!tooSlow && peak >= limit) {
            limit = Math.min(most, limit + 1);
        }
        begin(now);
    }

    private void begin(long now) {
        begun = now;
        seen = 0;
        slow = 0;
        peak = running;
    }
}
