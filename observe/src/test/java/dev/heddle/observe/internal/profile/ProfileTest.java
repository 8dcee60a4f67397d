package dev.heddle.observe.internal.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.Profiler;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile has the names of tasks and the routes at the bottom of its stacks. */
@Tag("full") // the JDK's Flight Recorder takes its time, and so do samples
final class ProfileTest {

    private static final long ENOUGH_NANOS = 400_000_000;

    @TempDir
    private Path directory;

    /** Works so long that there are samples of it. */
    private static void work() {
        long end = System.nanoTime() + ENOUGH_NANOS;
        while (System.nanoTime() - end < 0) {
            Heddle.checkpoint();
        }
    }

    private List<String> profile(Runnable body) throws IOException {
        Path file = directory.resolve("stacks.txt");
        try (Profiler profiler = Profiler.start()) {
            body.run();
            assertTrue(profiler.stop(file) > 0);
        }
        List<String> stacks = Files.readAllLines(file);
        assertTrue(stacks.stream().allMatch(stack -> stack.matches("[^ ].*( [0-9]+)")), stacks::toString);
        return stacks;
    }

    private static boolean has(List<String> stacks, String bottom, String above) {
        return stacks.stream().anyMatch(stack -> stack.startsWith(bottom + ";") && stack.contains(above));
    }

    @Test
    void namesAndLabelsOfTasksStandAtTheBottom() throws IOException {
        List<String> stacks = profile(() -> {
            try (Loop loop = Loop.start(Config.DEFAULT)) {
                Task<Void> named = loop.spawn("fetch 17", ProfileTest::work);
                Task<Void> labelled = loop.spawn("connection", () -> {
                    Kernel.label("GET /users/{id}");
                    work();
                    Kernel.label(null);
                });
                Task<Void> nameless = loop.spawn(ProfileTest::work);
                List.of(named, labelled, nameless).forEach(Task::join);
            }
        });
        assertTrue(has(stacks, "fetch #", "ProfileTest.work"), stacks::toString);
        assertTrue(has(stacks, "GET /users/{id}", "ProfileTest.work"), stacks::toString);
        assertTrue(has(stacks, "tasks without a name", "ProfileTest.work"), stacks::toString);
        assertFalse(stacks.stream().anyMatch(stack -> stack.contains("dev.heddle.Fiber.run;")), stacks::toString);
    }

    @Test
    void simulatedRunHasAProfileToo() throws IOException {
        List<String> stacks = profile(() -> Sim.run(() -> {
            Task<Void> task = Heddle.spawn("simulated", ProfileTest::work);
            task.join();
        }));
        assertTrue(has(stacks, "simulated", "ProfileTest.work"), stacks::toString);
    }

    @Test
    void recordingIsReadByTheJdksTools() throws IOException, InterruptedException {
        Path file = directory.resolve("profile.jfr");
        try (Profiler profiler = Profiler.start()) {
            work();
            profiler.stop(file);
            assertThrows(IllegalStateException.class, () -> profiler.stop(file));
        }
        Process jfr = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(), "summary", file.toString())
                .redirectErrorStream(true)
                .start();
        String summary = new String(jfr.getInputStream().readAllBytes());
        assertEquals(0, jfr.waitFor(), summary);
        assertTrue(summary.contains(LabelEvent.NAME), summary);
    }
}
