package dev.heddle.observe.internal.profile;

import dev.heddle.observe.internal.top.FoldedName;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a recording as a tree: at the bottom the route or the name of a task, or of a thread that is none, and
 * above it what it has called.
 *
 * <p>Names that differ by numbers only count as one: {@code fetch 17} is of {@code fetch #}.
 *
 * <p>Memory: the tree, and the labels that tasks have had. Threads: immutable once it is read.
 */
public final class Profile {

    /** Stands at the bottom for tasks that were given no name; the next frame is their body. */
    private static final String NAMELESS = "tasks without a name";

    /** Stands for frames that the JDK has cut off. */
    private static final String CUT = "(deeper than the recorder looks)";

    /** What JDK 25 and the kernel have below the body of a task; other frames show. */
    static final List<String> BELOW = List.of("jdk.internal.vm.Continuation.", "java.lang.VirtualThread",
            "java.lang.Thread.run", "dev.heddle.Fiber.run", "dev.heddle.Task.live");

    /** The JDK's class around a lambda, of another name in each run. */
    private static final String LAMBDA = "$$Lambda";

    private final StackNode root = new StackNode();

    /** For each thread what it was about, from when on. */
    private final Map<Long, TreeMap<Instant, String>> labels = new HashMap<>();

    private Profile() {}

    /** A profile without samples. */
    static Profile empty() {
        return new Profile();
    }

    /** Reads a recording of the JDK's Flight Recorder. */
    public static Profile read(Path file) throws IOException {
        var profile = new Profile();
        // Events of several threads come in no order, so that all labels are read first.
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                profile.label(recording.readEvent());
            }
        }
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                profile.sample(recording.readEvent());
            }
        }
        return profile;
    }

    private void label(RecordedEvent event) {
        if (event.getEventType().getName().equals(LabelEvent.NAME)) {
            String label = event.getString("label");
            labels.computeIfAbsent(event.getLong("body"), added -> new TreeMap<>())
                    .put(event.getBoolean("before") ? Instant.MIN : event.getStartTime(), label == null ? "" : label);
        }
    }

    private void sample(RecordedEvent event) {
        RecordedThread thread = switch (event.getEventType().getName()) {
            case ProfileRecording.BY_CPU_TIME -> event.getThread();
            case ProfileRecording.BY_TIME -> event.getThread("sampledThread");
            default -> null;
        };
        RecordedStackTrace stack = event.getStackTrace();
        if (thread == null || stack == null) {
            return;
        }
        root.count();
        StackNode node = root.add(bottom(thread, event.getStartTime()));
        if (stack.isTruncated()) {
            node = node.add(CUT);
        }
        for (String frame : frames(stack)) {
            node = node.add(frame);
        }
    }

    private String bottom(RecordedThread thread, Instant time) {
        TreeMap<Instant, String> had = labels.get(thread.getJavaThreadId());
        Map.Entry<Instant, String> last = had == null ? null : had.floorEntry(time);
        if (last != null && !last.getValue().isEmpty()) {
            return last.getValue();
        }
        String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
        if (thread.isVirtual()) {
            return name == null || name.isEmpty() ? NAMELESS : FoldedName.of(name);
        }
        return "thread " + FoldedName.of(String.valueOf(name));
    }

    /** The frames from the lowest on, without those that all tasks have. */
    private static Deque<String> frames(RecordedStackTrace stack) {
        Deque<String> frames = new ArrayDeque<>();
        boolean above = false;
        for (RecordedFrame frame : stack.getFrames().reversed()) {
            String name = name(frame.getMethod());
            above |= BELOW.stream().noneMatch(name::startsWith);
            if (above && !name.contains(LAMBDA)) {
                frames.add(name);
            }
        }
        return frames;
    }

    private static String name(@Nullable RecordedMethod method) {
        return method == null ? "?" : method.getType().getName() + "." + method.getName();
    }

    StackNode root() {
        return root;
    }

    /** How many samples there are. */
    public long samples() {
        return root.samples();
    }

    /**
     * Writes the stacks as other programs of flame graphs read them, each in a line with its count: {@code GET
     * /items;App.list;Database.read 17}.
     */
    public void writeCollapsed(Writer out) throws IOException {
        writeCollapsed(root, "", out);
    }

    private static void writeCollapsed(StackNode node, String below, Writer out) throws IOException {
        for (Map.Entry<String, StackNode> each : node.above().entrySet()) {
            String stack = below + plain(each.getKey());
            if (each.getValue().own() > 0) {
                out.write(stack + " " + each.getValue().own() + "\n");
            }
            writeCollapsed(each.getValue(), stack + ";", out);
        }
    }

    /** A name of users may have anything in it, and here three things end a name. */
    private static String plain(String name) {
        return name.replaceAll("[\\p{Cntrl};]", "_");
    }
}
