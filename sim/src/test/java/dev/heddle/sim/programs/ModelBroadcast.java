package dev.heddle.sim.programs;

import dev.heddle.sync.Overflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The model of a broadcast whose subscribers never make a sender wait. */
final class ModelBroadcast {

    private final Model model;
    private final Map<ModelChannel, Overflow> subscriptions = new LinkedHashMap<>();
    private boolean closed;

    ModelBroadcast(Model model) {
        this.model = model;
    }

    boolean isClosed() {
        return closed;
    }

    ModelChannel subscribe(int capacity, Overflow policy) {
        var subscription = new ModelChannel(model, capacity, ModelChannel.Order.OLDEST);
        subscriptions.put(subscription, policy);
        return subscription;
    }

    void unsubscribe(ModelChannel subscription) {
        subscriptions.remove(subscription);
    }

    /** A send; with such subscribers it never waits. */
    Call send(ModelTask task, int element, String what) {
        return new Call(task, what, ModelScope.NEVER) {
            @Override
            Object ready() {
                return closed ? CLOSED : DONE;
            }

            @Override
            void take(Object outcome) {
                if (outcome == DONE) {
                    give(element);
                }
            }
        };
    }

    private void give(int element) {
        for (Map.Entry<ModelChannel, Overflow> each : List.copyOf(subscriptions.entrySet())) {
            ModelChannel subscription = each.getKey();
            if (subscription.isFull() && each.getValue() == Overflow.DISCONNECT) {
                subscription.end(Call.BROKEN);
                subscriptions.remove(subscription);
                model.happened(Sometimes.SLOW_SUBSCRIBER_WAS_CUT_OFF);
            } else if (subscription.isFull() && each.getValue() == Overflow.DROP_OLDEST) {
                subscription.discardNext();
                subscription.trySend(element);
                model.happened(Sometimes.SUBSCRIBER_MISSED_AN_ELEMENT);
            } else if (!subscription.isFull()) {
                subscription.trySend(element);
            }
        }
    }

    void close() {
        closed = true;
        subscriptions.keySet().forEach(ModelChannel::close);
        subscriptions.clear();
    }
}
