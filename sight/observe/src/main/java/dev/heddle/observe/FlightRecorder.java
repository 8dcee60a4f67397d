package dev.heddle.observe;

import dev.heddle.Loop;
import dev.heddle.observe.internal.trace.LoopTraces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A flight recorder of loops: keeps the last of what each has done, and writes it to a file when asked, which Perfetto
 * and Chrome's {@code chrome://tracing} open. Tasks are tracks, their runs are slices, and arrows lead from who woke a
 * task to where it ran; polls and timers stand on the loop's own track.
 *
 * <pre>{@code
 * try (FlightRecorder recorder = FlightRecorder.start(List.of(loop))) {
 *     ...
 *     recorder.writeTo(Path.of("slow.json"));     // at any step, as often as wanted
 * }
 * }</pre>
 *
 * <p>A simulated loop is recorded as well; since no time passes while its tasks run, each step is drawn one microsecond
 * long at least. The same seed gives the same file.
 *
 * <p>A loop is slowed down by some hundredths and has 8 MiB for its record, which are some seconds of a busy one;
 * {@code -Dheddle.observe.record.entries} sets the number of its entries of 8 bytes, from 1,024 to 67,108,864.
 *
 * <p>Threads: any. Cancellation: no call looks for a cancel; a task that is cancelled closes and writes all the same.
 * {@code heddle trace PID} does the same from outside.
 */
public final class FlightRecorder implements AutoCloseable {

    private final LoopTraces traces;

    private FlightRecorder(List<Loop> loops) {
        traces = new LoopTraces(loops);
    }

    /** Records loops: one on which the caller is from now on, others from their next turn on. */
    public static FlightRecorder start(List<Loop> loops) {
        return new FlightRecorder(loops);
    }

    /**
     * Writes what the loops have done lately, in the trace event format; compressed if the name ends with {@code .gz}.
     * On a loop of its own this holds the loop up, as any file does.
     *
     * @throws IOException if the file cannot be written; it is left as far as it was
     */
    public void writeTo(Path file) throws IOException {
        traces.writeTo(file);
    }

    /** Ends the recording. */
    @Override
    public void close() {
        traces.close();
    }
}
