package dev.heddle.observe.internal.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A trace as its readers take it: checked against what the trace event format says of each kind of event, and against
 * what Perfetto wants of slices and arrows.
 */
record ChromeTrace(List<JsonNode> events) {

    /** A slice, in nanoseconds. */
    record Slice(String name, long pid, long tid, long begin, long end) {}

    private record Track(long pid, long tid) {}

    static ChromeTrace read(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes) {
            JsonNode root = new ObjectMapper().readTree(plain);
            assertEquals("ns", root.get("displayTimeUnit").asString());
            var trace = new ChromeTrace(root.get("traceEvents").valueStream().toList());
            trace.check();
            return trace;
        }
    }

    private void check() {
        events.forEach(ChromeTrace::checkFields);
        checkAsPerfetto();
    }

    private static void checkFields(JsonNode event) {
        String phase = text(event, "ph");
        text(event, "name");
        assertTrue(event.get("pid").isIntegralNumber() && event.get("tid").isIntegralNumber(), event::toString);
        if (phase.equals("M")) {
            switch (text(event, "name")) {
                case "process_name", "thread_name" -> text(event.get("args"), "name");
                case "process_sort_index", "thread_sort_index" ->
                    assertTrue(event.get("args").get("sort_index").isIntegralNumber());
                default -> throw new AssertionError("no metadata of the format: " + event);
            }
            return;
        }
        assertTrue(event.get("ts").isNumber() && event.get("ts").asDouble() >= 0, event::toString);
        text(event, "cat");
        switch (phase) {
            case "X" -> assertTrue(event.get("dur").asDouble() > 0, event::toString);
            case "i" -> assertTrue(Set.of("g", "p", "t").contains(text(event, "s")), event::toString);
            case "s" -> assertTrue(event.has("id"), event::toString);
            case "f" -> assertEquals("e", text(event, "bp"), event::toString);
            default -> throw new AssertionError("no phase of the format: " + event);
        }
    }

    private static String text(JsonNode event, String field) {
        assertNotNull(event.get(field), () -> field + " of " + event);
        assertTrue(event.get(field).isString(), event::toString);
        return event.get(field).asString();
    }

    /** As Perfetto reads it: microseconds as a double, cut off below the nanosecond. */
    private static long nanos(JsonNode event, String field) {
        return (long) (event.get(field).asDouble() * 1000.0);
    }

    private static Track track(JsonNode event) {
        return new Track(event.get("pid").asLong(), event.get("tid").asLong());
    }

    private static Slice slice(JsonNode event) {
        long begin = nanos(event, "ts");
        return new Slice(
                text(event, "name"),
                track(event).pid,
                track(event).tid,
                begin,
                event.has("dur") ? begin + nanos(event, "dur") : begin);
    }

    List<JsonNode> of(String phase, String name) {
        return events.stream()
                .filter(event -> text(event, "ph").equals(phase) && text(event, "name").equals(name))
                .toList();
    }

    /** The slices of all tracks, by their begin. */
    List<Slice> slices() {
        List<Slice> slices = new ArrayList<>();
        for (JsonNode event : events) {
            if (text(event, "ph").equals("X")) {
                slices.add(slice(event));
            }
        }
        slices.sort(Comparator.comparingLong(Slice::begin));
        return slices;
    }

    /**
     * Reads the events as Perfetto's importer does: by their times, cut off below the nanosecond, and those of one time
     * in the order of the file. Each track has a stack of slices; an arrow is tied to the topmost.
     */
    private void checkAsPerfetto() {
        Map<Long, Long> processes = new HashMap<>();
        Map<Track, Deque<Slice>> stacks = new HashMap<>();
        Set<Long> begun = new HashSet<>();
        Set<Long> ended = new HashSet<>();
        List<JsonNode> sorted = new ArrayList<>(events);
        sorted.removeIf(event -> text(event, "ph").equals("M"));
        sorted.sort(Comparator.comparingLong(event -> nanos(event, "ts")));
        for (JsonNode event : sorted) {
            Track track = track(event);
            Long process = processes.putIfAbsent(track.tid, track.pid);
            assertTrue(process == null || process == track.pid, () -> "a thread of two processes: " + event);
            Deque<Slice> stack = stacks.computeIfAbsent(track, added -> new ArrayDeque<>());
            long time = nanos(event, "ts");
            switch (text(event, "ph")) {
                case "X", "i" -> push(stack, slice(event));
                case "s" -> {
                    assertTrue(begun.add(event.get("id").asLong()), () -> "begun twice: " + event);
                    assertTrue(!stack.isEmpty() && stack.getFirst().begin <= time, () -> "from nowhere: " + event);
                }
                case "f" -> {
                    assertTrue(ended.add(event.get("id").asLong()), () -> "ended twice: " + event);
                    assertTrue(begun.contains(event.get("id").asLong()), () -> "not begun: " + event);
                    assertTrue(
                            !stack.isEmpty() && stack.getFirst().begin < time && time < stack.getFirst().end,
                            () -> "to nowhere: " + event + " " + stack);
                }
                default -> throw new AssertionError(event);
            }
        }
    }

    private static void push(Deque<Slice> stack, Slice slice) {
        while (!stack.isEmpty() && stack.getFirst().end <= slice.begin) {
            stack.removeFirst();
        }
        assertTrue(
                stack.isEmpty() || (slice.end == slice.begin && slice.end < stack.getFirst().end),
                () -> slice + " overlaps " + stack.getFirst());
        stack.addFirst(slice);
    }

    /** The arrows as the names of the tracks that they lead from and to. */
    List<String> arrows() {
        Map<Track, String> names = new HashMap<>();
        of("M", "thread_name").forEach(event -> names.put(track(event), text(event.get("args"), "name")));
        Map<Long, String> from = new HashMap<>();
        of("s", "wake").forEach(event -> from.put(event.get("id").asLong(), names.get(track(event))));
        return of("f", "wake").stream()
                .map(event -> from.get(event.get("id").asLong()) + " -> " + names.get(track(event)))
                .toList();
    }

    /** The names of the tracks. */
    List<String> tracks() {
        return of("M", "thread_name").stream().map(event -> text(event.get("args"), "name")).distinct().toList();
    }
}
