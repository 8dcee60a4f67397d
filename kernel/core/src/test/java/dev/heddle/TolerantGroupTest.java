package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.tolerantGroup;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a tolerant group the failure of a task cancels nobody, and is not lost. */
final class TolerantGroupTest {

    private final List<String> done = new ArrayList<>();
    private final IOException first = new IOException("first");
    private final IllegalStateException second = new IllegalStateException("second");

    @Test
    void failuresCancelNobodyAndComeOutInTheEnd() {
        ManualEngine.run(() -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                g.spawn(() -> fail(first));
                g.spawn(() -> work("a"));
                sleep(ofSeconds(1));
                g.spawn(() -> fail(second));
                g.spawn(() -> work("b"));
            }));
            assertEquals(List.of(first, second), failed.failures());
            assertEquals(List.of("a", "b"), done);
        });
    }

    @Test
    void failuresThatAreReadByTheirJoinersDoNotComeOut() {
        ManualEngine.run(() -> {
            String result = tolerantGroup(g -> {
                Task<Void> task = g.spawn(() -> fail(second));
                g.spawn(() -> work("a"));
                assertSame(second, assertThrows(IllegalStateException.class, task::join));
                return "read";
            });
            assertEquals("read", result);
            assertEquals(List.of("a"), done);
        });
    }

    @Test
    void failureThatIsReadAfterOthersHaveFailedIsReadAllTheSame() {
        ManualEngine.run(() -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                Task<Void> read = g.spawn(() -> fail(first));
                g.spawn(() -> fail(second));
                sleep(ofSeconds(60));
                assertSame(first, read.failure().orElseThrow());
            }));
            assertEquals(List.of(second), failed.failures());
        });
    }

    @Test
    void failureOfTheBodyCancelsTheTasks() {
        ManualEngine.run(() -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                g.spawn(() -> sleep(ofHours(1)));
                checkpoint();
                throw first;
            }));
            assertEquals(List.of(first), failed.failures());
            assertTrue(ManualEngine.elapsed().compareTo(ofSeconds(1)) < 0);
        });
    }

    @Test
    void errorOfATaskCancelsTheOthersAndComesOutBare() {
        ManualEngine.run(() -> {
            var error = new AssertionError("broken");
            assertSame(error, assertThrows(AssertionError.class, () -> tolerantGroup(g -> {
                g.spawn(() -> sleep(ofHours(1)));
                g.spawn(() -> fail(first));
                g.spawn(() -> {
                    throw error;
                });
            })));
            assertEquals(1, error.getSuppressed().length - countOfNotes(error));
        });
    }

    @Test
    void serviceThatFailsIsToleratedToo() {
        ManualEngine.run(() -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                g.spawnService(() -> fail(first));
                g.spawn(() -> work("a"));
            }));
            assertEquals(List.of(first), failed.failures());
            assertEquals(List.of("a"), done);
        });
    }

    @Test
    void itsOwnCancelEndsItAndACancelFromOutsidePasses() {
        ManualEngine.run(() -> {
            tolerantGroup(g -> {
                g.spawn(() -> sleep(ofHours(1)));
                g.cancel("enough");
            });
            Task<Void> outer = spawn(() -> tolerantGroup(g -> {
                g.spawn(() -> sleep(ofHours(1)));
            }));
            checkpoint();
            outer.cancel();
            assertThrows(TaskCancelledException.class, outer::join);
        });
    }

    @Test
    void ofVeryManyFailuresTheOldestAreReported() {
        List<Throwable> reported = new ArrayList<>();
        Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> reported.add(failure)), () -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                g.spawn(() -> fail(first));
                for (int i = 0; i < TaskGroup.MAX_KEPT; i++) {
                    g.spawn(() -> fail(new IOException("more")));
                }
            }));
            assertEquals(TaskGroup.MAX_KEPT, failed.failures().size());
            assertFalse(failed.failures().contains(first));
            checkpoint();
        });
        assertEquals(List.of(first), reported);
    }

    @Test
    void failuresThatWereReadMakeRoomBeforeTheOldestIsReported() {
        List<Throwable> reported = new ArrayList<>();
        Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> reported.add(failure)), () -> {
            GroupException failed = assertThrows(GroupException.class, () -> tolerantGroup(g -> {
                g.spawn(() -> fail(first));
                List<Task<Void>> more = new ArrayList<>();
                for (int i = 1; i < TaskGroup.MAX_KEPT; i++) {
                    more.add(g.spawn(() -> fail(new IOException("more"))));
                }
                sleep(ofSeconds(1));
                more.forEach(task -> assertTrue(task.failure().isPresent()));
                g.spawn(() -> fail(second));
                sleep(ofSeconds(1));
            }));
            assertEquals(List.of(first, second), failed.failures());
        });
        assertEquals(List.of(), reported);
    }

    /** Those that say where a task was spawned. */
    private static long countOfNotes(Throwable failure) {
        return List.of(failure.getSuppressed()).stream().filter(SpawnTrace.class::isInstance).count();
    }

    private void work(String name) {
        sleep(ofSeconds(10));
        done.add(name);
    }

    private static void fail(Exception failure) throws Exception {
        throw failure;
    }
}
