package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pool of tasks works on a bounded number at a time, and waits, fails and ends as a group does. */
final class TaskPoolTest {

    private final List<Object> log = new ArrayList<>();
    private int running;
    private int most;
    private int taken;

    // ---- spawning ----

    @Test
    void taskOfThePoolCannotWaitUntilItIsEmpty() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(2);
            TaskPool other = g.pool(1);
            pool.spawn(() -> {
                String message = assertThrows(IllegalStateException.class, pool::awaitEmpty).getMessage();
                assertTrue(message.contains("runs in the pool of 2 tasks"), message);
                assertThrows(IllegalStateException.class, () -> spawn(pool::awaitEmpty).join());
                other.awaitEmpty();
            });
            pool.awaitEmpty();
        }));
    }

    @Test
    void neverMoreThanTheLimitRun() {
        ManualEngine.runInManyOrders(50, () -> {
            most = 0;
            group(g -> {
                TaskPool pool = g.pool(3);
                for (int i = 0; i < 20; i++) {
                    pool.spawn(this::work);
                }
                assertTrue(pool.size() <= 3);
                pool.awaitEmpty();
                assertEquals(new TaskPool.Statistics(3, 0, 0, 20), pool.statistics());
            });
            assertEquals(3, most);
        });
    }

    private void work() {
        most = Math.max(most, ++running);
        sleep(ofSeconds(1));
        running--;
    }

    @Test
    void waitingSpawnsGetPlacesInTheOrderTheyCame() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(1);
            pool.spawn(() -> sleep(ofSeconds(1)));
            for (int i = 0; i < 3; i++) {
                int index = i;
                g.spawn(() -> pool.spawn(() -> log.add(index)));
            }
            checkpoint();
            assertEquals(3, pool.statistics().waiting());
        }));
        assertEquals(List.of(0, 1, 2), log);
    }

    @Test
    void deadMembersLeave() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(2);
            Task<String> task = pool.spawn(() -> "done");
            Task<Void> cancelled = pool.spawn(() -> sleep(ofSeconds(60)));
            assertEquals("done", task.join());
            assertEquals(1, pool.size());
            checkpoint();
            cancelled.cancel();
            assertThrows(TaskCancelledException.class, cancelled::join);
            assertEquals(0, pool.size());
        }));
    }

    @Test
    void trySpawnNeverWaits() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(1);
            Task<String> task = pool.trySpawn(() -> "first").orElseThrow();
            assertEquals(Optional.empty(), pool.trySpawn(() -> "second"));
            assertEquals("first", task.join());
            assertTrue(pool.trySpawn(() -> log.add("third")).isPresent());
        }));
    }

    @Test
    void spawnWithinGivesUpAfterItsTime() {
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            TaskPool pool = g.pool(1);
            pool.spawn(() -> sleep(ofSeconds(2)));
            assertEquals(Optional.empty(), pool.spawnWithin(ZERO, () -> "never"));
            assertEquals(Optional.empty(), pool.spawnWithin(ofSeconds(1), () -> "never"));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
            assertEquals(0, pool.statistics().waiting());
            assertEquals("in time", pool.spawnWithin(ofSeconds(2), () -> "in time").orElseThrow().join());
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        }));
    }

    @Test
    void cancelledSpawnHasStartedNothingAndPassesItsPlaceOn() {
        ManualEngine.runInManyOrders(100, () -> {
            log.clear();
            group(g -> {
                TaskPool pool = g.pool(1);
                Task<Void> holder = pool.spawn(() -> sleep(ofSeconds(1)));
                Task<Task<Void>> first = g.spawn(() -> pool.spawn(() -> {
                    log.add("first");
                }));
                while (pool.statistics().waiting() == 0) {
                    checkpoint();
                }
                g.spawn(() -> pool.spawn(() -> log.add("second")));
                g.spawn(() -> {
                    holder.join();
                    first.cancel();
                });
            });
            assertTrue(log.contains("second"), log::toString);
        });
    }

    @Test
    void failureOfAMemberFailsTheGroup() {
        ManualEngine.run(() -> {
            GroupException failure = assertThrows(GroupException.class, () -> group(g -> {
                TaskPool pool = g.pool(1);
                pool.spawn(() -> {
                    throw new IllegalStateException("bad");
                });
                pool.spawn(() -> log.add("never"));
            }));
            assertEquals("bad", failure.failures().getFirst().getMessage());
        });
        assertEquals(List.of(), log);
    }

    @Test
    void tasksKnowTheLineThatSpawnedThem() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(2);
            assertEquals(getClass().getName(), spawnLine(pool.spawn(() -> currentTask().spawnedAt()).join()));
            assertEquals(getClass().getName(), spawnLine(pool.map(List.of(1), x -> currentTask().spawnedAt()).get(0)));
        }));
    }

    private static String spawnLine(Optional<StackTraceElement> line) {
        return line.orElseThrow().getClassName();
    }

    @Test
    void reportSaysWhatTheyWaitFor() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(1);
            pool.spawn(() -> sleep(ofSeconds(1)));
            Task<Void> spawner = g.spawn(() -> {
                pool.spawn(() -> {});
            });
            Task<Void> waiter = g.spawn(pool::awaitEmpty);
            checkpoint();
            assertEquals(Optional.of("a place in a pool of 1 tasks"), spawner.waitingFor());
            assertEquals(Optional.of("the end of the tasks of a pool of 1 tasks"), waiter.waitingFor());
        }));
    }

    @Test
    void wrongUsesAreRefused() {
        AtomicReference<TaskPool> left = new AtomicReference<>();
        ManualEngine.run(() -> {
            group(g -> {
                assertThrows(IllegalArgumentException.class, () -> g.pool(0));
                TaskPool pool = g.pool(1);
                left.set(pool);
                assertThrows(NullPointerException.class, () -> pool.spawn((Action) null));
                assertEquals(0, pool.size());
            });
            assertThrows(IllegalStateException.class, () -> left.get().spawn(() -> log.add("late")));
            assertEquals(0, left.get().size());
        });
        assertThrows(IllegalStateException.class, () -> left.get().spawn(() -> log.add("elsewhere")));
        assertThrows(IllegalStateException.class, left.get()::awaitEmpty);
    }

    // ---- mapping ----

    @Test
    void mapGivesAllResultsInOrder() {
        List<Integer> items = IntStream.range(0, 100).boxed().toList();
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            most = 0;
            assertEquals(items, g.pool(7).map(items, item -> {
                work();
                return item;
            }));
            assertEquals(7, most);
        }));
    }

    @Test
    void failedMapThrowsTheFirstFailureAndCancelsTheRest() {
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            TaskPool pool = g.pool(3);
            assertEquals("2", assertThrows(IllegalStateException.class, () -> pool.map(List.of(1, 2, 3, 4), item -> {
                sleep(item == 1 ? ofSeconds(5) : ofSeconds(1));
                if (item >= 2) {
                    throw new IllegalStateException("" + item);
                }
                return item;
            })).getMessage());
            pool.awaitEmpty();
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
        }));
    }

    @Test
    void endlessSourceIsTakenOnlyAsFarAsAskedFor() {
        Iterable<Integer> endless = () -> IntStream.generate(() -> ++taken).iterator();
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            taken = 0;
            TaskPool pool = g.pool(4);
            Iterator<Integer> results = pool.imap(endless, item -> {
                sleep(ofMillis(item % 3));
                return item;
            }).iterator();
            for (int i = 1; i <= 50; i++) {
                assertEquals(i, results.next());
                assertTrue(taken <= i + 4, taken + " items taken for " + i + " results");
            }
            pool.awaitEmpty();
            assertEquals(0, g.size(), "a consumer that stops leaves nothing waiting");
        }));
    }

    @Test
    void unorderedResultsComeAsTheyAreDone() {
        ManualEngine.run(() -> group(g -> {
            g.pool(3).imapUnordered(List.of(3, 1, 2), item -> {
                sleep(ofSeconds(item));
                return item;
            }).forEach(log::add);
        }));
        assertEquals(List.of(1, 2, 3), log);
    }

    @Test
    void failedMappingThrowsAtItsPlaceFailsNobodyAndTheIterationGoesOn() {
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            Iterator<Integer> results = g.pool(2).imap(List.of(1, 2, 3), item -> {
                if (item == 2) {
                    throw new IllegalStateException("bad");
                }
                return item;
            }).iterator();
            assertEquals(1, results.next());
            assertThrows(IllegalStateException.class, results::next);
            assertEquals(3, results.next());
        }));
    }

    @Test
    void outcomesTellUnorderedFailuresApart() {
        ManualEngine.run(() -> group(g -> {
            for (Results.Mapped<String, Integer> each : g.pool(2)
                    .imapUnordered(List.of("1", "x", "3"), Integer::parseInt)
                    .outcomes()) {
                log.add(each.index() + each.item() + (each.outcome() instanceof Outcome.Failure));
            }
        }));
        assertEquals(List.of("01false", "1xtrue", "23false"), log.stream().sorted().toList());
    }

    @Test
    void closingEarlyCancelsTheMappingsUnderWay() {
        ManualEngine.runInManyOrders(20, () -> {
            group(g -> {
                try (Results<Integer, Integer> results = g.pool(3).imap(List.of(1, 2, 3, 4), item -> {
                    sleep(ofSeconds(item));
                    return item;
                })) {
                    assertEquals(1, results.iterator().next());
                }
            });
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledNextHasTakenNoResult() {
        ManualEngine.runInManyOrders(20, () -> group(g -> {
            Iterator<Integer> results = g.pool(2).imap(List.of(1, 2, 3), item -> {
                sleep(ofSeconds(1));
                return item;
            }).iterator();
            assertFalse(moveOnAfter(ofMillis(1500), () -> {
                log.add(results.next());
                log.add(results.next());
                log.add(results.next());
            }));
            assertEquals(3, results.next());
        }));
    }

    @Test
    void mappingsShareTheLimitWithOtherTasks() {
        ManualEngine.run(() -> group(g -> {
            TaskPool pool = g.pool(2);
            pool.spawn(() -> sleep(ofSeconds(10)));
            pool.spawn(() -> sleep(ofSeconds(5)));
            assertEquals(List.of(1, 2), pool.map(List.of(1, 2), item -> {
                sleep(ofSeconds(1));
                return item;
            }));
            assertEquals(ofSeconds(7), ManualEngine.elapsed());
        }));
    }

    @Test
    void mappingThatIsCancelledAloneSaysSoAtItsPlace() {
        ManualEngine.run(() -> group(g -> {
            AtomicReference<Task<?>> second = new AtomicReference<>();
            Iterator<Integer> results = g.pool(2).imap(List.of(1, 2), item -> {
                if (item == 2) {
                    second.set(currentTask());
                    sleep(ofSeconds(60));
                }
                return item;
            }).iterator();
            assertEquals(1, results.next());
            checkpoint();
            spawn(() -> second.get().cancel());
            assertThrows(TaskCancelledException.class, results::next);
        }));
    }
}
