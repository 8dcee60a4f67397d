package dev.heddle.observe;

import dev.heddle.observe.internal.profile.ProfileFile;
import dev.heddle.observe.internal.profile.ProfileRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A profiler of this process: where its processors' time goes, as a flame graph at whose bottom stand the names of tasks
 * or the routes that they serve.
 *
 * <pre>{@code
 * try (Profiler profiler = Profiler.start()) {
 *     ...
 *     profiler.stop(Path.of("slow.html"));     // .jfr for JDK Mission Control, anything else for collapsed stacks
 * }
 * }</pre>
 *
 * <p>The JDK's Flight Recorder takes a sample of some of the threads that run, each 10 ms. It measures real time, also in
 * a simulated run.
 *
 * <p>Threads: any, one at a time. Cancellation: no call looks for a cancel, and {@link #stop} leaves a whole file; on a
 * loop, offload it, since it reads and writes files. {@code heddle profile PID} does the same from outside.
 */
public final class Profiler implements AutoCloseable {

    private final ProfileRecording recording;

    private Profiler(boolean cpuTime) {
        recording = new ProfileRecording(cpuTime);
    }

    /**
     * Begins.
     *
     * @throws IllegalStateException if this JVM has no Flight Recorder
     */
    public static Profiler start() {
        return new Profiler(false);
    }

    /**
     * Begins one that takes a sample of each thread per 10 ms of its processor time, so that short work counts as much
     * as long. JDK 25 has this on Linux, as an experiment that has brought JVMs down (JDK-8387409): nothing for all day.
     * Elsewhere the same as {@link #start}.
     *
     * @throws IllegalStateException if this JVM has no Flight Recorder
     */
    public static Profiler startByCpuTime() {
        return new Profiler(true);
    }

    /**
     * Ends, and writes the profile.
     *
     * @return how many samples there are
     * @throws IllegalStateException if it has ended already
     * @throws IOException if the file cannot be written
     */
    public long stop(Path file) throws IOException {
        Path jfr = Files.createTempFile("heddle-profile", ".jfr");
        try {
            recording.writeTo(jfr);
            return ProfileFile.of(file).write(jfr, "process " + ProcessHandle.current().pid(), file);
        } finally {
            Files.delete(jfr);
        }
    }

    /** Ends without a profile, if it has not ended. */
    @Override
    public void close() {
        recording.close();
    }
}
