package dev.heddle.sim.programs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The model of a channel: a buffer, and the calls that wait on both sides, in the order they came. */
final class ModelChannel {

    private final Model model;
    final int capacity;
    final Deque<Integer> buffer = new ArrayDeque<>();
    final Deque<Send> senders = new ArrayDeque<>();
    final Deque<Receive> receivers = new ArrayDeque<>();
    boolean closed;

    ModelChannel(Model model, int capacity) {
        this.model = model;
        this.capacity = capacity;
    }

    Call send(ModelTask task, int element, String what, long limit) {
        return new Send(task, element, what, limit);
    }

    Call receive(ModelTask task, String what, long limit) {
        return new Receive(task, what, limit);
    }

    /** What a send that does not wait gives. */
    Object trySend(int element) {
        if (closed) {
            return Call.CLOSED;
        }
        Receive receiver = firstOpen(receivers);
        if (receiver != null) {
            model.serve(receiver, element);
            model.happened(Sometimes.SEND_MET_A_RECEIVER);
            return Call.DONE;
        }
        if (buffer.size() < capacity) {
            buffer.add(element);
            return Call.DONE;
        }
        return Call.TOO_LATE;
    }

    /** What a receive that does not wait gives. */
    Object tryReceive() {
        Integer element = buffer.poll();
        if (element != null) {
            letIn();
            return element;
        }
        Send sender = capacity == 0 ? firstOpen(senders) : null;
        if (sender != null) {
            model.serve(sender, Call.DONE);
            model.happened(Sometimes.RECEIVE_MET_A_SENDER);
            return sender.element;
        }
        return Call.TOO_LATE;
    }

    void close() {
        closed = true;
        for (Send each : senders) {
            if (each.isOpen()) {
                model.serve(each, Call.CLOSED);
                model.happened(Sometimes.CLOSE_MET_A_SENDER);
            }
        }
        for (Receive each : receivers) {
            if (each.isOpen()) {
                model.serve(each, Call.CLOSED);
                model.happened(Sometimes.CLOSE_MET_A_RECEIVER);
            }
        }
        senders.clear();
        receivers.clear();
    }

    void abort() {
        buffer.clear();
        close();
    }

    private void letIn() {
        for (Send head = firstOpen(senders); head != null && buffer.size() < capacity; head = firstOpen(senders)) {
            buffer.add(head.element);
            model.serve(head, Call.DONE);
            model.happened(Sometimes.RECEIVE_LET_A_SENDER_IN);
        }
    }

    private static <C extends Call> @Nullable C firstOpen(Deque<C> calls) {
        for (Iterator<C> each = calls.iterator(); each.hasNext();) {
            C call = each.next();
            if (call.isOpen()) {
                return call;
            }
            each.remove();
        }
        return null;
    }

    private final class Send extends Call {

        private final int element;

        Send(ModelTask task, int element, String what, long limit) {
            super(task, what, limit);
            this.element = element;
        }

        @Override
        @Nullable Object ready() {
            if (closed) {
                return CLOSED;
            }
            return firstOpen(receivers) != null || buffer.size() < capacity ? DONE : null;
        }

        @Override
        void take(Object outcome) {
            trySend(element);
        }

        @Override
        void park() {
            senders.add(this);
        }

        @Override
        void leave() {
            senders.remove(this);
        }

        @Override
        Sometimes cancelShows() {
            return Sometimes.CANCEL_MET_A_SEND;
        }
    }

    private final class Receive extends Call {

        Receive(ModelTask task, String what, long limit) {
            super(task, what, limit);
        }

        @Override
        @Nullable Object ready() {
            if (!buffer.isEmpty()) {
                return buffer.peek();
            }
            if (closed) {
                return CLOSED;
            }
            Send sender = firstOpen(senders);
            return sender == null ? null : sender.element;
        }

        @Override
        void take(Object outcome) {
            if (tryReceive() == TOO_LATE) {
                model.happened(Sometimes.CLOSED_CHANNEL_WAS_DRAINED);
            }
        }

        @Override
        void park() {
            receivers.add(this);
        }

        @Override
        void leave() {
            receivers.remove(this);
        }

        @Override
        Sometimes cancelShows() {
            return Sometimes.CANCEL_MET_A_RECEIVE;
        }
    }
}
