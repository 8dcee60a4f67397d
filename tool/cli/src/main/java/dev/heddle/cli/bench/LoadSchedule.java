package dev.heddle.cli.bench;

/**
 * The schedule of a load: when the next request is due, and when there are no more. All connections of one loop share
 * one.
 *
 * <p>Threads: the tasks of one loop.
 */
sealed interface LoadSchedule {

    /** No more requests. */
    long END = Long.MIN_VALUE;

    /**
     * Takes the next request.
     *
     * @param nowNanos the loop's clock
     * @return when it is due, which may have passed, or {@link #END}
     */
    long next(long nowNanos);

    /** How many requests were due before the end and taken by nobody. */
    default long missed() {
        return 0;
    }

    /**
     * A closed loop: each connection sends its next request when it has the reply to the last one, as wrk and ab do. A
     * server that stands still is asked less, so the times say little about what users of it would see.
     */
    final class Closed implements LoadSchedule {

        private final long endNanos;
        private long left;

        /**
         * @param endNanos no request begins from then on
         * @param most how many requests there are at most
         */
        Closed(long endNanos, long most) {
            this.endNanos = endNanos;
            this.left = most;
        }

        @Override
        public long next(long nowNanos) {
            if (left == 0 || nowNanos - endNanos >= 0) {
                return END;
            }
            left--;
            return nowNanos;
        }
    }

    /**
     * A fixed rate, whatever the server does: a request that had to wait for a free connection is late by that much,
     * and its time counts from when it was due (Gil Tene's "coordinated omission", as wrk2 does it).
     */
    final class Fixed implements LoadSchedule {

        private static final double NANOS_PER_SECOND = 1e9;

        private final long startNanos;
        private final long endNanos;
        private final double rate;
        private final int step;
        private final long most;
        private long index;

        /**
         * @param endNanos what is due from then on is not sent
         * @param rate requests per second of all loops together
         * @param first the first of them that belongs to this loop
         * @param step every which of them does
         * @param most how many requests all loops have together at most
         */
        Fixed(long startNanos, long endNanos, double rate, int first, int step, long most) {
            this.startNanos = startNanos;
            this.endNanos = endNanos;
            this.rate = rate;
            this.index = first;
            this.step = step;
            this.most = most;
        }

        @Override
        public long next(long nowNanos) {
            long due = due(index);
            if (index >= most || due - endNanos >= 0 || nowNanos - endNanos >= 0) {
                return END;
            }
            index += step;
            return due;
        }

        @Override
        public long missed() {
            long total = Math.min(most, (long) Math.ceil((endNanos - startNanos) * rate / NANOS_PER_SECOND));
            return total <= index ? 0 : (total - index + step - 1) / step;
        }

        /** By multiplication, so that no error adds up. */
        private long due(long number) {
            return startNanos + (long) (number * NANOS_PER_SECOND / rate);
        }
    }
}
