package dev.heddle.process.shared;

import static dev.heddle.Heddle.moveOnAfter;

import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.engine.WaitSlot;
import dev.heddle.process.internal.codec.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stand-in for a thread of some process on the manager's loop: the task that does its calls. It lives for one call,
 * or for as long as its caller holds a mutex. So mutexes and barriers see callers come, be cancelled and end as they
 * see tasks, wherever these live.
 *
 * <pre>
 *   DOING A CALL ──holds nothing──▶ ended
 *     │      ▲
 *  holds     └──next call──┐
 *     └──▶ BETWEEN CALLS ──┘
 *               └──the caller ends, or its process──▶ ended: what it holds is broken
 * </pre>
 *
 * <p>Confined to the manager's loop.
 */
final class RemoteCaller {

    private static final ScopedValue<RemoteCaller> CURRENT = ScopedValue.newInstance();

    private static final Duration LOOK_EVERY = Duration.ofMillis(Callers.LOOK_MILLIS);

    private final ManagerSession session;
    private final SharedObjects objects;

    /** The number of the caller in its process. */
    final long caller;

    /** The caller, if it is of this process. */
    private final @Nullable Thread thread;

    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private @Nullable Task<Void> task;
    private final WaitSlot next = new WaitSlot("the next call of one that holds a mutex");
    private int held;
    private boolean callerEnded;

    /** One for the caller of this call, which it will do first. */
    RemoteCaller(ManagerSession session, SharedObjects objects, Call first) {
        this.session = session;
        this.objects = objects;
        this.caller = first.caller;
        this.thread = first.thread;
        calls.add(first);
    }

    /** Begins in a task of its own. */
    void start(TaskGroup group) {
        String name = (thread == null ? "thread " + caller : Callers.name(thread)) + " of " + session;
        task = group.spawn(name, this::run);
    }

    void cancel(String reason) {
        if (task != null) {
            task.cancel(reason);
        }
    }

    /** The one that does the running call; empty in a simulation, where the caller does it. */
    static Optional<RemoteCaller> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    ManagerSession session() {
        return session;
    }

    /** Its caller holds so many mutexes more, or fewer. */
    void holds(int more) {
        held += more;
    }

    void add(Call call) {
        calls.add(call);
        next.wake();
    }

    void callerEnded() {
        callerEnded = true;
        next.wake();
    }

    private void run() {
        ScopedValue.where(CURRENT, this).run(this::work);
    }

    private void work() {
        try {
            while (true) {
                Call call = calls.poll();
                if (call != null) {
                    session.answer(call, perform(call).holding(held > 0));
                } else if (held == 0 || callerEnded) {
                    return;
                } else {
                    idle();
                }
            }
        } catch (CancelledException e) {
            // Its process or the manager has ended.
        } finally {
            session.left(this, calls);
        }
    }

    private Answer perform(Call call) {
        try {
            return objects.perform(call);
        } catch (CancelledException e) {
            calls.addFirst(call);
            throw e;
        } catch (RuntimeException | Error e) {
            // Such as memory that is used up: an affair of this call, and not of the others.
            return objects.failure(e);
        }
    }

    private void idle() {
        if (!moveOnAfter(LOOK_EVERY, next::await) && thread != null && Callers.hasEnded(thread)) {
            callerEnded = true;
        }
    }
}
