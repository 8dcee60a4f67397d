package dev.heddle.observe.internal.profile;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskWatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * A profile that is being taken: samples of all threads by the JDK's Flight Recorder, and what tasks say that they are
 * about.
 *
 * <p>Threads: any, one at a time.
 */
public final class ProfileRecording implements AutoCloseable {

    /**
     * Samples by the processor's time: each thread is sampled as often as it has worked for so long. An experiment of
     * JDK 25 that has brought JVMs down where it ran all the time (JDK-8387409), so it is there for who asks.
     */
    static final String BY_CPU_TIME = "jdk.CPUTimeSample";

    /** Samples of some of the threads that run at a moment. */
    static final String BY_TIME = "jdk.ExecutionSample";

    private static final Duration PERIOD = Duration.ofMillis(10);

    /** So much of a profile is kept, the newest. */
    private static final long MAX_BYTES = 256L << 20;

    /** Frames of a stack; the JDK's usual 64 would cut tasks off from their names. */
    private static final String STACK_DEPTH = "stackdepth=512";

    private static boolean prepared;

    private final Recording recording = new Recording();
    private final Map<Loop, Runnable> watched = new HashMap<>();
    private final Runnable endListening;
    private boolean closed;

    /**
     * Begins.
     *
     * @param cpuTime whether the samples go by the processor's time, where the JDK has these
     * @throws IllegalStateException if this JVM has no Flight Recorder
     */
    public ProfileRecording(boolean cpuTime) {
        prepare();
        recording.setName("heddle profile");
        recording.setToDisk(true);
        recording.setMaxSize(MAX_BYTES);
        // Made here, or it would be made ready on a loop, which takes a while.
        var label = new LabelEvent();
        recording.enable(label.getClass());
        endListening = Kernel.eachLoop(this::watch);
        recording.start();
        if (Kernel.hasBegun()) {
            Kernel.get().loops().forEach(ProfileRecording::tellOfWhatRuns);
        }
        // Only now: the JDK takes samples a second before it writes events such as ours, where all processors are busy.
        if (cpuTime && hasCpuTimeSamples()) {
            recording.enable(BY_CPU_TIME).with("throttle", PERIOD.toMillis() + "ms");
        } else {
            recording.enable(BY_TIME).withPeriod(PERIOD);
        }
    }

    /** Tells what a loop's tasks are about when the profile begins. A loop that does not answer costs a second. */
    private static void tellOfWhatRuns(Loop loop) {
        Kernel.get().bodies(loop).forEach((body, task) -> Labels.tellBefore(task, body));
        if (!loop.engine().isSimulated()) { // whose order a walk from here would disturb
            Kernel.get().walkAll(loop, slice -> slice.forEach(
                    seen -> Labels.tellBefore(seen.task(), Kernel.get().thread(seen.task()))));
        }
    }

    private static boolean hasCpuTimeSamples() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .anyMatch(type -> type.getName().equals(BY_CPU_TIME));
    }

    /** Stacks are deep enough if nobody has begun to record in this JVM yet; else they are as that one has chosen. */
    private static synchronized void prepare() {
        if (prepared || FlightRecorder.isInitialized()) {
            return;
        }
        prepared = true;
        try {
            ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "jfrConfigure",
                    new Object[]{new String[]{STACK_DEPTH}}, new String[]{String[].class.getName()});
        } catch (JMException e) {
            // The stacks are of the usual depth then.
        }
    }

    /** Hears of the labels of a loop. */
    private synchronized void watch(Loop loop) {
        if (!closed) {
            watched.computeIfAbsent(loop, added -> Kernel.get().watch(added, new Labels()));
        }
    }

    /** Ends, and writes what was recorded, as the JDK's tools read it. */
    public void writeTo(Path file) throws IOException {
        recording.stop();
        recording.dump(file);
    }

    @Override
    public synchronized void close() {
        closed = true;
        endListening.run();
        watched.values().forEach(Runnable::run);
        watched.clear();
        recording.close();
    }

    /** Writes what tasks are about, and the threads that work for them. */
    private static final class Labels implements TaskWatch {

        @Override
        public void spawned(Task<?> task) {
            String label = Kernel.get().labelOf(task); // of those that it belongs to
            Thread its = label == null ? null : Kernel.get().thread(task);
            if (its != null) {
                tell(label, its, false);
            }
        }

        @Override
        public void labelled(Task<?> task, @Nullable String label) {
            tell(label, Thread.currentThread(), false);
        }

        @Override
        public void offloaded(Task<?> task, Thread body, boolean runs) {
            String label = Kernel.get().labelOf(task);
            if (!runs && !body.isVirtual()) {
                tell(null, body, false);
            } else if (label != null) {
                tell(label, body, !runs); // a virtual one runs for nobody else, and may have begun before the profile
            }
        }

        static void tellBefore(Task<?> task, @Nullable Thread thread) {
            String label = Kernel.get().labelOf(task);
            if (label != null && thread != null) {
                tell(label, thread, true);
            }
        }

        private static void tell(@Nullable String label, Thread thread, boolean before) {
            var event = new LabelEvent();
            event.label = label;
            event.body = thread.threadId();
            event.before = before;
            event.commit();
        }
    }
}
