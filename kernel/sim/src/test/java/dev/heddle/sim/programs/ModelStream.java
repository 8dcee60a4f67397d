package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model of one direction of a connection. When and in how many parts bytes arrive is the network's affair; they
 * must be what was written, in order: each write's bytes carry its number.
 */
final class ModelStream {

    private final Model model;
    private final List<Write> writes = new ArrayList<>();

    /** The write whose bytes come now, and how many of them have come. */
    private int current;

    private int come;
    private boolean ended;
    private boolean cut;

    /** How often its link was parted, and whether it is now. */
    private int partings;

    private boolean parted;

    ModelStream(Model model) {
        this.model = model;
    }

    /** One write, and what is left of it if it was not done. */
    private final class Write extends Io {

        private final int size;
        private boolean done;

        /** The number of the parting in which it began; 0 for none. */
        private final int parting = parted ? partings : 0;

        Write(ModelTask task, String what, int size) {
            super(task, what);
            this.size = size;
        }

        /** Writing no bytes does nothing. */
        @Override
        boolean answersTheCancelled(Object outcome) {
            return size == 0 || super.answersTheCancelled(outcome);
        }

        @Override
        void over(Object outcome) {
            done = outcome == DONE;
        }
    }

    /** A call whose time and outcome are the network's affair. */
    private abstract static class Io extends Call {

        Io(ModelTask task, String what) {
            super(task, what, ModelScope.NEVER);
        }

        @Override
        @Nullable Object ready() {
            return null;
        }

        @Override
        boolean givesWay() {
            return true;
        }

        /** A stream that is closed or lost says so first. */
        @Override
        boolean answersTheCancelled(Object outcome) {
            return outcome == CLOSED || outcome == BROKEN || super.answersTheCancelled(outcome);
        }

        @Override
        boolean gives(Object outcome) {
            return true;
        }

        @Override
        void take(Object outcome) {
            over(outcome);
        }

        @Override
        boolean endsBy(Object outcome) {
            over(outcome);
            return true;
        }

        abstract void over(Object outcome);
    }

    /** The number that the bytes of the next write carry. */
    byte tag() {
        return (byte) writes.size();
    }

    Call write(ModelTask task, String what, int size) {
        var write = new Write(task, what, size);
        writes.add(write);
        return write;
    }

    Call read(ModelTask task, String what) {
        return new Io(task, what) {
            @Override
            void over(Object outcome) {
                if (outcome instanceof byte[] bytes) {
                    arrived(bytes);
                } else if (outcome == CLOSED) {
                    check(ended || cut, "the end of a stream that nobody ended");
                }
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_A_READ;
            }
        };
    }

    /** Its writer has said that no more comes. */
    void end() {
        ended = true;
    }

    /** It was aborted, so that what is under way may be lost. */
    void cut() {
        cut = true;
        model.happened(Sometimes.STREAM_WAS_CUT);
    }

    /** Its link is parted: what is written from now on stays there. */
    void part() {
        partings++;
        parted = true;
    }

    void heal() {
        parted = false;
    }

    private void arrived(byte[] bytes) {
        for (byte each : bytes) {
            while (current < writes.size() && each != (byte) current && isOver(writes.get(current))) {
                current++;
                come = 0;
            }
            boolean right = current < writes.size() && each == (byte) current && come < writes.get(current).size;
            check(right, "a byte of write " + each + " after " + come + " of write " + current);
            if (right && writes.get(current).parting > 0) {
                model.crossed(!parted || writes.get(current).parting != partings, "a byte of write " + each);
            }
            come++;
        }
        model.happened(Sometimes.BYTES_ARRIVED);
    }

    /** Whether bytes of the next write may come: this one has come whole, or nothing of it was handed over. */
    private boolean isOver(Write write) {
        return come == write.size || (come == 0 && !write.done);
    }

    private void check(boolean right, String what) {
        model.result("a read", "what was written", right ? "what was written" : what);
    }
}
