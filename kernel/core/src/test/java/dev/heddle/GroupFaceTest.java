package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Every way into a group gives its task, and is closed when the group has ended and to other threads. */
final class GroupFaceTest {

    private static List<Action> waysInto(TaskGroup g) {
        return List.of(
                () -> g.spawn(() -> {}),
                () -> g.spawn(() -> "a"),
                () -> g.spawn("name", () -> {}),
                () -> g.spawn("name", () -> "a"),
                () -> g.spawnService(() -> {}),
                () -> g.spawnService("name", () -> {}),
                () -> g.start(signal -> signal.started(1)),
                () -> g.start("name", signal -> signal.started(1)),
                () -> g.pool(1).spawn(() -> "a"));
    }

    @Test
    void taskThatIsStartedIsGiven() {
        ManualEngine.run(() -> group(g -> {
            assertEquals("a", g.spawn(() -> "a").join());
            Task<String> named = g.spawn("fetch", () -> "b");
            assertEquals("fetch", named.name());
            assertEquals("b", named.join());
            assertEquals("write", g.spawn("write", () -> {}).name());
            Task<Void> service = g.spawnService(() -> sleep(ofSeconds(60)));
            Task<Void> heart = g.spawnService("heart", () -> sleep(ofSeconds(60)));
            assertEquals("heart", heart.name());
            assertEquals(7, g.<Integer>start(signal -> signal.started(7)));
            assertEquals(8, g.<Integer>start("up", signal -> signal.started(8)));
            checkpoint();
            Task<Void> last = g.spawn(() -> {});
            assertEquals(List.of(last, service, heart), g.tasks());
            assertEquals(3, g.size());
            assertEquals("group of 3 tasks on loop", g.toString());
        }));
    }

    @Test
    void nothingStartsInAGroupThatHasEnded() {
        ManualEngine.run(() -> {
            TaskGroup[] ended = new TaskGroup[1];
            group(g -> {
                ended[0] = g;
            });
            long before = currentLoop().counters.spawned;
            for (Action way : waysInto(ended[0])) {
                String told = assertThrows(IllegalStateException.class, way::run).getMessage();
                assertTrue(told.contains("this group has ended"), told);
            }
            assertEquals(before, currentLoop().counters.spawned);
            assertEquals(0, ended[0].size());
        });
    }

    @Test
    void otherThreadsMayNeitherSpawnNorLook() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT.withDebug(true))) {
            Promise<TaskGroup> open = new Promise<>();
            Task<Void> owner = loop.spawn(() -> group(g -> {
                open.complete(g);
                sleep(ofSeconds(60));
            }));
            TaskGroup g = open.join();
            for (Action way : waysInto(g)) {
                assertThrows(IllegalStateException.class, way::run);
            }
            assertThrows(IllegalStateException.class, g::tasks);
            assertThrows(IllegalStateException.class, g::size);
            owner.cancel("enough");
        }
    }

    @Test
    void startInACancelledScopeStartsNothing() {
        ManualEngine.run(() -> group(g -> CancelScope.open(scope -> {
            scope.cancel("enough");
            long before = currentLoop().counters.spawned;
            assertThrows(CancelledException.class, () -> g.start(signal -> signal.started(1)));
            assertEquals(before, currentLoop().counters.spawned);
        })));
    }

    @Test
    void resultOfTheBodyIsThatOfTheGroup() {
        Object result = new Object();
        ManualEngine.run(() -> assertSame(result, group(g -> {
            g.spawn(() -> {});
            return result;
        })));
    }
}
