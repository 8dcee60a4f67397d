package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model of a promise: how it ended, and who waits for it. */
final class ModelPromise {

    private final Model model;
    private final List<Call> waiting = new ArrayList<>();
    private @Nullable Object end;

    ModelPromise(Model model) {
        this.model = model;
    }

    /**
     * Ends it, if it is open.
     *
     * @return whether it was
     */
    boolean decide(Object how) {
        if (end != null) {
            return false;
        }
        end = how;
        for (Call each : waiting) {
            if (each.isOpen()) {
                model.serve(each, how);
                model.happened(Sometimes.PROMISE_MET_A_JOIN);
            }
        }
        waiting.clear();
        return true;
    }

    Call join(ModelTask task, String what) {
        return new Call(task, what, ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return end;
            }

            @Override
            boolean answersTheCancelled(Object outcome) {
                return end != TASK_CANCELLED;
            }

            @Override
            void park() {
                waiting.add(this);
            }

            @Override
            void leave() {
                waiting.remove(this);
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_A_JOIN;
            }
        };
    }
}
