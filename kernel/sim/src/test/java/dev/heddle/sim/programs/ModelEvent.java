package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model of an event: a flag, and who waits for it. */
final class ModelEvent {

    private final Model model;
    final List<Call> waiting = new ArrayList<>();
    boolean set;

    ModelEvent(Model model) {
        this.model = model;
    }

    void set() {
        set = true;
        int woken = 0;
        for (Call each : waiting) {
            if (each.isOpen()) {
                model.serve(each, Call.DONE);
                woken++;
            }
        }
        waiting.clear();
        if (woken > 1) {
            model.happened(Sometimes.EVENT_WOKE_SEVERAL);
        }
    }

    void clear() {
        set = false;
    }

    Call await(ModelTask task, String what, long limit) {
        return new Call(task, what, limit) {
            @Override
            @Nullable Object ready() {
                return set ? DONE : null;
            }

            @Override
            void park() {
                waiting.add(this);
            }

            @Override
            void leave() {
                waiting.remove(this);
            }

            /** Who waited before it was cleared again has been woken, so this is for those who came then. */
            @Override
            boolean isDue(long now) {
                return set;
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_AN_EVENT;
            }
        };
    }
}
