package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The model of a barrier: who has come in this round. */
final class ModelBarrier {

    private final Model model;
    private final int parties;
    private final List<Call> waiting = new ArrayList<>();
    private final BooleanSupplier breaks;
    private boolean broken;

    /** @param breaks whether the barrier itself is broken */
    ModelBarrier(Model model, int parties, BooleanSupplier breaks) {
        this.model = model;
        this.breaks = breaks;
        this.parties = parties;
    }

    int arrived() {
        return waiting.size();
    }

    boolean isBroken() {
        return broken;
    }

    void abort() {
        broken = true;
        sendAway();
    }

    void reset() {
        broken = false;
        sendAway();
    }

    private void sendAway() {
        for (Call each : waiting) {
            model.serve(each, Call.BROKEN);
            model.happened(Sometimes.BARRIER_BROKE);
        }
        waiting.clear();
    }

    Call await(ModelTask task, String what) {
        return new Call(task, what, ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return broken ? BROKEN : waiting.size() + 1 == parties ? (Integer) waiting.size() : null;
            }

            @Override
            void take(Object outcome) {
                if (outcome == BROKEN) {
                    return;
                }
                for (int i = 0; i < waiting.size(); i++) {
                    model.serve(waiting.get(i), i);
                }
                waiting.clear();
                model.happened(Sometimes.BARRIER_WAS_FULL);
            }

            @Override
            void park() {
                waiting.add(this);
            }

            /** Cancelled: the others would wait for ever. */
            @Override
            void leave() {
                waiting.remove(this);
                abort();
            }

            /** Only the barrier knows whether it had arrived. */
            @Override
            void perhapsLeft() {
                if (breaks.getAsBoolean()) {
                    abort();
                }
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_A_BARRIER;
            }
        };
    }
}
