package dev.heddle.process.shared;

import dev.heddle.TaskGroup;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.MessageKind;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The session of one process with a manager, on the manager's side: the calls that it has under way, and who must hear
 * of its end.
 *
 * <p>Confined to the manager's loop.
 */
final class ManagerSession {

    /** What wants to know that a process has ended. May be told twice. */
    @FunctionalInterface
    interface Departure {

        void departed(ManagerSession session);
    }

    private final String name;
    private final Optional<ProcessHandle> process;
    private final SharedObjects objects;
    private final int maxCalls;
    private final BiConsumer<Call, Answer> answers;

    private final Map<Long, RemoteCaller> agents = new HashMap<>();
    private final Map<Long, Call> calls = new HashMap<>();
    private final Set<Departure> departures = new LinkedHashSet<>();
    private @Nullable TaskGroup group;
    private boolean ended;

    /**
     * @param pid the process id that it has said; may be one of another namespace, and so nobody's here
     * @param answers gets the answers; must not fail
     */
    ManagerSession(String name, long pid, SharedObjects objects, int maxCalls, BiConsumer<Call, Answer> answers) {
        this.name = name;
        this.process = ProcessHandle.of(pid);
        this.objects = objects;
        this.maxCalls = maxCalls;
        this.answers = answers;
    }

    /** Takes calls from now on, whose agents go into the group. */
    void begin(TaskGroup agentsGroup) {
        group = agentsGroup;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Has a call done by the agent of its caller. */
    void call(Call call) {
        TaskGroup open = group;
        if (ended || open == null) {
            answers.accept(call, Answer.CLOSED);
            return;
        }
        if (calls.size() >= maxCalls) {
            answers.accept(call, Answer.of(MessageKind.BUSY));
            return;
        }
        calls.put(call.number, call);
        RemoteCaller known = agents.get(call.caller);
        if (known != null) {
            known.add(call);
            return;
        }
        var agent = new RemoteCaller(this, objects, call);
        agents.put(call.caller, agent);
        agent.start(open);
    }

    void cancel(long number) {
        Call call = calls.get(number);
        if (call != null) {
            call.cancel();
        }
    }

    /** The memory of an object has changed. */
    void changed(int object) {
        objects.changed(object);
    }

    /** Whether the end of the process can be seen, beside that of its connection. */
    boolean isProcessKnown() {
        return process.isPresent();
    }

    /** Whether the process lives on behind the end of its connection: it dies a moment later than that. */
    boolean isProcessAlive() {
        return process.filter(ProcessHandle::isAlive).isPresent();
    }

    void callerEnded(long caller) {
        RemoteCaller agent = agents.remove(caller);
        if (agent != null) {
            agent.callerEnded();
        }
    }

    void answer(Call call, Answer answer) {
        calls.remove(call.number, call);
        answers.accept(call, answer);
    }

    /** An agent has ended, with calls that it has not done. */
    void left(RemoteCaller agent, ArrayDeque<Call> undone) {
        undone.forEach(call -> answer(call, Answer.CLOSED));
        agents.remove(agent.caller, agent);
    }

    /** Has somebody told when this process has ended. */
    void onEnd(Departure departure) {
        departures.add(departure);
    }

    /** The process has ended: so do its calls, and what it holds is given back or broken. */
    void end() {
        ended = true;
        List.copyOf(agents.values()).forEach(agent -> agent.cancel(name + " has ended"));
        tellDepartures();
    }

    /** Once more when its last call has ended: one may have been decided while it was cancelled. */
    void tellDepartures() {
        List.copyOf(departures).forEach(departure -> departure.departed(this));
    }

    @Override
    public String toString() {
        return name;
    }
}
