package dev.heddle.sim.programs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model of a mutex, a semaphore or a limiter: permits, who has one, and who waits, in the order they came. */
final class ModelPermits {

    private final Model model;
    private final int total;

    /** Whether one task may have several. */
    private final boolean several;

    private final Sometimes handedOver;
    private final Sometimes cancelled;
    final List<ModelTask> holders = new ArrayList<>();
    final Deque<Acquire> waiting = new ArrayDeque<>();

    ModelPermits(Model model, int total, boolean several, Sometimes handedOver, Sometimes cancelled) {
        this.model = model;
        this.total = total;
        this.several = several;
        this.handedOver = handedOver;
        this.cancelled = cancelled;
    }

    Call acquire(ModelTask task, String what, long limit) {
        return new Acquire(task, what, limit);
    }

    /** Whether one is free, and taken by this. */
    boolean tryAcquire(ModelTask task) {
        if (holders.size() >= total) {
            return false;
        }
        holders.add(task);
        return true;
    }

    void release(ModelTask task) {
        holders.remove(task);
        while (!waiting.isEmpty()) {
            Acquire next = waiting.poll();
            if (next.isOpen()) {
                holders.add(next.task);
                model.happened(handedOver);
                if (model.isCancelled(next.scope)) {
                    model.happened(Sometimes.PERMIT_WENT_TO_A_CANCELLED_CALL);
                }
                model.serve(next, Call.DONE);
                return;
            }
        }
    }

    private final class Acquire extends Call {

        Acquire(ModelTask task, String what, long limit) {
            super(task, what, limit);
        }

        @Override
        @Nullable Object ready() {
            if (!several && holders.contains(task)) {
                return REFUSED;
            }
            return holders.size() < total ? DONE : null;
        }

        @Override
        void take(Object outcome) {
            if (outcome == REFUSED) {
                model.happened(Sometimes.REFUSED);
            } else {
                holders.add(task);
            }
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
            return cancelled;
        }
    }
}
