package dev.heddle.process.shared;

import dev.heddle.ClosedException;
import dev.heddle.internal.sight.WaitHints;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.UnreadableException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The calls under way to a manager whose answers come later, by their numbers. */
abstract class PendingCalls implements ManagerLink {

    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Those of queues, by their numbers. */
    private final Map<Integer, ProcessRing> rings = new ConcurrentHashMap<>();

    private volatile boolean ended;

    /**
     * Sends a call on its way.
     *
     * @throws ClosedException if the manager is gone
     */
    abstract void send(long number, RemoteReference target, CallTable.Entry entry, byte[] arguments);

    abstract void sendCancel(long number);

    @Override
    public Answer call(RemoteReference target, CallTable.Entry entry, byte[] arguments) {
        long number = numbers.incrementAndGet();
        var call = new Pending(new WaitingFor(target, entry));
        pending.put(number, call);
        try {
            if (ended) {
                return Answer.CLOSED;
            }
            send(number, target, entry, arguments);
            Answer answer = call.await(entry.prompt() ? null : () -> sendCancel(number));
            answered(answer);
            return answer;
        } catch (ClosedException e) {
            return Answer.CLOSED;
        } finally {
            pending.remove(number);
        }
    }

    @Override
    public Optional<ProcessRing> ring(RemoteReference target, QueueCalls calls) {
        ProcessRing known = rings.get(target.number);
        if (known != null) {
            return Optional.of(known);
        }
        rings.values().removeIf(ring -> !ring.isThere());
        Optional<ProcessRing> entered = enter(target, calls);
        entered.ifPresent(ring -> rings.put(target.number, ring));
        return entered;
    }

    private Optional<ProcessRing> enter(RemoteReference target, QueueCalls calls) {
        try {
            return calls.enter().map(place -> new ProcessRing(this, target.number, place));
        } catch (UnreadableException e) {
            return Optional.empty(); // This process cannot open the memory.
        }
    }

    /** The process of the manager; 0 if it is this one, or not known yet. Any thread. */
    long process() {
        return 0;
    }

    /** An answer has come to the calling thread. */
    void answered(Answer answer) {}

    void complete(long number, Answer answer) {
        Pending call = pending.get(number);
        if (call != null) {
            call.complete(answer);
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    /** No answers come any more: ends all calls, and those to come. */
    @Override
    public void end() {
        ended = true;
        pending.values().forEach(call -> call.complete(Answer.CLOSED));
    }

    /** For reports: {@code SharedQueue.take of SharedQueue 1 of the manager at /tmp/... (process 4711)}. */
    private final class WaitingFor implements WaitHints {
        private final RemoteReference target;
        private final CallTable.Entry entry;

        WaitingFor(RemoteReference target, CallTable.Entry entry) {
            this.target = target;
            this.entry = entry;
        }

        @Override
        public long process() {
            return PendingCalls.this.process();
        }

        @Override
        public String toString() {
            long process = process();
            return entry.text() + " of " + target + (process == 0 ? "" : " (process " + process + ")");
        }
    }
}
