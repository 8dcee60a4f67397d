package dev.heddle.observe.internal.top;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a loop's tasks: for how long they run, how long they are ready and do not, and what memory they take; in
 * sums by name and label.
 *
 * <p>It reads the time once in a run of a task, at its end. A run begins where the one before it has ended, or where
 * the loop has looked at its clock after that. So a task that another one wakes counts as ready from the begin of the
 * waker's run on, and one that I/O or a timer wakes from the time on when the loop knew of it.
 *
 * <p>A task is counted where the label says that it has at the end of a run; one that a labelled task spawns takes the
 * label over. Kinds beyond {@link #MAX_KINDS} are counted together.
 *
 * <p>Offloaded bodies count for the kind that their task had when they went on.
 *
 * <p>Threads: the loop's own; {@link #ready} and {@link #offloaded} any; {@link #tallies} one reader elsewhere.
 */
final class TaskClock implements TaskWatch {

    /** Most kinds of tasks that are told apart. */
    static final int MAX_KINDS = 10_000;

    /** At least so long between two searches for kinds that have died out. */
    private static final long MIN_SWEEP_NANOS = 1_000_000_000;

    private final Kernel kernel;
    private final LongSupplier clock;

    /** When the loop last looked at its own. */
    private final LongSupplier lastLook;

    /** The memory that the loop's thread has taken so far. */
    private final LongSupplier allocated;

    private final Map<KindTally.Key, KindTally> tallies = new ConcurrentHashMap<>();
    private final KindTally others = new KindTally(KindTally.OTHERS);
    private final KindTally callbacks = new KindTally(KindTally.CALLBACKS);

    /** What the watch itself takes, which is told to nobody. */
    private final KindTally watching = new KindTally(KindTally.CALLBACKS);

    /** Bodies that run on threads of their own, by these. */
    private final Map<Thread, Offloaded> offloads = new ConcurrentHashMap<>();

    /** Such a body, and from when on it is not counted yet. */
    private record Offloaded(KindTally tally, AtomicLong since) {

        void count(long now) {
            tally.offloaded.add(Math.max(0, now - since.getAndSet(now)));
        }
    }

    /** Whether the callback that runs is the watch's. */
    private boolean ours;

    /** Those that have become ready between two runs, at a time that the loop's next look at its clock tells. */
    private final List<TaskNote> woken = new ArrayList<>();

    /** Of the task that runs now. */
    private @Nullable TaskNote running;

    /** How long it was ready before. */
    private long delay;

    /** The time at the end of the last run, or at the begin of this one. */
    private long now;

    /** The memory by then; negative before the first run. */
    private long allocatedBefore = -1;

    private long swept;

    /**
     * A clock that is to be set on a loop.
     *
     * @param clock tells the loop's time, to any thread
     * @param lastLook tells when the loop last looked at its clock, on the loop
     * @param allocated gives the memory that the calling thread has taken so far
     */
    TaskClock(Kernel kernel, LongSupplier clock, LongSupplier lastLook, LongSupplier allocated) {
        this.kernel = kernel;
        this.clock = clock;
        this.lastLook = lastLook;
        this.allocated = allocated;
        this.now = clock.getAsLong();
        this.swept = now;
        link();
    }

    /** Has the JVM link what records compare by, off the loop: it takes milliseconds. */
    private static void link() {
        var key = new KindTally.Key(Row.OTHERS, "");
        if (key.equals(KindTally.OTHERS)
                || KindTally.OTHERS.hashCode() != new KindTally.Key(Row.OTHERS, null).hashCode()) {
            throw new AssertionError("records do not compare as they should");
        }
    }

    // ---- what the kernel tells ----

    @Override
    public void spawned(Task<?> task) {
        noteOf(task);
    }

    @Override
    public void ready(Task<?> task, boolean here) {
        if (!(kernel.note(task) instanceof TaskNote note) || note.clock != this) {
            return;
        }
        if (!here) {
            note.readyAt = clock.getAsLong();
        } else if (running == null) {
            woken.add(note);
        } else {
            note.readyAt = now;
        }
        note.ready = true;
    }

    @Override
    public void resumed(Task<?> task) {
        TaskNote note = noteOf(task);
        now = Math.max(now, lastLook.getAsLong());
        if (!woken.isEmpty()) {
            for (TaskNote each : woken) {
                each.readyAt = now;
            }
            woken.clear();
        }
        delay = note.ready ? Math.max(0, now - note.readyAt) : 0;
        note.ready = false;
        if (note.waiting) {
            note.waiting = false;
            note.tally.waiting--;
        }
        running = note;
    }

    @Override
    public void suspended(Task<?> task) {
        TaskNote note = running == null ? noteOf(task) : running;
        running = null;
        count(note.tally);
        note.tally.delay += delay;
        note.tally.worstDelay = Math.max(note.tally.worstDelay, delay);
        if (note.unlabelled) {
            note.unlabelled = false;
            move(note, note.named);
        }
        if (note.ended) {
            note.tally.tasks--;
        } else if (note.ready) {
            note.readyAt = now; // it has given way
        } else {
            note.waiting = true;
            note.tally.waiting++;
        }
    }

    @Override
    public void ended(Task<?> task) {
        noteOf(task).ended = true;
    }

    @Override
    public void labelled(Task<?> task, @Nullable String label) {
        TaskNote note = noteOf(task);
        note.unlabelled = label == null;
        if (label != null) {
            move(note, about(note.named, label));
        }
    }

    @Override
    public void offloaded(Task<?> task, Thread body, boolean runs) {
        if (!runs) {
            Offloaded ended = offloads.remove(body);
            if (ended != null) {
                ended.count(clock.getAsLong());
            }
        } else if (kernel.note(task) instanceof TaskNote note && note.clock == this) {
            offloads.put(body, new Offloaded(note.tally, new AtomicLong(clock.getAsLong())));
        }
    }

    @Override
    public void calledBack() {
        now = Math.max(now, lastLook.getAsLong());
        count(ours ? watching : callbacks);
        ours = false;
    }

    /** The run that ends now was one of these. */
    private void count(KindTally tally) {
        long end = clock.getAsLong();
        long memory = allocated.getAsLong();
        tally.runs++;
        tally.busy += end - now;
        tally.allocated += allocatedBefore < 0 ? 0 : memory - allocatedBefore;
        now = end;
        allocatedBefore = memory;
    }

    // ---- tasks that were there before ----

    /** Counts tasks that were seen, and have not run since; in a callback, whose time is nobody's. */
    void meet(List<TaskSight> seen) {
        for (TaskSight each : seen) {
            if (!each.task().isDone() && !isNoted(each.task())) {
                TaskNote note = noteOf(each.task());
                note.waiting = each.suspended();
                note.tally.waiting += note.waiting ? 1 : 0;
            }
        }
        ours = true;
    }

    /** Counts the bodies that ran for tasks of its loop before it was set; in a callback. */
    void meetBodies(Loop loop) {
        Map<Thread, Task<?>> met = kernel.bodies(loop);
        met.forEach((body, task) -> offloads.putIfAbsent(body,
                new Offloaded(about(named(task), kernel.labelOf(task)), new AtomicLong(clock.getAsLong()))));
        met.keySet().removeAll(kernel.bodies(loop).keySet());
        met.keySet().forEach(offloads::remove); // it heard of their end before it met them
        ours = true;
    }

    /** Leaves nothing of its own at tasks; in a callback, when the loop is watched no more. */
    void forget(List<TaskSight> seen) {
        for (TaskSight each : seen) {
            if (isNoted(each.task())) {
                kernel.note(each.task(), null);
            }
        }
    }

    private boolean isNoted(Task<?> task) {
        return kernel.note(task) instanceof TaskNote note && note.clock == this;
    }

    // ---- where tasks are counted ----

    /** All that was counted. */
    Collection<KindTally> tallies() {
        offloads.values().forEach(body -> body.count(clock.getAsLong()));
        List<KindTally> all = new ArrayList<>(tallies.values());
        Collections.addAll(all, others, callbacks);
        return all;
    }

    private TaskNote noteOf(Task<?> task) {
        if (kernel.note(task) instanceof TaskNote note && note.clock == this) {
            return note;
        }
        var note = new TaskNote(this, named(task));
        note.tally = about(note.named, kernel.labelOf(task));
        note.tally.tasks++;
        kernel.note(task, note);
        return note;
    }

    private void move(TaskNote note, KindTally to) {
        note.tally.tasks--;
        to.tasks++;
        note.tally = to;
    }

    private KindTally named(Task<?> task) {
        return tally(new KindTally.Key(FoldedName.of(task.name()), null));
    }

    private KindTally about(KindTally named, @Nullable String label) {
        if (label == null) {
            return named;
        }
        KindTally known = named.labelled.get(label);
        if (known == null && named != others) {
            known = tally(new KindTally.Key(named.key.name(), label));
            if (known != others) {
                named.labelled.put(label, known);
            }
        }
        return known == null ? others : known;
    }

    private KindTally tally(KindTally.Key key) {
        KindTally known = tallies.get(key);
        if (known != null) {
            return known;
        }
        if (tallies.size() >= MAX_KINDS && now - swept >= MIN_SWEEP_NANOS) {
            swept = now;
            sweep();
        }
        if (tallies.size() >= MAX_KINDS) {
            return others;
        }
        var made = new KindTally(key);
        tallies.put(key, made);
        return made;
    }

    /** Lets go of kinds of which no task is left and none has run since the last sweep. */
    private void sweep() {
        for (KindTally tally : tallies.values()) {
            tally.labelled.values().removeIf(this::hasDiedOut);
        }
        tallies.values().removeIf(tally -> tally.labelled.isEmpty() && hasDiedOut(tally));
        tallies.values().forEach(tally -> tally.runsBefore = tally.runs);
    }

    private boolean hasDiedOut(KindTally tally) {
        return tally.tasks == 0 && tally.runs == tally.runsBefore;
    }
}
