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
    final List<Holder> holders = new ArrayList<>();
    final Deque<Acquire> waiting = new ArrayDeque<>();

    /** Who has one: the task that asked for it, or somebody whom it named. */
    record Holder(Object who, ModelTask asked) {}

    ModelPermits(Model model, int total, boolean several, Sometimes handedOver, Sometimes cancelled) {
        this.model = model;
        this.total = total;
        this.several = several;
        this.handedOver = handedOver;
        this.cancelled = cancelled;
    }

    Call acquire(ModelTask task, String what, long limit) {
        return acquireFor(task, task, what, limit);
    }

    Call acquireFor(Object who, ModelTask task, String what, long limit) {
        return new Acquire(new Holder(who, task), what, limit);
    }

    /** Whether one is free, and taken by this. */
    boolean tryAcquire(ModelTask task) {
        if (holders.size() >= total) {
            return false;
        }
        holders.add(new Holder(task, task));
        return true;
    }

    void release(ModelTask task) {
        release(task, task);
    }

    /** Whether it had one, which goes to the next in line. */
    boolean release(Object who, ModelTask task) {
        Holder holder = holders.stream()
                .filter(each -> each.who.equals(who))
                .findFirst()
                .orElse(null);
        if (holder == null) {
            return false;
        }
        holders.remove(holder);
        if (holder.asked != task) {
            model.happened(Sometimes.TOKEN_CAME_BACK_FROM_ANOTHER);
        }
        handOver();
        return true;
    }

    private void handOver() {
        while (!waiting.isEmpty()) {
            Acquire next = waiting.poll();
            if (next.isOpen()) {
                holders.add(next.holder);
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

        private final Holder holder;

        Acquire(Holder holder, String what, long limit) {
            super(holder.asked, what, limit);
            this.holder = holder;
        }

        private boolean isFor(Holder other) {
            return holder.who.equals(other.who);
        }

        @Override
        @Nullable Object ready() {
            if (!several
                    && (holders.stream().anyMatch(this::isFor)
                            || waiting.stream().anyMatch(each -> isFor(each.holder)))) {
                return REFUSED;
            }
            return holders.size() < total ? DONE : null;
        }

        @Override
        void take(Object outcome) {
            if (outcome == REFUSED) {
                model.happened(Sometimes.REFUSED);
            } else {
                holders.add(holder);
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
