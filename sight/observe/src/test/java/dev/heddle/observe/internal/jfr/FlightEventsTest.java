package dev.heddle.observe.internal.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.internal.sight.Events;
import dev.heddle.observe.internal.metrics.EventHub;
import dev.heddle.sync.ConcurrencyLimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
class FlightEventsTest {

    private static final List<String> STANDARD = List.of("startTime", "duration", "eventThread", "stackTrace");

    @TempDir
    private Path directory;

    @BeforeAll
    static void begin() {
        EventHub.measure(null); // other tests of this JVM may have asked for metrics
        FlightEvents.begin();
    }

    @Test
    void whatHappensWhileJfrRecordsIsReadByJfrPrint() throws Exception {
        Path file = directory.resolve("heddle.jfr");
        try (var recording = new Recording()) {
            recording.enable("dev.heddle.TaskRun").withThreshold(Duration.ofMillis(20));
            recording.enable("dev.heddle.TaskWait").with("longerThan", "50 ms");
            recording.enable("dev.heddle.LoopDelay").withPeriod(Duration.ofMillis(100)).withoutThreshold();
            recording.enable("dev.heddle.ServerRequest").withThreshold(Duration.ofSeconds(1));
            recording.start();
            Heddle.run(FlightEventsTest::live);
            Events heard = Objects.requireNonNull(Events.heard());
            quickRequest(heard);
            heard.process("ovens", 4711, "killed");
            recording.dump(file);
        }
        String printed = print(file);
        assertSays(printed, "TaskRun", "task = \"baker\"", "loop = \"loop\"");
        assertSays(printed, "TaskWait", "task = \"guest\"", "reason = \"acquiring a token of limiter table\"");
        assertSays(printed, "Cancel", "task = \"sleeper\"", "reason = \"too late\"");
        assertSays(printed, "LoopDelay", "loop = \"loop\"");
        assertSays(printed, "WorkerProcess", "pool = \"ovens\"", "pid = 4711", "what = \"killed\"");
        assertFalse(printed.contains("dev.heddle.ServerRequest {"), printed);
        assertFalse(printed.contains("task = \"quick\""), printed);
    }

    /** JFR holds one of its locks as it writes, and wants the one in which it tells a new listener of itself. */
    @Test
    void beginsWhileARecordingIsWritten() throws Exception {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), Written.class.getName(), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("printed").toFile())
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs");
            assertEquals(0, process.exitValue(), Files.readString(directory.resolve("printed")));
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Written {

        public static void main(String[] args) throws Exception {
            try (var recording = new Recording()) {
                recording.start();
                var written = new CountDownLatch(2);
                var over = new AtomicBoolean();
                Thread writer = Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        try {
                            recording.dump(Path.of(args[0], "written.jfr"));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        written.countDown();
                    }
                });
                written.await();
                FlightEvents.begin();
                over.set(true);
                writer.join();
            }
        }
    }

    private static void live() {
        Heddle.group(group -> {
            Heddle.sleep(Duration.ofMillis(150)); // JFR comes by each 100 ms
            group.spawn("quick", () -> {});
            group.spawn("baker", FlightEventsTest::bake);
            ConcurrencyLimiter table = ConcurrencyLimiter.named("table", 1);
            table.acquire();
            var guest = group.spawn("guest", () -> table.run(() -> {}));
            var sleeper = group.spawn("sleeper", () -> Heddle.sleep(Duration.ofHours(1)));
            Heddle.sleep(Duration.ofMillis(150));
            table.release();
            guest.join();
            sleeper.cancel("too late");
            Heddle.sleep(Duration.ofMillis(100)); // for the thread that tells JFR
        });
    }

    private static void bake() {
        long end = System.nanoTime() + Duration.ofMillis(30).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void quickRequest(Events heard) {
        heard.served(
                heard.begin(Events.Kind.SERVED),
                new Events.HttpRequest("GET", "/users/{id}", "http", "HTTP/1.1", 200, null, 3, 1_000), () -> "peer");
    }

    private static String print(Path file) throws IOException, InterruptedException {
        Process jfr = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(), "print", "--events",
                "dev.heddle.*", file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(jfr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jfr.waitFor(), printed);
        return printed;
    }

    /** One of the events of a name has all these lines. */
    private static void assertSays(String printed, String name, String... lines) {
        for (String event : printed.split("\n\n", -1)) {
            if (event.strip().startsWith("dev.heddle." + name + " {")
                    && List.of(lines).stream().allMatch(event::contains)) {
                return;
            }
        }
        throw new AssertionError(name + " with " + List.of(lines) + " is not in\n" + printed);
    }

    @Test
    void eachEventAndFieldHasALabelForPeople() {
        List<EventType> ours = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("dev.heddle."))
                .toList();
        assertEquals(10, ours.size(), ours::toString);
        for (EventType type : ours) {
            assertEquals("Heddle", type.getCategoryNames().getFirst());
            assertNotNull(type.getLabel(), type::getName);
            assertTrue(type.getDescription().length() > 20, type::getName);
            for (ValueDescriptor field : type.getFields()) {
                assertTrue(STANDARD.contains(field.getName()) || field.getLabel() != null,
                        () -> type.getName() + " " + field);
            }
        }
    }

    @Test
    void nobodyHearsAnythingBeforeAndBehindARecording() {
        assertNull(Events.heard());
        try (var recording = new Recording()) {
            recording.start();
            assertNotNull(Events.heard());
        }
        assertNull(Events.heard());
    }

    @Test
    void ofTwoRecordingsThatWithTheShorterTimeDecides() {
        var setting = new LongerThan();
        assertEquals("50 ms", setting.combine(Set.of("1 s", "50 ms", "rubbish")));
        setting.setValue("50 ms");
        assertTrue(setting.isMet(50));
        assertFalse(setting.isMet(49));
        setting.setValue("rubbish");
        assertEquals("50 ms", setting.getValue());
        setting.setValue("2 m");
        assertFalse(setting.isMet(119_999));
        assertTrue(setting.isMet(120_000));
    }
}
