package dev.heddle.sim.programs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model of a channel, a queue of work or a subscription: a buffer, and the calls that wait on both sides, in the
 * order they came.
 */
final class ModelChannel {

    /** Which element comes out next. */
    enum Order {
        OLDEST,
        NEWEST,
        LARGEST
    }

    /** How a subscription ends that its subscriber closes. */
    private static final Object LEFT = new Object();

    /** A call that waits for room for an element. */
    private record Sender(Call call, int element) {}

    private final Model model;
    private final int capacity;
    private final Order order;
    private final List<Integer> buffer = new ArrayList<>();
    private final Deque<Sender> senders = new ArrayDeque<>();
    private final Deque<Receive> receivers = new ArrayDeque<>();
    private final List<Call> finishers = new ArrayList<>();
    private @Nullable Object end;
    private long accepted;
    private long taken;
    private long done;

    ModelChannel(Model model, int capacity, Order order) {
        this.model = model;
        this.capacity = capacity;
        this.order = order;
    }

    int size() {
        return buffer.size();
    }

    boolean isFull() {
        return buffer.size() == capacity;
    }

    boolean isClosed() {
        return end == Call.CLOSED;
    }

    /** How many elements were accepted and are not done; for queues of work. */
    long unfinished() {
        return accepted - done;
    }

    Call send(ModelTask task, int element, String what, long limit) {
        return new Send(task, element, what, limit);
    }

    Call receive(ModelTask task, String what, long limit) {
        return new Receive(task, what, limit);
    }

    /** What a send that does not wait gives. */
    Object trySend(int element) {
        if (end != null) {
            return Call.CLOSED;
        }
        Receive receiver = firstOpen(receivers);
        if (receiver != null) {
            accepted++;
            taken++;
            model.serve(receiver, element);
            model.happened(Sometimes.SEND_MET_A_RECEIVER);
            return Call.DONE;
        }
        if (buffer.size() < capacity) {
            accepted++;
            buffer.add(element);
            return Call.DONE;
        }
        return Call.TOO_LATE;
    }

    /** What a receive that does not wait gives. */
    Object tryReceive() {
        Integer element = next();
        if (element != null) {
            buffer.remove(element);
            taken++;
            letIn();
            return element;
        }
        Sender sender = capacity == 0 ? firstSender() : null;
        if (sender != null) {
            accepted++;
            taken++;
            model.serve(sender.call, Call.DONE);
            model.happened(Sometimes.RECEIVE_MET_A_SENDER);
            return sender.element;
        }
        return Call.TOO_LATE;
    }

    private @Nullable Integer next() {
        if (buffer.isEmpty()) {
            return null;
        }
        return switch (order) {
            case OLDEST -> buffer.getFirst();
            case NEWEST -> buffer.getLast();
            case LARGEST -> Collections.max(buffer);
        };
    }

    private void letIn() {
        for (Sender head = firstSender(); head != null && buffer.size() < capacity; head = firstSender()) {
            accepted++;
            buffer.add(head.element);
            model.serve(head.call, Call.DONE);
            model.happened(Sometimes.RECEIVE_LET_A_SENDER_IN);
        }
    }

    /** Throws the next element away. */
    void discardNext() {
        if (!buffer.isEmpty()) {
            buffer.removeFirst();
        }
    }

    void close() {
        end(Call.CLOSED);
    }

    void abort() {
        accepted -= buffer.size();
        buffer.clear();
        end(Call.CLOSED);
        tellFinishers();
    }

    /** Its only receiver goes. */
    void leave() {
        buffer.clear();
        end(LEFT);
    }

    /** @param how what receivers are told once it is drained */
    void end(Object how) {
        if (end == null) {
            end = how;
        }
        for (Sender each = firstSender(); each != null; each = firstSender()) {
            model.serve(each.call, how == LEFT ? LEFT : Call.CLOSED);
            model.happened(how == LEFT ? Sometimes.SUBSCRIBER_LEFT_A_SENDER : Sometimes.CLOSE_MET_A_SENDER);
        }
        for (Receive each = firstOpen(receivers); each != null; each = firstOpen(receivers)) {
            model.serve(each, end);
            model.happened(Sometimes.CLOSE_MET_A_RECEIVER);
        }
    }

    /** What saying that an element is done gives. */
    Object elementDone() {
        if (done == taken) {
            return Call.REFUSED;
        }
        done++;
        tellFinishers();
        return Call.DONE;
    }

    private void tellFinishers() {
        if (unfinished() > 0) {
            return;
        }
        for (Call each : finishers) {
            if (each.isOpen()) {
                model.serve(each, Call.DONE);
                model.happened(Sometimes.ALL_WORK_WAS_DONE);
            }
        }
        finishers.clear();
    }

    Call awaitAllDone(ModelTask task, String what, long limit) {
        return new Call(task, what, limit) {
            @Override
            @Nullable Object ready() {
                return unfinished() == 0 ? DONE : null;
            }

            @Override
            void park() {
                finishers.add(this);
            }

            @Override
            void leave() {
                finishers.remove(this);
            }
        };
    }

    /** A call waits for room, behind the others. */
    void awaitRoom(Call call, int element) {
        senders.add(new Sender(call, element));
    }

    /** A call that waits for room gives up. */
    void giveUp(Call call) {
        senders.removeIf(each -> each.call == call);
    }

    private @Nullable Sender firstSender() {
        senders.removeIf(each -> !each.call.isOpen());
        return senders.peek();
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
            if (end != null) {
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
            awaitRoom(this, element);
        }

        @Override
        void leave() {
            giveUp(this);
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
            Integer next = next();
            if (next != null || end != null) {
                return next != null ? next : end;
            }
            Sender sender = firstSender();
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
