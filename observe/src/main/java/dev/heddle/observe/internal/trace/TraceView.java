package dev.heddle.observe.internal.trace;

import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.internal.JsonLines;
import dev.heddle.observe.internal.Request;
import dev.heddle.observe.internal.View;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The trace of what all loops do for {@code millis} milliseconds: an event a line as it comes. With {@code past=1} what
 * they have done before comes first, as far as they were recorded then.
 */
public final class TraceView implements View {

    private static final int USUAL_MILLIS = 10_000;
    private static final int MAX_MILLIS = 600_000;

    /** Time between two looks at the rings, short enough that few are lapped. */
    private static final int LOOK_MILLIS = 20;

    /** For the table of views. */
    public TraceView() {}

    @Override
    public void write(Request request, JsonLines out) throws IOException {
        long end = System.nanoTime() + request.number("millis", 1, MAX_MILLIS, USUAL_MILLIS) * 1_000_000;
        boolean past = request.flag("past");
        var writer = new TraceWriter(out);
        List<LoopRing> seen = new ArrayList<>();
        try (var traces = new LoopTraces(List.of())) {
            while (System.nanoTime() - end < 0) {
                for (Loop loop : Kernel.get().loops()) {
                    traces.add(loop);
                }
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
                writer.goOn();
                out.flush();
                pause();
            }
            writer.end();
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
