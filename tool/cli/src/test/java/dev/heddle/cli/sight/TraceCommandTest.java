package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces and profiles of programs, taken from another process. */
final class TraceCommandTest {

    private static final String BUSY = """
            run(() -> {
                spawn("tick", () -> { while (true) { sleep(Duration.ofMillis(1)); } });
                spawn("busy 17", () -> { while (true) { checkpoint(); } });
                IO.println("ready");
                sleep(Duration.ofHours(1));
            });""";

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    @BeforeEach
    void begin() {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    @Test
    @Tag("full")
    void runningProgramIsRecordedForATimeOrSoManyEvents() throws Exception {
        String pid = Long.toString(programs.startCompiled(BUSY).pid());
        Path file = directory.resolve("trace.json");
        CommandLine run = programs.heddle("trace", "--events", "20000", "-o", file.toString(), pid, "10s");
        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(run.err().startsWith("wrote " + file + ": "), run.err());
        assertTrue(run.err().contains("it ends early"), run.err());
        String trace = Files.readString(file);
        assertTrue(trace.startsWith("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{\"kind\":\"event\",\"ph\":"));
        assertTrue(trace.endsWith("}\n]}\n"));
        assertTrue(trace.contains("\"args\":{\"name\":\"tick\"}"));
    }

    @Test
    @Tag("full")
    void stoppedTraceIsWholeAndSaysHowMuchItHas() throws Exception {
        String pid = Long.toString(programs.startCompiled(BUSY).pid());
        Path file = directory.resolve("trace.json");
        Process command = programs.begin(List.of(), "trace", "-o", file.toString(), pid, "60s");
        while (!Files.exists(file) || Files.size(file) < 100_000) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        ObservedPrograms.signal(command, "INT");
        CommandLine run = programs.ended(command);
        assertEquals(Exit.INTERRUPTED, run.exit(), run.err());
        assertTrue(run.err().startsWith("stopped; " + file + " has the "), run.err());
        assertTrue(Files.readString(file).endsWith("}\n]}\n"));
    }

    @Test
    @Tag("full")
    void stoppedProfileLeavesNothing() throws Exception {
        String pid = Long.toString(programs.startCompiled(BUSY).pid());
        String temporary = "-Djava.io.tmpdir=" + directory;
        Process command = programs.begin(List.of(temporary), "profile", pid, "60s");
        while (recordings() == 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        ObservedPrograms.signal(command, "INT");
        programs.ended(command);
        assertEquals(0, recordings());
    }

    private long recordings() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jfr")).count();
        }
    }

    @Test
    @Tag("full")
    void traceGoesToTheStandardOutputAndAFullDiskIsTold() throws Exception {
        String pid = Long.toString(programs.startCompiled(BUSY).pid());
        CommandLine run = programs.heddle("trace", "-o", "-", pid, "100ms");
        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(run.out().endsWith("}\n]}\n"), run.out());
        CommandLine full = programs.heddle("trace", "-o", "/dev/full", pid, "500ms");
        assertEquals(Exit.NOT_ALL, full.exit(), full.err());
        assertTrue(full.err().contains("cannot write /dev/full: "), full.err());
        assertTrue(Files.exists(Path.of("/dev/full")));
    }

    @Test
    @Tag("full")
    void runningProgramGivesAGraphStacksAndTheRecording() throws Exception {
        String pid = Long.toString(programs.startCompiled(BUSY).pid());
        Path graph = directory.resolve("profile.html");
        Path stacks = directory.resolve("profile.txt");
        Path recording = directory.resolve("profile.jfr");
        CommandLine run = programs.heddle(
                "profile", "-o", graph.toString(), "-o", stacks.toString(), "-o", recording.toString(), pid, "2s");
        assertEquals(Exit.FINE, run.exit(), run.err());
        assertEquals(3, run.err().lines().filter(line -> line.startsWith("wrote ")).count(), run.err());
        assertTrue(Files.readString(graph).contains("\"busy #\""));
        assertTrue(Files.readString(stacks).lines().anyMatch(line -> line.startsWith("busy #;")));
        assertTrue(Files.size(recording) > 0);
    }

    @Test
    @Tag("full")
    void programThatAlwaysRecordsTellsWhatWasBefore() throws Exception {
        String pid = Long.toString(programs.startCompiled("""
                run(() -> {
                    spawn("long ago", () -> {}).join();
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "-Dheddle.observe.record=on").pid());
        Path file = directory.resolve("trace.json");
        CommandLine run = programs.heddle("trace", "--past", "-o", file.toString(), pid, "10ms");
        assertEquals(Exit.FINE, run.exit(), run.err());
        assertTrue(Files.readString(file).contains("\"args\":{\"name\":\"long ago\"}"));
    }

    @Test
    @Tag("full")
    void programWhoseLoopIsHeldWritesTheLastSecondsByItself() throws Exception {
        Path records = directory.resolve("records");
        programs.startUnobserved("""
                run(Config.DEFAULT.withBlockedAfter(Duration.ofMillis(20)), () -> {
                    IO.println("ready");
                    spawn("holder", () -> { while (true) { Thread.onSpinWait(); } }).join();
                });""", "-Dheddle.observe.record.directory=" + records);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String trace = "";
        while (!trace.endsWith("]}\n") && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            trace = firstOf(records);
        }
        assertTrue(trace.contains("\"ph\":\"X\",\"name\":\"holder\""), trace);
    }

    /** What is in the first file, as far as it is written. */
    private static String firstOf(Path records) throws IOException {
        if (!Files.exists(records)) {
            return "";
        }
        try (Stream<Path> files = Files.list(records)) {
            List<Path> all = files.toList();
            byte[] written = all.isEmpty() ? new byte[0] : Files.readAllBytes(all.getFirst());
            return new String(
                    new GZIPInputStream(new ByteArrayInputStream(written)).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // it is not whole yet
        }
    }

    @Test
    void timeAloneHasItsUnit() {
        assertEquals(new TimedRequest(List.of(), Duration.ofSeconds(5)), TimedRequest.of(List.of("5s")));
        assertEquals(new TimedRequest(List.of("4711"), Duration.ofSeconds(10)), TimedRequest.of(List.of("4711")));
        assertEquals(new TimedRequest(List.of("4711"), Duration.ofSeconds(5)), TimedRequest.of(List.of("4711", "5")));
        assertEquals(new TimedRequest(List.of(), Duration.ofSeconds(10)), TimedRequest.of(List.of()));
    }

    @Test
    void timeIsWithinItsLimits() {
        for (List<String> words : List.of(List.of("11m"), List.of("1", "0"), List.of("1", "x"),
                List.of("1", "2", "3"))) {
            assertThrows(UsageException.class, () -> TimedRequest.of(words), words::toString);
        }
    }
}
