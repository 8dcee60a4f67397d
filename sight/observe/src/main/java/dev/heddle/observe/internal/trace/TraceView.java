package dev.heddle.observe.internal.trace;

import dev.heddle.observe.internal.JsonLines;
import dev.heddle.observe.internal.View;
import dev.heddle.observe.internal.ViewRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The trace of what all loops do for {@code millis} milliseconds: an event a line as it comes. With {@code past=1} what
 * they have done before comes first, as far as they were recorded then. It ends before when there are {@code events}
 * events.
 */
public final class TraceView implements View {

    private static final int USUAL_MILLIS = 10_000;
    private static final int MAX_MILLIS = 600_000;

    /** Some hundred MB, which a browser still opens: a loop that does nothing but switch fills them in a moment. */
    private static final int USUAL_EVENTS = 1_000_000;

    private static final int MAX_EVENTS = 1_000_000_000;

    /** Time between two looks at the rings, short enough that few are lapped. */
    private static final int LOOK_MILLIS = 20;

    private final LoopTraces traces = LoopTraces.ofAll();
    private final List<LoopRing> seen = new ArrayList<>();

    /** For the table of views. */
    public TraceView() {}

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        long begin = System.nanoTime();
        long nanos = TimeUnit.MILLISECONDS.toNanos(request.number("millis", 1, MAX_MILLIS, USUAL_MILLIS));
        boolean past = request.flag("past");
        var writer = new TraceWriter(out, request.number("events", 1, MAX_EVENTS, USUAL_EVENTS));
        long second = 0;
        for (long passed = 0; passed < nanos && !writer.isFull(); passed = System.nanoTime() - begin) {
            addLoops(writer, past);
            writer.goOn();
            if (TimeUnit.NANOSECONDS.toSeconds(passed) > second) {
                // Whoever reads hears that it goes on, also where nothing happens.
                second = TimeUnit.NANOSECONDS.toSeconds(passed);
                out.begin("recording").put("seconds", second).end();
            }
            out.flush();
            pause();
        }
        if (writer.isFull()) {
            out.begin("full").end();
        }
        writer.end();
    }

    /** Those that have begun meanwhile too. */
    private void addLoops(TraceWriter writer, boolean past) {
        for (LoopRing ring : traces.rings()) {
            if (!seen.contains(ring)) {
                seen.add(ring);
                if (past) {
                    writer.addPast(ring);
                } else {
                    writer.addFuture(ring);
                }
            }
        }
    }

    @Override
    public void close() {
        traces.close();
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
