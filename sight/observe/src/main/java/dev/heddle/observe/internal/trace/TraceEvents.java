package dev.heddle.observe.internal.trace;

import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import dev.heddle.observe.internal.JsonLines;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a trace as events of Chrome's format, which Perfetto reads too: one line each, with the {@code kind} of
 * our lines as one more field, which other readers pass over.
 *
 * <p>A loop is a process of the trace and a task a thread of it; the process's main thread is the loop itself, with all
 * that it runs and does in a row. Times are microseconds since the recording's origin, with the nanoseconds behind the
 * point.
 *
 * <p>Perfetto's importer ({@code json_trace_parser_impl.cc}) wants some things that the format does not say: a thread's
 * number is of one process only; it cuts times off below the nanosecond, so what must not overlap leaves {@value
 * #GAP_NANOS} ns between; and it ties an arrow's end to the slice that began last, so the arrow ends a little behind the
 * slice's begin.
 *
 * <p>Source: <a href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace Event
 * Format</a>. It was chosen over Perfetto's own, which is smaller, because both programs open it, and many others.
 *
 * <p>Threads: one at a time.
 */
final class TraceEvents {

    /** Most tasks of a loop that are looked at to name those that were spawned long ago. */
    private static final int MAX_LOOKED_AT = 100_000;

    /** Between the end of a slice and the begin of the next; less than half of what entries lie apart. */
    private static final long GAP_NANOS = 2;

    private final JsonLines out;

    /** The loops of the trace, numbered from 1 whatever else is recorded in this process. */
    private final Map<Integer, Integer> processes = new HashMap<>();

    /** The threads of the trace that stand for tasks which may run again. */
    private final Map<Track, Integer> threads = new HashMap<>();

    /** Those of them whose names are to be found out at the end. */
    private final Set<Track> nameless = new HashSet<>();

    /** The last thread that was given; those below are the loops' own. */
    private int lastThread = Entries.MAX_BESIDE;

    /** A task of a loop; 0 for the loop itself. */
    record Track(int loop, long task) {}

    /** The process and the thread of a trace. */
    record Place(int process, int thread) {}

    private final long maxEvents;
    private long events;

    /** @param maxEvents most events; what ends the trace comes in addition */
    TraceEvents(JsonLines out, long maxEvents) {
        this.out = out;
        this.maxEvents = maxEvents;
    }

    boolean isFull() {
        return events >= maxEvents;
    }

    // ---- tracks ----

    /** Ends the part of a loop: names what has no name yet. */
    void loop(LoopRing ring, long lost) throws IOException {
        var own = new Track(ring.number(), 0);
        meta("process_name", own).put("name", ring.loop().name()).endObject().end();
        meta("process_sort_index", own).put("sort_index", place(own).process).endObject().end();
        meta("thread_name", own).put("name", ring.loop().name()).endObject().end();
        meta("thread_sort_index", own).put("sort_index", -1).endObject().end();
        findNames(ring);
        for (Track track : nameless) {
            if (track.loop == own.loop) {
                name(track, unnamed(track.task));
            }
        }
        nameless.removeIf(track -> track.loop == own.loop);
        if (lost > 0) {
            event("i", "entries were lost: the loop was faster than their reader", own, 0).put("cat", "loop")
                    .put("s", "p").beginObject("args").put("lost", lost).endObject().end();
        }
    }

    private void findNames(LoopRing ring) throws IOException {
        if (ring.loop().isClosed() || nameless.stream().noneMatch(track -> track.loop == ring.number())) {
            return;
        }
        try (TaskWalk walk = Kernel.get().walk(ring.loop())) {
            List<TaskSight> seen = walk.next().orElse(List.of());
            for (int looked = 0; !seen.isEmpty() && looked < MAX_LOOKED_AT; looked += seen.size()) {
                for (TaskSight each : seen) {
                    var track = new Track(ring.number(), each.task().id());
                    if (nameless.remove(track)) {
                        name(track, each.task().name());
                    }
                }
                seen = walk.next().orElse(List.of());
            }
        }
    }

    private void name(Track track, String name) throws IOException {
        meta("thread_name", track).put("name", name).endObject().end();
    }

    private static String unnamed(long task) {
        return "task-" + task;
    }

    /** The name of a task as far as it is known by now; its thread gets it too. */
    private String nameOf(LoopRing ring, Track track) throws IOException {
        String given = ring.names().name(track.task);
        place(track);
        if (given != null && nameless.remove(track)) {
            name(track, given);
        }
        return given == null ? unnamed(track.task) : given;
    }

    /** Where a track stands in the trace; also where its task is forgotten later. */
    Place place(Track track) {
        int process = processes.computeIfAbsent(track.loop, added -> processes.size() + 1);
        if (track.task == 0) {
            return new Place(process, process);
        }
        Integer thread = threads.get(track);
        if (thread == null) {
            thread = ++lastThread;
            threads.put(track, thread);
            nameless.add(track);
        }
        return new Place(process, thread);
    }

    /** A task runs no more; one that has its name need not be remembered. */
    void forget(Track track) {
        if (!nameless.contains(track)) {
            threads.remove(track);
        }
    }

    // ---- events ----

    /** A task has run. */
    void run(LoopRing ring, Track track, long since, long until, @Nullable String label, boolean about)
            throws IOException {
        String name = nameOf(ring, track);
        turn(track.loop, label == null ? name : label, since, until);
        slice(label == null ? "run" : label, track, since, until)
                .put("cat", "run").beginObject("args").put("task", track.task).put("about", about).endObject().end();
    }

    /** The loop has done something of its own, or has run something. */
    void turn(int loop, String what, long since, long until) throws IOException {
        slice(what, new Track(loop, 0), since, until).put("cat", "loop").end();
    }

    void spawned(LoopRing ring, Track spawned, Track by, long time) throws IOException {
        String name = nameOf(ring, spawned);
        event("i", "spawn " + name, by, time).put("cat", "task").put("s", "t")
                .beginObject("args").put("task", spawned.task).put("at", ring.names().line(spawned.task)).endObject()
                .end();
    }

    void ended(Track track, long time, Task.State state) throws IOException {
        event("i", state.name().toLowerCase(Locale.ROOT), track, time).put("cat", "task").put("s", "t").end();
    }

    void timers(int loop, long time, long lateNanos) throws IOException {
        event("i", "timer", new Track(loop, 0), time).put("cat", "loop").put("s", "t")
                .beginObject("args").put("lateMicros", lateNanos / 1e3).endObject().end();
    }

    void arrowBegin(long arrow, Place from, long time) throws IOException {
        event("s", "wake", from, time).put("cat", "wake").put("id", arrow).end();
    }

    /** @param time when the task at the arrow's end begins to run */
    void arrowEnd(long arrow, Place to, long time) throws IOException {
        event("f", "wake", to, time + GAP_NANOS).put("cat", "wake").put("id", arrow).put("bp", "e").end();
    }

    private JsonLines slice(String name, Track track, long since, long until) {
        return event("X", name, place(track), since).put("dur", (until - since - GAP_NANOS) / 1e3);
    }

    private JsonLines event(String phase, String name, Track track, long time) {
        return event(phase, name, place(track), time);
    }

    private JsonLines event(String phase, String name, Place place, long time) {
        return begin(phase, name, place).put("ts", time / 1e3);
    }

    private JsonLines meta(String name, Track track) {
        return begin("M", name, place(track)).beginObject("args");
    }

    private JsonLines begin(String phase, String name, Place place) {
        events++;
        return out.begin("event").put("ph", phase).put("name", name).put("pid", place.process)
                .put("tid", place.thread);
    }
}
