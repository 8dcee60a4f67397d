package dev.heddle.engine;

import dev.heddle.BrokenException;
import java.io.IOException;

/**
 * The waits of one reader and one writer over a {@link Watch}.
 *
 * <p>A watch is level-triggered and changing what it wants costs a system call, so an interest once set is kept. It is
 * taken back only when a readiness is told that nobody waits for, which would otherwise be told for ever.
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
        reading = new One(Watch.READABLE, "receiving ", what);
        writing = new One(Watch.WRITABLE, "sending ", what);
        watch = opener.open(this);
    }

    /** Makes the watch. */
    interface Opener {
        Watch open(Watch.Listener listener) throws IOException;
    }

    /** Waits for the next readability since {@link #readTried}. */
    void awaitReadable() {
        reading.awaitNext();
    }

    /** Waits for the next writability since {@link #writeTried}. */
    void awaitWritable() {
        writing.awaitNext();
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
        reading.wake();
        writing.wake();
    }

    private void want(int interest) throws IOException {
        if (interest != wanted) {
            watch.want(interest);
            wanted = interest;
        }
    }

    private final class One extends WaitSlot {

        private final int interest;
        private boolean ready;
        private boolean told;

        One(int interest, String doing, Object what) {
            super(doing, what);
            this.interest = interest;
        }

        void awaitNext() {
            if (ready) {
                ready = false;
                return;
            }
            try {
                want(wanted | interest);
            } catch (IOException e) {
                throw new BrokenException(this + " cannot be waited for: " + e.getMessage(), e);
            }
            await();
        }

        void used() {
            ready = false;
            told = false;
        }

        void happened() {
            if (wake()) {
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
    }
}
