package dev.heddle.process.shared;

import dev.heddle.CancelledException;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.MessageKind;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The link to a manager in a simulation: the calling task does the call itself, with copies of the values all the same.
 * Threads: the tasks of the simulation, which share one.
 */
final class InPlaceManagerLink implements ManagerLink {

    private static final long UNNUMBERED = 0;

    private final SharedObjects objects;
    private final String where;
    private final Set<Call> calls = new LinkedHashSet<>();

    InPlaceManagerLink(SharedObjects objects, String where) {
        this.objects = objects;
        this.where = where;
    }

    @Override
    public Codec codec() {
        return objects.codec();
    }

    @Override
    public String where() {
        return where;
    }

    @Override
    public Answer call(RemoteReference target, CallTable.Entry entry, byte[] arguments) {
        if (objects.isClosed()) {
            return Answer.CLOSED;
        }
        Call call = Call.here(UNNUMBERED, target, entry, arguments);
        calls.add(call);
        try {
            Answer answer = objects.perform(call);
            return answer.kind() == MessageKind.CANCELLED ? Answer.CLOSED : answer;
        } catch (CancelledException e) {
            if (objects.isClosed()) {
                return Answer.CLOSED;
            }
            throw e;
        } finally {
            calls.remove(call);
        }
    }

    @Override
    public void changed(int object) {
        objects.changed(object);
    }

    @Override
    public Optional<ProcessRing> ring(RemoteReference target, QueueCalls calls) {
        return Optional.empty();
    }

    @Override
    public void callerEnded(Thread caller) {}

    @Override
    public boolean isEnded() {
        return objects.isClosed();
    }

    @Override
    public void end() {
        calls.forEach(Call::cancel);
    }
}
