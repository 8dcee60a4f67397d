package dev.heddle.sim;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stalls of a run: tasks that do not run for a time though they could, as if the system had taken their core or
 * their whole machine away. What a stalled task waited for may happen meanwhile: it finds out late. Below the tasks.
 */
final class Stalls {

    /** The number of all callbacks, which cannot be told apart; none but a host's timers stall. */
    private static final long CALLBACK = 0;

    private final SimContext context;
    private final SimRandom random;
    private final Map<Long, SimHost> hosts = new HashMap<>();
    private final Map<Long, Long> byHand = new HashMap<>();
    private final Map<SimHost, OutageWindows> spells = new HashMap<>();
    private final Set<Kept> kept = new LinkedHashSet<>();
    private boolean over;

    Stalls(SimContext context, SimRandom random) {
        this.context = context;
        this.random = random;
    }

    /** A task is on a host from now on, or on none; gives the one before. */
    @Nullable SimHost moves(long task, @Nullable SimHost host) {
        return host == null ? hosts.remove(task) : hosts.put(task, host);
    }

    /** A task has ended; gives the host on which it was. */
    @Nullable SimHost ended(long task) {
        byHand.remove(task);
        return hosts.remove(task);
    }

    /** Lets a task not run until a delay from now has passed. */
    void stall(long task, long nanos) {
        byHand.put(task, context.clock.after(nanos));
        recheck();
    }

    /** Whether a task must not run now; if so, it is resumed later. */
    boolean keepsBack(long task, Runnable resume) {
        if (over || task == CALLBACK) {
            return false;
        }
        long now = context.clock.elapsedNanos();
        long drawn = drawn(now);
        long until = until(task, drawn);
        if (until <= now) {
            return false;
        }
        context.trace.stall(task, until - now);
        kept.add(new Kept(() -> until(task, drawn), resume));
        return true;
    }

    /** Waits, in a callback, until a host goes on. */
    void await(SimHost host) {
        Thread callback = Thread.currentThread();
        for (long now; until(host) > (now = context.clock.elapsedNanos());) {
            context.trace.stall(CALLBACK, until(host) - now);
            kept.add(new Kept(() -> until(host), () -> LockSupport.unpark(callback)));
            LockSupport.park(this);
        }
    }

    /** Lets all go on and none stall from now on: the program under test has ended. */
    void end() {
        over = true;
        recheck();
    }

    /** A stall has become shorter or longer. */
    void recheck() {
        kept.removeIf(Kept::isResumed);
    }

    /** Until when a task does not run, by its own stalls and those of its host; a time that has passed for now. */
    private long until(long task, long drawn) {
        long until = drawn;
        Long told = byHand.isEmpty() ? null : byHand.get(task);
        if (told != null) {
            until = Math.max(until, told);
        }
        SimHost host = hosts.isEmpty() ? null : hosts.get(task);
        return host == null ? until : Math.max(until, until(host));
    }

    /** Until when what is on a host does not run, by its own stalls; a time that has passed for now. */
    long until(SimHost host) {
        if (over || host.isLocalhost()) {
            return host.stalledUntilNanos();
        }
        long planned = spells.computeIfAbsent(host, unseen -> spells()).end(context.clock.elapsedNanos());
        return Math.max(host.stalledUntilNanos(), planned);
    }

    private OutageWindows spells() {
        return new OutageWindows(random.split(), () -> context.faults.hostStallEvery(),
                () -> context.faults.hostStallFor(), () -> context.tally.struck(FaultKind.HOST_STALL));
    }

    private long drawn(long now) {
        Duration longest = context.faults.stallFor();
        if (context.faults.stallChance() == 0 || !random.chance(context.faults.stallChance())) {
            return now;
        }
        context.tally.struck(FaultKind.STALL);
        return context.clock.after(random.upToNanos(longest.toNanos()));
    }

    /** A task or a timer that is ready and must wait. */
    private final class Kept {

        private final LongSupplier until;
        private final Runnable resume;
        private EventQueue.Event end;

        private Kept(LongSupplier until, Runnable resume) {
            this.until = until;
            this.resume = resume;
            end = context.events.add(until.getAsLong(), this::end);
        }

        private void end() {
            kept.remove(this);
            resume.run();
        }

        /** Looks anew how long it waits, and resumes it if that is over. */
        private boolean isResumed() {
            end.cancel();
            long until = this.until.getAsLong();
            if (over || until <= context.clock.elapsedNanos()) {
                resume.run();
                return true;
            }
            end = context.events.add(until, this::end);
            return false;
        }
    }
}
