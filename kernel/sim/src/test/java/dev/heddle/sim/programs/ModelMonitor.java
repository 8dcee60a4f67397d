package dev.heddle.sim.programs;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The model of a mutex with a condition.
 *
 * <p>Whoever was woken asks for the mutex again when it next runs, which cannot be seen. So among those who want the
 * mutex the model knows no order, only that one holds it at a time, and that it is not free while somebody waits.
 */
final class ModelMonitor {

    private final Model model;
    private final Set<Call> line = new LinkedHashSet<>();

    /** Those that a signal may have met, or may have passed since they were giving up. */
    private final Set<Call> perhaps = new HashSet<>();

    private final Set<Call> wanting = new HashSet<>();
    private @Nullable ModelTask holder;

    ModelMonitor(Model model) {
        this.model = model;
    }

    void release() {
        holder = null;
    }

    Call acquire(ModelTask task, String what) {
        return new Call(task, what, ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return holder == task ? REFUSED : holder == null && wanting.isEmpty() ? DONE : null;
            }

            @Override
            boolean gives(Object outcome) {
                return outcome == REFUSED ? holder == task : outcome == DONE && holder == null;
            }

            @Override
            void take(Object outcome) {
                if (outcome == DONE) {
                    holder = task;
                }
            }

            @Override
            void park() {
                wanting.add(this);
            }

            @Override
            void leave() {
                wanting.remove(this);
            }

            @Override
            boolean endsBy(Object outcome) {
                boolean free = holder == null;
                holder = task;
                return free && outcome == DONE;
            }

            @Override
            boolean isDue(long now) {
                return holder == null;
            }
        };
    }

    Call await(ModelTask task, String what, long limit) {
        return new Call(task, what, limit) {
            @Override
            @Nullable Object ready() {
                return holder == task ? null : REFUSED;
            }

            @Override
            void park() {
                holder = null;
                line.add(this);
                wanting.add(this);
            }

            /** However it ends, it holds the mutex again. */
            @Override
            void ended(Object outcome) {
                line.remove(this);
                wanting.remove(this);
                if (outcome == CANCELLED) {
                    model.happened(Sometimes.CANCEL_MET_A_CONDITION);
                }
                model.result(what + " with its mutex again", "free", holder == null ? "free" : "held by " + holder);
                holder = task;
            }

            @Override
            boolean endsBy(Object outcome) {
                return outcome == DONE && perhaps.contains(this);
            }

            @Override
            boolean overruns() {
                return true;
            }

            @Override
            boolean isHeldUp() {
                return holder != null;
            }
        };
    }

    /**
     * Wakes the first, or all. One that is giving up may have left the line by now, and waits for the mutex; so may
     * one that an earlier signal has met, perhaps.
     *
     * @return false if the caller may not
     */
    boolean signal(ModelTask task, boolean all) {
        if (holder != task) {
            return false;
        }
        boolean certain = true;
        for (Call each : List.copyOf(line)) {
            boolean givesUp = model.mayBeCancelled(each.scope) || each.limit <= model.time();
            if (!each.isOpen()) {
                continue;
            }
            boolean mayBeGone = givesUp || perhaps.contains(each);
            if (givesUp || !(all || certain && !mayBeGone)) {
                perhaps.add(each);
            } else {
                model.serve(each, Call.DONE);
                model.happened(Sometimes.SIGNAL_MET_A_WAIT);
            }
            if (!mayBeGone && !all) {
                return true;
            }
            certain &= !mayBeGone;
        }
        return true;
    }
}
