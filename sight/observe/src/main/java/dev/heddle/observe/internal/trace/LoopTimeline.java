package dev.heddle.observe.internal.trace;

import dev.heddle.Task;
import dev.heddle.observe.internal.trace.TraceEvents.Track;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The story of one loop as its {@link LoopRing} tells it: gives each entry its time, and makes slices of runs and arrows
 * of wakes.
 *
 * <pre>
 *   TIME 10   RUN 3   READY 4   READY 5   TIME 40   RUN 4   TIME 45 ...
 *             10      20        30                  40
 *             task 3 runs ────────────────────────▶ task 4 runs ──▶
 * </pre>
 *
 * <p>Entries between two times are spread evenly over what lies between. In a simulated run no time passes but while the
 * loop polls; so that its runs can be seen each entry is drawn {@value #SIMULATED_STEP_NANOS} ns behind the last one at least.
 *
 * <p>Threads: one at a time.
 */
final class LoopTimeline {

    /** What an entry takes at least: so much that arrows begin and end inside of slices, however times are rounded. */
    private static final long STEP_NANOS = 8;

    /** What it takes at least in a simulated run. */
    private static final long SIMULATED_STEP_NANOS = 1_000;

    /** Runs without a time of their own whose times are off by more than this are marked. */
    private static final long VAGUE_NANOS = 20_000;

    private static final Task.State[] STATES = Task.State.values();

    /** A wake whose task has not run yet. */
    private record Wake(long arrow, boolean fromElsewhere) {}

    private final LoopRing ring;
    private final TraceEvents events;
    private final Arrows arrows;
    private final long stepNanos;

    /** What was read of the ring, and how many entries of it were lost. */
    private long position;

    private long lost;

    /** The last time that the ring tells, or -1 while it has told none. */
    private long read = -1;

    /** Entries behind that time. */
    private long[] pending = new long[64];

    private int pendings;

    /** The time of the last entry as it is drawn. */
    private long drawn;

    private Slice open = Slice.NONE;
    private long openSince;

    /** The task that runs, 0 for a callback; only while the open slice is a run. */
    private long running;

    private boolean runningEnded;

    /** Whether its label ends with this run, which is the label's to the end: a request's last steps are its own. */
    private boolean runningUnlabelled;

    private boolean about;

    private final Map<Long, Wake> wakes = new HashMap<>();
    private final Map<Long, Integer> labels = new HashMap<>();

    /** What a loop does at a time; one of it is always open. */
    private enum Slice {
        NONE, RUN, INBOX, TIMERS, POLL
    }

    /** @param from the number of the first entry */
    LoopTimeline(LoopRing ring, TraceEvents events, Arrows arrows, long from) {
        this.ring = ring;
        this.events = events;
        this.arrows = arrows;
        this.stepNanos = ring.loop().engine().isSimulated() ? SIMULATED_STEP_NANOS : STEP_NANOS;
        this.position = from;
    }

    /** Tells the story on, as far as it is known by now. */
    void goOn() throws IOException {
        LoopRing.Copy copy = ring.copy(position);
        if (copy.from() > position) {
            lost += copy.from() - position;
            forget();
        }
        for (long entry : copy.entries()) {
            if (events.isFull()) {
                break;
            } else if (Entries.kind(entry) == Entries.TIME) {
                tellPending(Entries.number(entry));
            } else if (read >= 0) {
                add(entry);
            }
        }
        position = copy.next();
    }

    /** Tells the rest, and ends what is open by now. */
    void end() throws IOException {
        goOn();
        long now = Math.max(ring.now(), read);
        if (read >= 0 && !events.isFull()) {
            // Whatever runs now may do so for long, what came before has not.
            tellPending(Math.min(now, read + pendings * LoopRing.SHORT_NANOS));
            draw(now);
        }
        close();
        events.loop(ring, lost);
    }

    /** Entries were overwritten before they could be read: what comes next stands for itself. */
    private void forget() throws IOException {
        if (read >= 0) {
            tellPending(read);
        }
        close();
        read = -1;
        wakes.clear();
    }

    private void add(long entry) {
        if (pendings == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pendings);
        }
        pending[pendings++] = entry;
    }

    /** Tells what happened between the last time and this one. */
    private void tellPending(long time) throws IOException {
        if (read >= 0) {
            about = isVague(time);
            for (int i = 0; i < pendings; i++) {
                draw(read + (time - read) * i / pendings);
                tell(pending[i]);
            }
        }
        pendings = 0;
        read = time;
    }

    private boolean isVague(long time) {
        int runs = 0;
        for (int i = 0; i < pendings; i++) {
            runs += Entries.kind(pending[i]) == Entries.RUN ? 1 : 0;
        }
        return runs > 1 && time - read > VAGUE_NANOS;
    }

    /** Moves on to a time, in steps that can be seen. */
    private void draw(long time) {
        drawn = Math.max(drawn + stepNanos, time);
    }

    private void tell(long entry) throws IOException {
        long number = Entries.number(entry);
        switch (Entries.kind(entry)) {
            case Entries.RUN -> run(number);
            case Entries.READY -> ready(number);
            case Entries.READY_ELSEWHERE ->
                arrows.leave(new Track(Entries.beside(entry), Entries.task(entry)), drawn, track());
            case Entries.SPAWNED -> events.spawned(ring, track(number), track(), drawn);
            case Entries.ENDED -> ended(Entries.task(entry), STATES[Entries.beside(entry)]);
            case Entries.LABEL -> label((int) number);
            case Entries.INBOX -> open(Slice.INBOX);
            case Entries.TIMERS -> {
                open(Slice.TIMERS);
                events.timers(ring.number(), drawn, number);
            }
            case Entries.POLL -> open(Slice.POLL);
            case Entries.POLLED -> close();
            default -> {} // of a later version of the ring, which this one has not
        }
    }

    private void run(long task) throws IOException {
        open(Slice.RUN);
        running = task;
        Wake wake = task == 0 ? null : wakes.remove(task);
        if (wake != null && wake.fromElsewhere) {
            arrows.arrive(track(task), drawn);
        } else if (wake != null) {
            events.arrowEnd(wake.arrow, events.place(track(task)), drawn);
        }
    }

    /** An arrow begins in what is open, and ends where the task runs. */
    private void ready(long task) throws IOException {
        if (task == 0 || wakes.containsKey(task)) {
            return;
        }
        if (open == Slice.INBOX) {
            wakes.put(task, new Wake(0, true));
        } else {
            long arrow = arrows.next();
            wakes.put(task, new Wake(arrow, false));
            events.arrowBegin(arrow, events.place(track()), drawn);
        }
    }

    private void label(int label) {
        runningUnlabelled = label == 0;
        if (label != 0) {
            labels.put(running, label);
        }
    }

    private void ended(long task, Task.State state) throws IOException {
        events.ended(track(task), drawn, state);
        wakes.remove(task);
        runningEnded = true;
    }

    /** The track of what is open: a task's, or the loop's own. */
    private Track track() {
        return track(open == Slice.RUN ? running : 0);
    }

    private Track track(long task) {
        return new Track(ring.number(), task);
    }

    private void open(Slice next) throws IOException {
        close();
        open = next;
        openSince = drawn;
    }

    private void close() throws IOException {
        switch (open) {
            case NONE -> {}
            case RUN -> closeRun();
            case INBOX -> events.turn(ring.number(), "inbox", openSince, drawn);
            case TIMERS -> events.turn(ring.number(), "timers", openSince, drawn);
            case POLL -> events.turn(ring.number(), "poll", openSince, drawn);
        }
        open = Slice.NONE;
    }

    private void closeRun() throws IOException {
        if (running == 0) {
            events.turn(ring.number(), "callback", openSince, drawn);
            return;
        }
        Integer label = labels.get(running);
        events.run(ring, track(), openSince, drawn, label == null ? null : ring.labels().text(label), about);
        if (runningEnded || runningUnlabelled) {
            labels.remove(running);
        }
        if (runningEnded) {
            events.forget(track());
        }
        runningEnded = false;
        runningUnlabelled = false;
    }
}
