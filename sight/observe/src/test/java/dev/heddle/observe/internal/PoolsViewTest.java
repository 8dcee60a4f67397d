package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.sync.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import pantry.Shelf;

class PoolsViewTest {

    private static List<String> seen(String request) throws IOException {
        return seen(new PoolsView(), request);
    }

    private static List<String> seen(PoolsView view, String request) throws IOException {
        var bytes = new ByteArrayOutputStream();
        view.write(ViewRequest.parse(request), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void partIsToldWithItsNameItsLineAndItsFigures() throws IOException {
        var limiter = Shelf.hands(4);
        assertTrue(limiter.tryAcquireFor("me"));
        String line = seen("pools type=limiter").stream()
                .filter(one -> one.contains("\"name\":\"hands\""))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "{\"kind\":\"part\",\"id\":N,\"type\":\"limiter\",\"line\":\"pantry.Shelf.hands(Shelf.java:20)\","
                        + "\"name\":\"hands\",\"figures\":{\"total\":4,\"borrowed\":1,\"waiting\":0},"
                        + "\"pressure\":0.25,\"holders\":[{\"who\":\"me\"}]}",
                line.replaceFirst("\"id\":[0-9]+", "\"id\":N"));
        limiter.releaseFor("me");
    }

    @Test
    void whatIsNearestToItsLimitComesFirstAndTheRestIsCounted() {
        Heddle.run(() -> {
            Channel<String> empty = Shelf.jars(10);
            Channel<String> half = Shelf.jars(2);
            half.send("plums");
            Channel<String> full = Shelf.jars(1);
            full.send("figs");
            List<String> lines = seen("pools type=channel");
            assertTrue(indexOf(lines, 1) < indexOf(lines, 2), lines::toString);
            assertTrue(indexOf(lines, 2) < indexOf(lines, 10), lines::toString);

            List<String> first = seen("pools type=channel max=1");
            assertEquals(2, first.size());
            assertEquals(lines.getFirst(), first.getFirst());
            assertEquals("{\"kind\":\"parts\",\"count\":" + (lines.size() - 1) + "}", first.getLast());
            Reference.reachabilityFence(empty);
        });
    }

    @Test
    void ofTwoFullOnesThatWithMoreWhoWaitComesFirst() {
        Heddle.run(() -> Heddle.group(group -> {
            Channel<String> lonely = Shelf.jars(0);
            Channel<String> crowded = Shelf.jars(0);
            for (int i = 0; i < 3; i++) {
                group.spawn(() -> crowded.send("plums"));
            }
            group.spawn(() -> lonely.send("figs"));
            Heddle.checkpoint();
            List<String> lines = seen("pools type=channel");
            int first = index(lines, "\"waitingSenders\":3");
            int second = index(lines, "\"waitingSenders\":1");
            assertTrue(0 <= first && first < second, lines::toString);
            group.cancel("seen");
        }));
    }

    private static int indexOf(List<String> lines, int capacity) {
        return index(lines, "\"capacity\":" + capacity + ",");
    }

    private static int index(List<String> lines, String what) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(what)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void stuckPoolComesFirstWithWhatWaitsAndWithTheBodyThatHasRunLongest() throws Exception {
        var running = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (WorkerPool pool = Shelf.ovens("ovens", 1); WorkerPool idle = Shelf.ovens("idle", 1)) {
            pool.execute(() -> {
                running.countDown();
                awaitLatch(go);
            });
            running.await();
            for (int i = 0; i < 5; i++) {
                pool.execute(() -> {});
            }
            List<String> lines = seen("pools type=worker%20pool");
            go.countDown(); // before a check fails, or the end of the pool would be waited for
            String line = lines.getFirst().replaceAll(":[0-9]+([,}])", ":N$1");
            assertTrue(line.contains("\"name\":\"ovens\""), line);
            assertTrue(
                    line.contains("\"pressure\":1.0,\"waiting\":N,\"oldest\":N,\"holders\":[{\"who\":\"ovens-1\","
                            + "\"held\":N,\"at\":\"dev.heddle.observe.internal.PoolsViewTest."),
                    line);
            Reference.reachabilityFence(idle);
        }
    }

    @Test
    void offloadedBodyThatKeepsItsWorkerIsNamed() {
        var begun = new CountDownLatch(1);
        var over = new AtomicBoolean();
        List<String> lines = Heddle.run(() -> {
            Heddle.spawn("cook", () -> Heddle.offload(() -> {
                begun.countDown();
                while (!over.get()) {
                    Thread.onSpinWait(); // a wait would leave the worker
                }
            }));
            try {
                begun.await();
                return seen("pools type=offload");
            } finally {
                over.set(true);
            }
        });
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains("\"figures\":{\"most\":64,\"workers\":"), lines::toString);
        assertTrue(lines.getFirst().contains("\"holders\":[{\"who\":\"offloaded by cook\",\"held\":"), lines::toString);
    }

    @Test
    void comparatorThatHangsHoldsUpOnlyItsOwnQueue() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var queue = Shelf.sorted(3, (one, other) -> {
            inside.countDown();
            awaitLatch(go);
            return one.compareTo(other);
        });
        var limiter = Shelf.hands(3);
        Thread stuck = Thread.ofPlatform().start(() -> {
            queue.tryPut("a");
            queue.tryPut("b");
        });
        inside.await();
        var view = new PoolsView(Duration.ofMillis(1));
        for (int i = 0; i < 2; i++) {
            String line = seen(view, "pools type=queue").getFirst();
            assertTrue(line.endsWith("\"line\":\"pantry.Shelf.sorted(Shelf.java:28)\",\"answers\":false}"), line);
        }
        assertTrue(index(seen("pools"), "\"name\":\"hands\"") >= 0);
        go.countDown();
        stuck.join();
        String line;
        do { // who asked before may not be back yet
            line = seen("pools type=queue").getFirst();
        } while (line.contains("answers"));
        assertTrue(line.contains("\"size\":2"), line);
        Reference.reachabilityFence(limiter);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tooManyAreRefused() {
        assertThrows(BadRequestException.class, () -> seen("pools max=1000001"));
    }
}
