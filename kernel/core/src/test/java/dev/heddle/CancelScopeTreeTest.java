package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The tree of scopes: who is inside, what spreads through it, and what is left of it when scopes are left. */
final class CancelScopeTreeTest {

    @Test
    void tasksInsideAreOwnersFirstAndNotMoreThanTold() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Task<?> me = currentTask();
            group(g -> {
                List<Task<?>> all = new ArrayList<>(List.of(me));
                for (int i = 0; i < 3; i++) {
                    List<Task<?>> inner = new ArrayList<>();
                    Task<Void> outer = g.spawn(() -> {
                        inner.add(spawn(() -> sleep(ofHours(1))));
                        sleep(ofHours(1));
                    });
                    checkpoint();
                    all.add(outer);
                    all.addAll(inner);
                }
                for (int most = 1; most <= 7; most++) {
                    assertEquals(all.subList(0, most), scope.tasksInside(most));
                }
                assertEquals(all, scope.tasksInside(8));
                assertEquals(List.of(all.get(1), all.get(3), all.get(5)), g.scope().childTasks());
                assertEquals(List.of(), all.get(2).root().childTasks());
                assertSame(all.get(1), all.get(2).root().parentTask());
                assertSame(me, all.get(1).root().parentTask());
                assertSame(me, scope.parentTask());
                assertNull(currentLoop().tasks.scope().parentTask());
                g.cancel("enough");
            });
        }));
    }

    @Test
    void groupOfATaskThatHasEndedIsOutOfTheTree() {
        ManualEngine.run(() -> {
            List<CancelScope> ofChildren = new ArrayList<>();
            Task<Void> owner = spawn(() -> {
                spawn(() -> sleep(ofHours(1)));
                ofChildren.add(currentTask().children().scope());
                checkpoint();
                assertTrue(ofChildren.getFirst().isInUse());
            });
            owner.join();
            assertFalse(ofChildren.getFirst().isInUse());
        });
    }

    @Test
    void cancelSpreadsPastShieldsAndWhatIsCancelledAlready() {
        ManualEngine.run(() -> {
            List<String> ended = new ArrayList<>();
            group(g -> {
                g.spawn(() -> sleepAs("first", ended));
                g.spawn(() -> shield(() -> sleepAs("shielded", ended)));
                g.spawn(() -> CancelScope.open(scope -> {
                    scope.cancel("by itself");
                    sleepAs("cancelled", ended);
                }));
                g.spawn(() -> {
                    spawn(() -> sleepAs("deep", ended));
                    sleepAs("owner", ended);
                });
                g.spawn(() -> sleepAs("last", ended));
                checkpoint();
                g.cancel("enough");
            });
            assertEquals(
                    Set.of("cancelled: by itself", "first: enough", "owner: enough", "last: enough", "deep: enough",
                            "shielded"),
                    Set.copyOf(ended));
            assertEquals(6, ended.size());
        });
    }

    private static void sleepAs(String name, List<String> ended) {
        try {
            sleep(ofSeconds(1));
            ended.add(name);
        } catch (CancelledException e) {
            ended.add(name + ": " + e.getMessage());
            throw e;
        }
    }

    @Test
    void scopeThatWasLeftIsNoMoreInUse() {
        ManualEngine.run(() -> {
            List<CancelScope> scopes = new ArrayList<>();
            CancelScope.open(outer -> {
                for (int i = 0; i < 2; i++) {
                    CancelScope.open(inner -> {
                        scopes.add(inner);
                        assertTrue(inner.isInUse());
                    });
                }
                assertThrows(IllegalStateException.class, () -> CancelScope.open(inner -> {
                    scopes.add(inner);
                    throw new IllegalStateException("as asked");
                }));
                scopes.forEach(scope -> assertFalse(scope.isInUse()));
                scopes.add(outer);
                assertTrue(outer.isInUse());
            });
            assertFalse(scopes.getLast().isInUse());
            assertSame(currentTask().root(), CancelScope.current());
            assertTrue(currentLoop().tasks.scope().isInUse());
        });
    }

    @Test
    void scopesOfSeveralTasksAreInUseWhileTheyLive() {
        ManualEngine.run(() -> group(g -> {
            Task<Void> first = g.spawn(() -> sleep(ofSeconds(1)));
            Task<Void> second = g.spawn(() -> sleep(ofSeconds(3)));
            Task<Void> third = g.spawn(() -> sleep(ofSeconds(2)));
            checkpoint();
            CancelScope owner = g.scope();
            assertEquals(List.of(first, second, third), owner.childTasks());
            first.join();
            assertEquals(List.of(second, third), owner.childTasks());
            assertTrue(second.root().isInUse() && third.root().isInUse());
            third.join();
            assertEquals(List.of(second), owner.childTasks());
            second.join();
            assertEquals(List.of(), owner.childTasks());
            assertFalse(first.root().isInUse() || second.root().isInUse() || third.root().isInUse());
        }));
    }

    @Test
    void deadlinesAroundAreSeenUpToAShield() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            assertFalse(CancelScope.current().hasDeadline());
            scope.deadlineAfter(ofSeconds(5));
            assertTrue(scope.hasDeadline());
            CancelScope.open(inner -> assertTrue(inner.hasDeadline()));
            shield(() -> {
                assertTrue(CancelScope.current().isShielded());
                assertFalse(CancelScope.current().hasDeadline());
                assertTrue(CancelScope.current().remaining().isEmpty());
            });
            assertFalse(scope.isShielded());
            scope.clearDeadline();
            assertFalse(scope.hasDeadline());
        }));
    }

    @Test
    void otherThreadsMayNotTouchADeadline() throws Exception {
        CancelScope[] scope = new CancelScope[1];
        try (Loop loop = Loop.start(Config.DEFAULT.withDebug(true))) {
            loop.spawn(() -> {
                scope[0] = CancelScope.current();
            }).join();
            for (Action call : List.<Action>of(
                    () -> scope[0].deadlineAfter(ofSeconds(1)),
                    () -> scope[0].deadlineAfter(ZERO),
                    () -> scope[0].deadlineAt(0),
                    () -> scope[0].clearDeadline(),
                    () -> scope[0].remaining())) {
                assertThrows(IllegalStateException.class, call::run);
            }
            assertFalse(scope[0].isCancelled());
        }
    }

    @Test
    void deadlineThatIsOverTakesTheOneBeforeItsPlace() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.deadlineAfter(ofSeconds(5));
            assertEquals(1, currentLoop().statistics().timers());
            scope.deadlineAfter(ZERO);
            assertEquals(0, currentLoop().statistics().timers());
            assertTrue(scope.hasExpired());
        }));
    }

    @Test
    void nestingHasALimit() {
        ManualEngine.run(() -> {
            int[] depth = new int[1];
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> nest(depth));
            assertTrue(refused.getMessage().startsWith("more than " + depth[0] + " scopes"), refused.getMessage());
            assertEquals(250, depth[0]);
        });
    }

    private static void nest(int[] depth) {
        CancelScope.open(scope -> {
            depth[0]++;
            nest(depth);
        });
    }

    @Test
    void interruptIsTheCancelOfAThreadThatIsNoTask() throws Exception {
        CancelScope.throwIfCancelled();
        CancelScope.throwIfCancelledOrInterrupted();
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, CancelScope::throwIfCancelled);
        assertTrue(Thread.currentThread().isInterrupted());
        InterruptedException told = CancelScope.asInterrupt(new CancelledException("enough"));
        assertEquals("enough", told.getMessage());
        assertInstanceOf(CancelledException.class, told.getCause());
        assertFalse(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, CancelScope::throwIfCancelledOrInterrupted);
        assertFalse(Thread.interrupted());
    }

    @Test
    void interruptOfATaskUnderAnInterfaceOfTheJdkMeansNoMoreThanItsCancel() {
        ManualEngine.run(() -> {
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, CancelScope::throwIfCancelledOrInterrupted);
                var cancel = assertThrows(CancelledException.class, Heddle::checkpoint);
                assertEquals("enough", CancelScope.asInterrupt(cancel).getMessage());
                Thread.currentThread().interrupt();
            });
            checkpoint();
            assertFalse(CancelScope.current().isCancelled());
        });
    }

    @Test
    void scopesAreNamedByTheirTaskAndState() throws Exception {
        ManualEngine.run(() -> {
            Heddle.spawn("fetch", () -> {
                CancelScope.open(scope -> {
                    assertEquals("CancelScope[fetch, open]", scope.toString());
                    scope.cancel("enough");
                    assertEquals("CancelScope[fetch, cancelled: enough]", scope.toString());
                });
                shield(() -> assertEquals("CancelScope[fetch, shield, open]", CancelScope.current().toString()));
            }).join();
            assertEquals("CancelScope[loop, open]", currentLoop().tasks.scope().toString());
        });
        var outside = new FutureTask<>(() -> assertThrows(IllegalStateException.class, CancelScope::current));
        outside.run();
        outside.get();
    }

    @Test
    void scopeThatIsCancelledFromOutsideAndThenItselfKeepsBothReasons() {
        ManualEngine.run(() -> CancelScope.open(outer -> CancelScope.open(inner -> {
            outer.cancel("from outside");
            assertFalse(inner.isCancelled());
            inner.cancel("its own");
            inner.cancel("too late");
            assertEquals("its own", inner.reason().orElseThrow());
            assertEquals("from outside", inner.effectiveReason());
            assertEquals("from outside", assertThrows(CancelledException.class, Heddle::checkpoint).getMessage());
        })));
    }

    @Test
    void childrenStayInOrderWhateverComesAndGoes() {
        ManualEngine.run(() -> {
            var top = new CancelScope(currentLoop(), null, null, false);
            var random = new Random(7);
            List<CancelScope> expected = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                int at = expected.isEmpty() ? 0 : random.nextInt(expected.size());
                switch (expected.isEmpty() ? 0 : random.nextInt(6)) {
                    case 0 -> expected.add(new CancelScope(currentLoop(), null, top, false).attach());
                    case 1 -> expected.add(at, expected.get(at).bookmarkBefore());
                    case 2 -> expected.add(at + 1, expected.get(at).bookmarkBehind());
                    default -> {
                        CancelScope gone = expected.remove(at);
                        gone.unlink();
                        assertFalse(gone.isInUse());
                    }
                }
                List<CancelScope> found = new ArrayList<>();
                for (CancelScope child = top.nextBelow(top); child != null; child = child.nextBelow(top)) {
                    assertTrue(child.isInUse());
                    found.add(child);
                }
                assertEquals(expected, found);
            }
        });
    }
}
