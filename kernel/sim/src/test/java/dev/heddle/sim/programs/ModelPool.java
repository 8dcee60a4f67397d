package dev.heddle.sim.programs;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The model of a pool of tasks: how many places are taken, and which spawns wait for one. */
final class ModelPool {

    private final Model model;
    private final int places;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private int taken;

    ModelPool(Model model, int places) {
        this.model = model;
        this.places = places;
    }

    int taken() {
        return taken;
    }

    Call place(ModelTask task, String what) {
        return new Call(task, what, ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return taken < places ? DONE : null;
            }

            @Override
            void take(Object outcome) {
                taken++;
            }

            @Override
            void park() {
                waiting.add(this);
                model.happened(Sometimes.POOL_WAS_FULL);
            }

            @Override
            void leave() {
                waiting.remove(this);
            }

            /** A cancelled spawn gives the place to the next. */
            @Override
            boolean givesBack() {
                model.happened(Sometimes.POOL_PLACE_WAS_GIVEN_BACK);
                free();
                return true;
            }
        };
    }

    /** The body that had a place has ended. */
    void free() {
        for (Call next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next.isOpen()) {
                model.serve(next, Call.DONE);
                return;
            }
        }
        taken--;
    }
}
