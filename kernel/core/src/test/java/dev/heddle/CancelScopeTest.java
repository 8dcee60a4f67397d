package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cancelled scope ends every wait inside it, and nothing outside. */
final class CancelScopeTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void everyWaitInACancelledScopeThrowsUntilItIsLeft() {
        ManualEngine.run(() -> {
            boolean done = CancelScope.open(scope -> {
                scope.cancel("enough");
                for (int i = 0; i < 5; i++) {
                    assertThrows(CancelledException.class, () -> sleep(ofSeconds(1)));
                    assertThrows(CancelledException.class, Heddle::checkpoint);
                    assertThrows(CancelledException.class, CancelScope::throwIfCancelled);
                }
            });
            assertTrue(done, "the body swallowed every cancel and ended by itself");
            sleep(ofSeconds(1));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void firstHundredOfManyCancelsAtOnceHaveAStackAndAllHaveTheReason() {
        List<CancelledException> told = new ArrayList<>();
        ManualEngine.run(() -> {
            for (int round = 1; round <= 2; round++) {
                moveOnAfter(ofSeconds(1), () -> group(g -> {
                    for (int i = 0; i < 250; i++) {
                        g.spawn(() -> told.add(assertThrows(CancelledException.class, () -> sleep(ofHours(1)))));
                    }
                }));
                assertEquals(250 * round, told.size());
                assertEquals(100 * round, told.stream().filter(e -> e.getStackTrace().length > 0).count());
            }
        });
        assertEquals(List.of("deadline"),
                told.stream().map(Throwable::getMessage).distinct().toList());
    }

    @Test
    void cancelThatOvertakesTheScopesPlaceInTheTreeHolds() {
        ManualEngine.run(() -> {
            Loop loop = Heddle.currentLoop();
            CancelScope early = new CancelScope(loop, null, loop.tasks.scope(), false);
            early.cancelHere("enough");
            early.attach();
            assertTrue(early.isEffectivelyCancelled());
        });
    }

    @Test
    void cancelWakesAWaitingTaskOnce() {
        ManualEngine.run(() -> group(g -> {
            CancelScope[] inner = new CancelScope[1];
            g.spawn(() -> {
                boolean done = CancelScope.open(scope -> {
                    inner[0] = scope;
                    sleep(ofHours(1));
                });
                log.add(done ? "done" : "cut off");
            });
            sleep(ofSeconds(1));
            inner[0].cancel("enough");
            sleep(ofSeconds(1));
        }));
        assertEquals(List.of("cut off"), log);
    }

    @Test
    void reasonReachesTheCancelledCode() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.cancel("the user went home");
            CancelledException told = assertThrows(CancelledException.class, Heddle::checkpoint);
            assertEquals("the user went home", told.getMessage());
            assertEquals(Optional.of("the user went home"), scope.reason());
        }));
    }

    @Test
    void firstReasonStays() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.cancel("first");
            scope.cancel("second");
            assertEquals(
                    "first", assertThrows(CancelledException.class, Heddle::checkpoint).getMessage());
        }));
    }

    @Test
    void nameOfTheCancellingTaskIsTheReasonByDefault() {
        ManualEngine.run(() -> group(g -> {
            Task<Void> victim = g.spawn("victim", () -> sleep(ofHours(1)));
            g.spawn("murderer", () -> victim.cancel());
            TaskCancelledException told = assertThrows(TaskCancelledException.class, victim::join);
            assertEquals("task victim was cancelled: cancelled by murderer", told.getMessage());
        }));
    }

    @Test
    void twoThreadsThatCancelAtOnceCancelOnce() {
        Heddle.run(() -> CancelScope.open(scope -> {
            Thread[] threads = {new Thread(() -> scope.cancel("from a")), new Thread(() -> scope.cancel("from b"))};
            for (Thread thread : threads) {
                thread.start();
            }
            String reason = assertThrows(CancelledException.class, () -> sleep(ofHours(1))).getMessage();
            for (Thread thread : threads) {
                Heddle.shield(() -> thread.join());
            }
            Heddle.shield(Heddle::checkpoint);
            assertEquals(Optional.of(reason), scope.reason());
        }));
    }

    @Test
    void cancelOfOneselfTakesEffectAtTheNextWait() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                currentTask().cancel("myself");
                log.add("still running");
                sleep(ZERO);
                log.add("waited");
            });
            assertThrows(TaskCancelledException.class, task::join);
        });
        assertEquals(List.of("still running"), log);
    }

    @Test
    void innerCancelEndsAtTheInnerScope() {
        ManualEngine.run(() -> CancelScope.open(outer -> {
            boolean innerDone = CancelScope.open(inner -> {
                inner.cancel("inner only");
                checkpoint();
            });
            assertFalse(innerDone);
            checkpoint();
            assertFalse(outer.isCancelled());
        }));
    }

    @Test
    void outerCancelPassesThroughTheInnerScopes() {
        ManualEngine.run(() -> {
            boolean done = CancelScope.open(outer -> {
                CancelScope.open(inner -> {
                    outer.cancel("all of it");
                    assertFalse(inner.isCancelled(), "the inner scope itself was not cancelled");
                    checkpoint();
                });
                log.add("after the inner scope");
            });
            assertFalse(done);
        });
        assertEquals(List.of(), log);
    }

    @Test
    void scopeOpenedInACancelledOneIsCancelledFromItsStart() {
        ManualEngine.run(() -> CancelScope.open(outer -> {
            outer.cancel("enough");
            CancelScope.open(inner -> {
                assertThrows(CancelledException.class, Heddle::checkpoint);
            });
        }));
    }

    @Test
    void exceptionOfTheBodyIsNotSwallowedByItsCancel() {
        ManualEngine.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> CancelScope.open(scope -> {
                scope.cancel("enough");
                throw new IllegalArgumentException("something else");
            }));
        });
    }

    @Test
    void cancelExceptionOfSomebodyElseIsNotSwallowed() {
        ManualEngine.run(() -> {
            CancelledException stale = new CancelledException("kept from elsewhere");
            assertSame(stale, assertThrows(CancelledException.class, () -> CancelScope.open(scope -> {
                throw stale;
            })));
        });
    }

    @Test
    void resultOfABodyThatIgnoresTheCancelIsKept() {
        ManualEngine.run(() -> {
            Optional<String> result = CancelScope.open(scope -> {
                scope.cancel("enough");
                return "done anyway";
            });
            assertEquals(Optional.of("done anyway"), result);
        });
    }

    @Test
    void tasksSpawnedInsideBelongToTheTaskAndNotToTheScope() {
        ManualEngine.run(() -> {
            List<Task<Void>> spawned = new ArrayList<>();
            CancelScope.open(scope -> {
                spawned.add(spawn(() -> {
                    sleep(ofSeconds(1));
                    log.add("child");
                }));
                scope.cancel("enough");
            });
            spawned.getFirst().join();
        });
        assertEquals(List.of("child"), log);
    }

    @Test
    void groupInsideIsCancelledWithTheScope() {
        ManualEngine.run(() -> {
            boolean done = CancelScope.open(scope -> group(g -> {
                g.spawn(() -> sleep(ofHours(1)));
                g.spawn(() -> {
                    sleep(ofSeconds(1));
                    scope.cancel("enough");
                });
            }));
            assertFalse(done);
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void currentIsTheInnermostScope() {
        ManualEngine.run(() -> CancelScope.open(outer -> {
            CancelScope.open(inner -> assertSame(inner, CancelScope.current()));
            assertSame(outer, CancelScope.current());
        }));
        assertThrows(IllegalStateException.class, CancelScope::current);
    }

    @Test
    void cancelOfAScopeThatWasLeftDoesNothing() {
        ManualEngine.run(() -> {
            CancelScope[] left = new CancelScope[1];
            CancelScope.open(scope -> {
                left[0] = scope;
            });
            left[0].cancel("too late");
            sleep(ofSeconds(1));
        });
    }

    @Test
    void cancelWithoutAReasonIsRefused() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            assertThrows(NullPointerException.class, () -> scope.cancel(null));
            sleep(ofSeconds(1));
        }));
    }

    @Test
    void throwIfCancelledDoesNothingOutsideOfTasks() {
        CancelScope.throwIfCancelled();
    }

    // ---- deadlines ----

    @Test
    void deadlineCanBeMovedLaterAndEarlier() {
        ManualEngine.run(() -> {
            CancelScope.open(scope -> {
                scope.deadlineAfter(ofSeconds(1));
                scope.deadlineAfter(ofMinutes(1));
                sleep(ofSeconds(30));
                assertEquals(Optional.of(ofSeconds(30)), scope.remaining());
                scope.deadlineAfter(ofSeconds(5));
                sleep(ofHours(1));
            });
            assertEquals(ofSeconds(35), ManualEngine.elapsed());
        });
    }

    @Test
    void deadlineCanBeATimeOfTheLoop() {
        ManualEngine.run(() -> {
            long start = Heddle.currentLoop().nanoTime();
            CancelScope.open(scope -> {
                scope.deadlineAfter(ofMinutes(1));
                scope.deadlineAt(start + ofSeconds(7).toNanos());
                assertEquals(Optional.of(ofSeconds(7)), scope.remaining());
                sleep(ofHours(1));
            });
            assertEquals(ofSeconds(7), ManualEngine.elapsed());
        });
    }

    @Test
    void deadlineThatIsOverCancelsAtOnceAndNotTwice() {
        ManualEngine.run(() -> {
            long start = Heddle.currentLoop().nanoTime();
            sleep(ofSeconds(1));
            boolean done = CancelScope.open(scope -> {
                scope.deadlineAt(start);
                sleep(ofHours(1));
            });
            assertFalse(done);
            assertEquals(ofSeconds(1), ManualEngine.elapsed());

            CancelScope.open(scope -> {
                scope.cancel("no longer wanted");
                scope.deadlineAt(start);
                assertThrows(CancelledException.class, () -> sleep(ofMinutes(1)));
                assertFalse(scope.hasExpired());
            });
        });
    }

    @Test
    void deadlineCanBeTakenAway() {
        ManualEngine.run(() -> {
            boolean done = CancelScope.open(scope -> {
                scope.deadlineAfter(ofSeconds(1));
                scope.clearDeadline();
                assertEquals(Optional.empty(), scope.remaining());
                sleep(ofMinutes(1));
                assertFalse(scope.hasExpired());
            });
            assertTrue(done);
        });
    }

    @Test
    void expiryIsInspectableAndFinal() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.deadlineAfter(ofSeconds(1));
            assertThrows(CancelledException.class, () -> sleep(ofMinutes(1)));
            assertTrue(scope.hasExpired());
            assertTrue(scope.isCancelled());
            assertEquals(Optional.of(ZERO), scope.remaining());
            scope.deadlineAfter(ofHours(1));
            assertThrows(CancelledException.class, Heddle::checkpoint);
        }));
    }

    @Test
    void effectiveDeadlineIsTheNearestOfAllEnclosingOnes() {
        ManualEngine.run(() -> moveOnAfter(ofMinutes(1), () -> {
            moveOnAfter(ofHours(1), () -> {
                assertEquals(Optional.of(ofMinutes(1)), CancelScope.current().remaining());
                moveOnAfter(ofSeconds(1), () -> {
                    assertEquals(Optional.of(ofSeconds(1)), CancelScope.current().remaining());
                });
            });
        }));
    }

    @Test
    void childTasksSeeTheDeadlineAroundTheirGroup() {
        ManualEngine.run(() -> moveOnAfter(ofMinutes(1), () -> group(g -> {
            g.spawn(() -> assertEquals(Optional.of(ofMinutes(1)), CancelScope.current().remaining()));
        })));
    }

    @Test
    void leftScopeKeepsNoTimer() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 100; i++) {
                moveOnAfter(ofHours(1), Heddle::checkpoint);
            }
            assertEquals(0, Heddle.currentLoop().statistics().timers());
        });
    }
}
