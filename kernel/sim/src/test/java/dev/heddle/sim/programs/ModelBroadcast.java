package dev.heddle.sim.programs;

import dev.heddle.sync.Overflow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The model of a broadcast: senders take turns, and whose turn it is waits for the full subscribers that want that. */
final class ModelBroadcast {

    private final Model model;
    private final Map<ModelChannel, Overflow> subscriptions = new LinkedHashMap<>();

    /** Whose turn it is, and who waits for a turn. */
    private @Nullable Send turn;

    private final Deque<Send> line = new ArrayDeque<>();
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
        subscription.leave();
    }

    Call send(ModelTask task, int element, String what) {
        return new Send(task, element, what);
    }

    /** Gives it to all who can take it, or want no sender to wait. */
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

    private List<ModelChannel> fullOnesToWaitFor() {
        return subscriptions.entrySet().stream()
                .filter(each -> each.getValue() == Overflow.WAIT && each.getKey().isFull())
                .map(Map.Entry::getKey)
                .toList();
    }

    void close() {
        closed = true;
        for (Send each : line) {
            if (each.isOpen()) {
                model.serve(each, Call.CLOSED);
                model.happened(Sometimes.CLOSE_MET_A_SENDER);
            }
        }
        line.clear();
        subscriptions.keySet().forEach(ModelChannel::close);
        subscriptions.clear();
    }

    /**
     * A send, in parts: it waits for its turn, gives the element to all who can take it, and then waits for each of the
     * others that wants it.
     */
    private final class Send extends Call {

        private final int element;

        /** Those that are to be waited for still. */
        private final Deque<ModelChannel> full = new ArrayDeque<>();

        private boolean hasTurn;

        /** The broadcast was closed between its turn and its going on. */
        private boolean refused;

        /** It has gone on and waits for nothing more, so that a cancel comes too late. */
        private boolean past;

        Send(ModelTask task, int element, String what) {
            super(task, what, ModelScope.NEVER);
            this.element = element;
        }

        @Override
        @Nullable Object ready() {
            if (!hasTurn) {
                return closed ? CLOSED : turn == null && fullOnesToWaitFor().isEmpty() ? DONE : null;
            }
            if (refused) {
                return CLOSED;
            }
            for (ModelChannel each : full) {
                if (each.isFull()) {
                    return null;
                }
                if (each.isClosed()) {
                    return CLOSED;
                }
            }
            return DONE;
        }

        @Override
        boolean answersTheCancelled(Object outcome) {
            return past || super.answersTheCancelled(outcome);
        }

        @Override
        void take(Object outcome) {
            if (!hasTurn && outcome == DONE) {
                give(element);
            }
            full.forEach(each -> each.trySend(element));
            endTurn();
        }

        @Override
        void cancelledAtOnce() {
            endTurn();
        }

        @Override
        void park() {
            if (!hasTurn && turn != null) {
                line.add(this);
                model.happened(Sometimes.SEND_WAITED_FOR_ITS_TURN);
                return;
            }
            if (!hasTurn) {
                beginTurn();
            }
            while (!full.isEmpty() && full.getFirst().trySend(element) != TOO_LATE) {
                full.removeFirst();
            }
            if (!full.isEmpty()) {
                full.getFirst().awaitRoom(this, element);
                model.happened(Sometimes.SEND_WAITED_FOR_A_SUBSCRIBER);
            }
        }

        private void beginTurn() {
            turn = this;
            hasTurn = true;
            refused = closed;
            full.addAll(fullOnesToWaitFor());
            give(element);
        }

        @Override
        boolean goesOn() {
            if (given == CLOSED) {
                return false;
            }
            if (hasTurn) {
                full.removeFirst();
            } else {
                beginTurn();
            }
            past = full.isEmpty();
            return true;
        }

        private void endTurn() {
            if (turn != this) {
                return;
            }
            do {
                turn = line.poll();
            } while (turn != null && !turn.isOpen());
            if (turn != null) {
                model.serve(turn, DONE);
            }
        }

        @Override
        void leave() {
            line.remove(this);
            if (!full.isEmpty()) {
                full.getFirst().giveUp(this);
            }
        }

        @Override
        void ended(Object outcome) {
            endTurn();
        }

        @Override
        Sometimes cancelShows() {
            return hasTurn ? Sometimes.CANCEL_MET_A_WAIT_FOR_A_SUBSCRIBER : Sometimes.CANCEL_MET_A_WAIT_FOR_A_TURN;
        }
    }
}
