package dev.heddle.observe.internal.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.Profiler;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile has the names of tasks and the routes at the bottom of its stacks. */
@Tag("full") // the JDK's Flight Recorder takes its time, and so do samples
final class ProfileTest {

    /** On a busy machine a loop may hardly get a processor at first. */
    private static final int TRIES = 5;

    private static final List<String> ROUTES = List.of("GET /offloads", "GET /pools", "GET /works", "GET /spawns");

    @TempDir
    private Path directory;

    private long workNanos = 300_000_000;

    private void work() {
        long end = System.nanoTime() + workNanos;
        while (System.nanoTime() - end < 0) {
            Heddle.checkpoint();
        }
    }

    private void workAway() {
        long end = System.nanoTime() + workNanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    /** The collapsed stacks of what a body does; it is done longer until there are samples of all that is wanted. */
    private List<String> profile(Runnable body, String... bottoms) throws IOException {
        return profile(Profiler::start, body, bottoms);
    }

    private List<String> profile(Supplier<Profiler> start, Runnable body, String... bottoms) throws IOException {
        Path file = directory.resolve("stacks.txt");
        List<String> stacks = List.of();
        for (int i = 0; i < TRIES; i++, workNanos *= 2) {
            try (Profiler profiler = start.get()) {
                body.run();
                profiler.stop(file);
            }
            List<String> read = Files.readAllLines(file);
            stacks = read;
            if (Stream.of(bottoms).allMatch(bottom -> has(read, bottom))) {
                break;
            }
        }
        for (String bottom : bottoms) {
            assertTrue(has(stacks, bottom), bottom + " is not in " + stacks);
        }
        assertTrue(stacks.stream().allMatch(stack -> stack.matches("[^ ].* [0-9]+")), stacks::toString);
        return stacks;
    }

    private static boolean has(List<String> stacks, String bottom) {
        return stacks.stream().anyMatch(stack -> stack.startsWith(bottom + ";") && stack.contains("ProfileTest.work"));
    }

    @Test
    void offloadedWorkCountsForItsRoute() throws IOException {
        profile(
                () -> {
                    try (Loop loop = Loop.start(Config.DEFAULT)) {
                        loop.spawn("connection", () -> {
                            Kernel.label("GET /burn");
                            Heddle.offload(this::workAway);
                        }).join();
                    }
                },
                "GET /burn");
    }

    /** What has begun before the profile: a handler that works itself, a body of its, one of a pool, and a task of its. */
    @Test
    void workThatWasUnderWayCountsForItsRoute() throws Exception {
        Path file = directory.resolve("stacks.txt");
        var over = new AtomicBoolean();
        var begun = new CountDownLatch(4);
        Runnable untilOver = () -> {
            begun.countDown();
            while (!over.get()) {
                Thread.onSpinWait();
            }
        };
        List<String> stacks = new ArrayList<>(); // of all tries: a busy machine shows each now and then only
        try (Loop loop = Loop.start(Config.DEFAULT); WorkerPool pool = WorkerPool.of(1)) {
            var bodies = List.<Task<?>>of(
                    loop.spawn("connection 1", () -> {
                        Kernel.label("GET /offloads");
                        Heddle.offload(untilOver::run);
                    }),
                    loop.spawn("connection 2", () -> {
                        Kernel.label("GET /pools");
                        pool.call(untilOver::run);
                    }),
                    loop.spawn("connection 3", () -> {
                        Kernel.label("GET /works");
                        workUntil(over, begun);
                    }),
                    loop.spawn("connection 4", () -> {
                        Kernel.label("GET /spawns");
                        Heddle.gather(() -> workUntil(over, begun));
                    }));
            begun.await();
            for (int i = 0; i < TRIES && !ROUTES.stream().allMatch(has(stacks)); i++) {
                try (Profiler profiler = Profiler.start()) {
                    Thread.sleep(Duration.ofNanos(workNanos << i));
                    profiler.stop(file);
                }
                stacks.addAll(Files.readAllLines(file));
            }
            over.set(true);
            bodies.forEach(Task::join);
        }
        assertTrue(ROUTES.stream().allMatch(has(stacks)), stacks::toString);
        assertTrue(stacks.stream().noneMatch(stack -> stack.matches("(offloaded by )?connection.*")), stacks::toString);
    }

    private static Predicate<String> has(List<String> stacks) {
        return bottom -> stacks.stream().anyMatch(stack -> stack.startsWith(bottom + ";"));
    }

    private static void workUntil(AtomicBoolean over, CountDownLatch begun) {
        begun.countDown();
        while (!over.get()) {
            Heddle.checkpoint();
        }
    }

    @Test
    void namesAndLabelsOfTasksStandAtTheBottom() throws IOException {
        List<String> stacks = profile(
                () -> {
                    try (Loop loop = Loop.start(Config.DEFAULT)) {
                        Task<Void> named = loop.spawn("fetch 17", this::work);
                        Task<Void> labelled = loop.spawn("connection", () -> {
                            Kernel.label("GET /users/{id}");
                            work();
                            Kernel.label(null);
                        });
                        Task<Void> nameless = loop.spawn(this::work);
                        List.of(named, labelled, nameless).forEach(Task::join);
                    }
                },
                "fetch #", "GET /users/{id}", "tasks without a name");
        assertFalse(
                stacks.stream()
                        .anyMatch(stack -> !stack.startsWith("thread ") && stack.contains("dev.heddle.Fiber.run")),
                stacks::toString);
    }

    @Test
    void profileByTheProcessorsTimeHasThemToo() throws IOException {
        profile(Profiler::startByCpuTime,
                () -> Heddle.run(Config.DEFAULT, () -> Heddle.spawn("fetch 17", this::work).join()), "fetch #");
    }

    @Test
    void simulatedRunHasAProfileToo() throws IOException {
        profile(() -> Sim.run(() -> Heddle.spawn("simulated", this::work).join()), "simulated");
    }

    @Test
    void recordingIsReadByTheJdksTools() throws IOException, InterruptedException {
        Path file = directory.resolve("profile.jfr");
        try (Profiler profiler = Profiler.start()) {
            profiler.stop(file);
            assertThrows(IllegalStateException.class, () -> profiler.stop(file));
        }
        Process jfr = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(), "summary", file.toString())
                .redirectErrorStream(true)
                .start();
        String summary = new String(jfr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, jfr.waitFor(), summary);
        assertTrue(summary.contains(LabelEvent.NAME), summary);
        assertTrue(
                summary.lines()
                        .noneMatch(line -> line.contains(ProfileRecording.BY_CPU_TIME) && !line.matches(".* 0 +0")),
                summary);
    }
}
