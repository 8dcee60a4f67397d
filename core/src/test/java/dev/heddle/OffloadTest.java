package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blocking work runs on other threads while its task waits, cancels included. */
final class OffloadTest {

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void busyWorkRunsElsewhereWhileTheOthersGoOn() {
        run(() -> {
            AtomicBoolean stop = new AtomicBoolean();
            Task<String> busy = spawn(() -> offload(() -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
                return "result";
            }));
            checkpoint();
            stop.set(true);
            assertEquals("result", busy.join());
        });
    }

    @Test
    void failuresComeOutAsABodysWould() {
        run(() -> {
            IllegalStateException unchecked = new IllegalStateException("bad");
            assertSame(unchecked, assertThrows(IllegalStateException.class, () -> offload(() -> {
                throw unchecked;
            })));
            IOException checked = new IOException("disk");
            assertSame(checked, assertThrows(TaskFailedException.class, () -> offload(() -> {
                throw checked;
            })).getCause());
            assertThrows(AssertionError.class, () -> offload(() -> {
                throw new AssertionError("fatal");
            }));
        });
    }

    @Test
    void resultMayBeNull() {
        run(() -> assertNull(Heddle.<String>offload(() -> null)));
    }

    @Test
    void cancelInterruptsTheBodyAndWaitsForItsEnd() {
        run(() -> {
            boolean done = moveOnAfter(ofMillis(5), () -> offload(() -> {
                try {
                    new CountDownLatch(1).await();
                } finally {
                    Thread.interrupted();
                    Thread.sleep(10);
                    log.add("body ended");
                }
            }));
            log.add(done ? "done" : "cut off");
        });
        assertEquals(List.of("body ended", "cut off"), log);
    }

    @Test
    void resultThatTheBodyGivesDespiteTheCancelIsDelivered() {
        run(() -> {
            moveOnAfter(ofMillis(5), () -> {
                log.add(offload(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        return "rescued";
                    }
                    return "never";
                }));
                checkpoint();
                log.add("unreachable");
            });
        });
        assertEquals(List.of("rescued"), log);
    }

    @Test
    void cancelledCallerStartsNothing() {
        run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");
            assertThrows(CancelledException.class, () -> offload(() -> log.add("started")));
        }));
        assertEquals(List.of(), log);
    }

    @Test
    void bodyIsInNoTask() {
        run(() -> offload(() -> {
            assertThrows(IllegalStateException.class, Heddle::currentTask);
            assertThrows(IllegalStateException.class, () -> Heddle.sleep(ofMillis(1)));
        }));
    }

    @Test
    void bodyMaySpawnOnTheLoopAndJoin() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            assertEquals("from the loop", Heddle.<String>offload(
                    () -> loop.spawn(() -> Heddle.<String>offload(() -> "from the loop")).join()));
        });
    }

    @Test
    void moreBodiesThanWorkersAllRun() {
        run(() -> {
            List<Integer> items = IntStream.range(0, OffloadThreads.MOST * 4).boxed().toList();
            assertEquals(items, map(items, items.size(), item -> Heddle.<Integer>offload(() -> {
                Thread.sleep(1);
                return item;
            })));
        });
    }

    @Test
    void atMostSoManyBodiesAreBusyAtATime() {
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        run(() -> group(g -> {
            for (int i = 0; i < OffloadThreads.MOST * 2; i++) {
                g.spawn(() -> offload(() -> {
                    most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                    long end = System.nanoTime() + 1_000_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    busy.decrementAndGet();
                }));
            }
        }));
        assertTrue(most.get() <= OffloadThreads.MOST, most.get() + " at a time");
    }

    @Test
    void bodyThatIsNotYetBegunWhenCancelledStillEndsTheWait() {
        run(() -> {
            for (int i = 0; i < 200; i++) {
                assertFalse(CancelScope.open(scope -> {
                    Heddle.currentLoop().callSoon(() -> scope.cancel("at once"));
                    offload(() -> Thread.sleep(60_000));
                }));
            }
        });
    }

    @Test
    void outsideOfTasksItIsRefused() {
        assertThrows(IllegalStateException.class, () -> offload(() -> log.add("started")));
    }
}
