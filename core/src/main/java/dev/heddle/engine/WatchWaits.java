package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.Waiter;
import java.io.IOException;

/**
 * The waits of one reader and one writer over a {@link Watch}.
 *
 * <p>A watch is level-triggered and changing what it wants costs a system call, so an interest once set is kept. It is taken back
 * only when a readiness is told that nobody waits for, which would otherwise be told for ever.
 */
final class WatchWaits implements Watch.Listener {

    private final One reading;
    private final One writing;
    private final Watch watch;
    private int wanted;

    /**
     * @param what what is read and written, fit for a report
     * @throws IOException if the engine cannot watch it
     */
    WatchWaits(Opener opener, Object what) throws IOException {
        reading = new One(Watch.READABLE, new Doing("receiving ", what));
        writing = new One(Watch.WRITABLE, new Doing("sending ", what));
        watch = opener.open(this);
    }

    /** Makes the watch. */
    interface Opener {
        Watch open(Watch.Listener listener) throws IOException;
    }

    /** Waits for the next readability since {@link #readTried}. */
    void awaitReadable() {
        reading.await();
    }

    /** Waits for the next writability since {@link #writeTried}. */
    void awaitWritable() {
        writing.await();
    }

    /** Reading was tried, so a readiness told before counts no more. */
    void readTried() {
        reading.used();
    }

    /** Writing was tried, so a readiness told before counts no more. */
    void writeTried() {
        writing.used();
    }

    @Override
    public void ready(int readiness) {
        if ((readiness & (Watch.READABLE | Watch.FAILED)) != 0) {
            reading.happened();
        }
        if ((readiness & (Watch.WRITABLE | Watch.FAILED)) != 0) {
            writing.happened();
        }
    }

    /** Ends the watch and wakes both to look again. */
    void close() {
        watch.close();
        reading.nudge();
        writing.nudge();
    }

    private void want(int interest) throws IOException {
        if (interest != wanted) {
            watch.want(interest);
            wanted = interest;
        }
    }

    private final class One {

        private final int interest;
        private final Waiter waiter;
        private boolean awaited;
        private boolean ready;
        private boolean told;

        One(int interest, Object waitingFor) {
            this.interest = interest;
            this.waiter = new Waiter(waitingFor);
        }

        void await() {
            if (ready) {
                ready = false;
                return;
            }
            try {
                want(wanted | interest);
            } catch (IOException e) {
                throw new BrokenException(waiter + " cannot be waited for: " + e.getMessage(), e);
            }
            waiter.reset();
            awaited = true;
            try {
                waiter.await();
            } finally {
                awaited = false;
            }
        }

        void used() {
            ready = false;
            told = false;
        }

        void happened() {
            if (awaited && waiter.complete()) {
                told = true;
            } else if (told) {
                // The task has been woken and will try at its turn; the watch may repeat itself once until then.
                told = false;
            } else {
                ready = true;
                try {
                    want(wanted & ~interest);
                } catch (IOException e) {
                    // Below the tasks nobody can be told; the watch repeats itself, and this is tried again.
                }
            }
        }

        void nudge() {
            if (awaited) {
                waiter.complete();
            }
        }
    }

    private record Doing(String verb, Object what) {

        @Override
        public String toString() {
            return verb + what;
        }
    }
}
