package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.conformance.PlantedBug;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.internal.top.TaskMeter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lines about real loops, in real time: the meter waits for its first round. */
@Tag("full")
final class TopViewTest {

    private final Loop loop = Loop.start(Config.DEFAULT.withName("seen"));
    private final TopView view = new TopView();

    @AfterEach
    void close() {
        loop.close();
    }

    private List<String> ask(String request) throws IOException {
        var bytes = new ByteArrayOutputStream();
        view.write(ViewRequest.parse(request), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void offloadedWorkCountsForItsRoute() throws Exception {
        ask("top"); // begins the watch
        var ends = new AtomicBoolean();
        Task<Void> task = loop.spawn("connection 7", () -> {
            while (!ends.get()) {
                Kernel.label("GET /burn");
                Heddle.offload(() -> {
                    long end = System.nanoTime() + 20_000_000;
                    while (System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                    }
                });
            }
        });
        String much = ".*\"busy1\":[0-9]{8,},.*";
        String row = "";
        List<String> all = List.of();
        for (int i = 0; i < 30 && !row.matches(much); i++) {
            Thread.sleep(300);
            all = ask("top");
            row = all.stream().filter(line -> line.contains("GET /burn")).findFirst().orElse("");
        }
        ends.set(true);
        task.join();
        assertTrue(row.matches(much), row + " of " + all);
    }

    private void park(int tasks, String name) throws InterruptedException {
        var begun = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            loop.spawn(name + " " + i, () -> {
                begun.countDown();
                Heddle.sleep(Duration.ofDays(1));
            });
        }
        begun.await();
    }

    private void beat(String label) throws InterruptedException {
        var begun = new CountDownLatch(1);
        loop.spawn("connection 7", () -> {
            while (true) {
                Kernel.label(label);
                Heddle.sleep(Duration.ofMillis(5));
                begun.countDown();
            }
        });
        begun.await();
    }

    @Test
    void tasksThatWaitedBeforeAreCountedAndThoseThatRunComeFirst() throws Exception {
        park(2_000, "parked");
        beat("GET /users/{id}");
        List<String> lines = ask("top");
        while (!lines.getFirst().contains("\"whole\":true")) {
            Thread.sleep(100); // a busy machine counts them in more than one round
            lines = ask("top");
        }
        assertTrue(lines.getFirst().startsWith("{\"kind\":\"top\",\"watched\":"), lines.getFirst());
        List<String> rows = lines.stream().filter(line -> line.startsWith("{\"kind\":\"row\"")).toList();
        String all = lines.toString();
        assertTrue(all.contains("{\"kind\":\"share\",\"name\":\"seen\",\"tasks\":2001,"), all);
        assertTrue(
                rows.stream().anyMatch(row -> row.contains("\"name\":\"parked #\",\"tasks\":2000,\"waiting\":2000,")),
                rows::toString);
        assertTrue(
                rows.getFirst().startsWith(
                        "{\"kind\":\"row\",\"type\":\"route\",\"name\":\"GET /users/{id}\",\"tasks\":1,"),
                rows::toString);
        assertTrue(ask("top by=name").stream().anyMatch(line -> line.contains("\"name\":\"connection #\"")));
        assertEquals(1, ask("top rows=1 sort=waiting").stream().filter(line -> line.contains("\"row\"")).count());
        assertTrue(ask("top sort=waiting over=10").stream()
                .filter(line -> line.contains("\"row\""))
                .findFirst()
                .orElseThrow()
                .contains("parked #"));
    }

    @Test
    void tasksAndTheirRunsAreWhatAProgramHasCounted() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            assertEquals("", new CountedKinds().apply(seed));
        }
        var bug = new PlantedBug("runs counted twice", Path.of("src/main/java"),
                "dev/heddle/observe/internal/top/TaskClock.java", "tally.runs++;", "tally.runs += 2;");
        assertTrue(bug.foundBy(CountedKinds.class, 1).startsWith("the view tells "));
    }

    @Test
    void loopThatHangsHoldsNobodyUp() throws Exception {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        loop.spawn("spinning", () -> {
            begun.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        begun.await();
        try {
            long asked = System.nanoTime();
            List<String> lines = ask("top");
            assertTrue(System.nanoTime() - asked < Duration.ofSeconds(3).toNanos(), "it answers");
            assertTrue(lines.stream().anyMatch(line -> line.contains("\"name\":\"seen\"")), lines::toString);
        } finally {
            release.countDown();
        }
    }

    @Test
    void whatIsAskedForWronglyIsRefused() {
        for (String wrong : List.of("top sort=size", "top over=2", "top rows=0", "top rows=10001", "top every=x")) {
            assertThrows(BadRequestException.class, () -> ask(wrong), wrong);
        }
    }

    @Test
    void nothingStaysOfAWatchThatNobodyWantsAnyMore() throws Exception {
        park(3, "parked");
        new TaskMeter().sample(Duration.ofMillis(1));
        var free = new CountDownLatch(1);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (noted() && System.nanoTime() < end) {
            free.await(5, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        assertFalse(noted());
    }

    private boolean noted() {
        return loop.allTasks().stream().anyMatch(task -> Kernel.get().note(task) != null);
    }
}
