package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A body that is too late is cancelled, and its clean-up is awaited before the caller is told. */
final class TimeoutTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void bodyThatIsInTimeGivesItsResult() {
        ManualEngine.run(() -> {
            assertEquals("result", timeout(ofSeconds(2), () -> {
                sleep(ofSeconds(1));
                return "result";
            }));
        });
    }

    @Test
    void bodyThatIsLateIsCutOffAndTheTimeIsTold() {
        ManualEngine.run(() -> {
            DeadlineExceededException late = assertThrows(DeadlineExceededException.class,
                    () -> timeout(ofMillis(1500), () -> sleep(ofHours(1))));
            assertEquals("not done within 1.5 s", late.getMessage());
            assertEquals(ofMillis(1500), ManualEngine.elapsed());
        });
    }

    @Test
    void cleanUpIsAwaitedBeforeTheExceptionComes() {
        ManualEngine.run(() -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    shield(() -> sleep(ofSeconds(4)));
                }
            }));
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
        });
    }

    @Test
    void failureInTheCleanUpReplacesTheTimeout() {
        ManualEngine.run(() -> {
            TaskFailedException failed = assertThrows(TaskFailedException.class, () -> timeout(ofSeconds(1), () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    throwChecked();
                }
            }));
            assertEquals(IOException.class, failed.getCause().getClass());
        });
    }

    @Test
    void failureOfACloseOnTheWayIsAttachedToTheTimeout() {
        ManualEngine.run(() -> {
            DeadlineExceededException late = assertThrows(DeadlineExceededException.class,
                    () -> timeout(ofSeconds(1), TimeoutTest::sleepAndFailToClose));
            assertEquals("disk", late.getCause().getSuppressed()[0].getMessage());
        });
    }

    @Test
    void failureOfACloseOnTheWayIsReportedWhereThereIsNoResult() {
        Config config = ManualEngine.config().withFailureHandler(
                (what, failure) -> log.add(what + ": " + failure.getSuppressed()[0].getMessage()));
        Heddle.run(config, () -> {
            assertEquals(Optional.empty(), moveOnAfter(ofSeconds(1), () -> {
                sleepAndFailToClose();
                return "result";
            }));
            assertFalse(moveOnAfter(ofSeconds(1), TimeoutTest::sleepAndFailToClose));
            group(g -> {
                g.spawn("worker", TimeoutTest::sleepAndFailToClose);
                Heddle.checkpoint();
                g.cancel("enough");
            });
        });
        String main = "task main (loop, running) was cancelled, and its clean-up failed: disk";
        assertEquals(
                List.of(main, main, "task worker (loop, running) was cancelled, and its clean-up failed: disk"), log);
    }

    @Test
    void interruptThatALibraryTurnsIntoItsOwnFailureIsStillTheDeadline() {
        ManualEngine.run(() -> {
            DeadlineExceededException late = assertThrows(DeadlineExceededException.class,
                    () -> timeout(ofSeconds(1), TimeoutTest::query));
            assertEquals("query interrupted", late.getCause().getMessage());
            assertFalse(moveOnAfter(ofSeconds(1), TimeoutTest::query));
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> group(g -> {
                g.spawn(TimeoutTest::query);
                timeout(ofHours(1), TimeoutTest::query);
            })));
        });
    }

    /** As a driver of a database does: the interrupt is gone, and what comes out speaks of something else. */
    private static String swallowTheInterrupt() {
        try {
            new CompletableFuture<String>().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the lock could not be had");
        }
        return "never";
    }

    @Test
    void failureBehindTheDeadlineTellsOfIt() {
        ManualEngine.run(() -> {
            for (Action cut : List.<Action>of(
                    () -> timeout(ofSeconds(1), TimeoutTest::swallowTheInterrupt),
                    () -> moveOnAfter(ofSeconds(1), TimeoutTest::swallowTheInterrupt))) {
                Throwable failure = assertThrows(IllegalStateException.class, cut::run);
                assertEquals("the lock could not be had", failure.getMessage());
                assertEquals(List.of("behind a deadline of 1 s, which may have cut this off"),
                        Stream.of(failure.getSuppressed()).map(Throwable::getMessage).toList());
            }
        });
    }

    @Test
    void failureBeforeTheDeadlineTellsNothingOfIt() {
        ManualEngine.run(() -> {
            Throwable failure = assertThrows(IllegalStateException.class, () -> timeout(ofSeconds(1), () -> {
                throw new IllegalStateException("at once");
            }));
            assertEquals(0, failure.getSuppressed().length);
        });
    }

    @Test
    void checkpointBehindTheDeadlineThrowsThoughItsTimerHasNotFiredYet() {
        AtomicLong late = new AtomicLong();
        class Busy extends ForwardingSimulation {
            Busy() {
                super(new ManualEngine(0));
            }

            @Override
            public long nanoTime() {
                return super.nanoTime() + late.get();
            }
        }
        Heddle.run(ManualEngine.config().withEngine(Busy::new), () -> {
            assertEquals(Optional.empty(), moveOnAfter(ofSeconds(1), () -> moveOnAfter(ofSeconds(2), () -> {
                Heddle.checkpoint();
                late.addAndGet(ofSeconds(1).toNanos());
                Heddle.checkpoint();
                log.add("unreachable");
            })));
            shield(Heddle::checkpoint);
        });
        assertEquals(List.of(), log);
    }

    @Test
    void resultOfABodyThatIsLateButNeverWaitsAgainIsKept() {
        ManualEngine.run(() -> {
            String result = timeout(ofSeconds(1), () -> {
                try {
                    sleep(ofHours(1));
                } catch (CancelledException e) {
                    return "rescued";
                }
                return "on time";
            });
            assertEquals("rescued", result);
        });
    }

    @Test
    void withoutTimeTheBodyRunsToItsFirstWait() {
        for (Duration none : List.of(ZERO, ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            log.clear();
            ManualEngine.run(() -> {
                assertThrows(DeadlineExceededException.class, () -> timeout(none, () -> {
                    log.add("begun");
                    Heddle.checkpoint();
                    log.add("waited");
                }));
                assertEquals(ZERO, ManualEngine.elapsed());
            });
            assertEquals(List.of("begun"), log);
        }
    }

    @Test
    void withoutTimeABodyThatDoesNotWaitGivesItsResult() {
        ManualEngine.run(() -> assertEquals("result", timeout(ZERO, () -> "result")));
    }

    @Test
    void withoutTimeATaskThatHasEndedGivesItsResult() {
        ManualEngine.run(() -> group(g -> {
            Task<String> ended = g.spawn(() -> "result");
            sleep(ofSeconds(1));
            assertEquals("result", timeout(ZERO, ended::join));
        }));
    }

    @Test
    void longestDurationNeverExpires() {
        ManualEngine.run(() -> timeout(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999), () -> {
            sleep(Duration.ofDays(365));
        }));
    }

    @Test
    void nestedTimeoutsThatExpireTogetherAreReportedByTheOuterOne() {
        ManualEngine.run(() -> {
            DeadlineExceededException late = assertThrows(DeadlineExceededException.class,
                    () -> timeout(ofSeconds(1), () -> {
                        try {
                            timeout(ofMillis(1000), () -> sleep(ofHours(1)));
                        } finally {
                            log.add("inner left");
                        }
                        log.add("unreachable");
                    }));
            assertEquals("not done within 1 s", late.getMessage());
        });
        assertEquals(List.of("inner left"), log);
    }

    @Test
    void innerTimeoutIsAnOrdinaryFailureToTheOuterOne() {
        ManualEngine.run(() -> timeout(ofHours(1), () -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> sleep(ofHours(2))));
            sleep(ofSeconds(1));
        }));
    }

    @Test
    void outerTimeoutPassesThroughTheInnerOneAsACancel() {
        ManualEngine.run(() -> {
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), () -> {
                assertThrows(CancelledException.class, () -> timeout(ofHours(1), () -> sleep(ofHours(2))));
                Heddle.checkpoint();
            }));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void moveOnGivesEmptyWhenTheTimeIsOver() {
        ManualEngine.run(() -> {
            assertEquals(Optional.empty(), moveOnAfter(ofSeconds(1), () -> {
                sleep(ofSeconds(2));
                return "result";
            }));
            assertEquals(Optional.of("result"), moveOnAfter(ofSeconds(1), () -> "result"));
            assertTrue(moveOnAfter(ofSeconds(1), (Action) spawn(() -> {})::join));
            NullPointerException nothing = assertThrows(
                    NullPointerException.class, () -> moveOnAfter(ofSeconds(1), spawn(() -> {})::join));
            assertTrue(nothing.getMessage().contains("to Action"), nothing.getMessage());
            assertFalse(moveOnAfter(ofSeconds(1), () -> sleep(ofSeconds(2))));
            assertTrue(moveOnAfter(ofSeconds(2), () -> sleep(ofSeconds(1))));
        });
    }

    @Test
    void moveOnSwallowsItsOwnCancelOnlyAndNotAFailureOfTheSameGroup() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class,
                    () -> moveOnAfter(ofSeconds(1), () -> group(g -> {
                        g.spawn(() -> sleep(ofHours(1)));
                        g.spawn(() -> {
                            try {
                                sleep(ofHours(1));
                            } catch (CancelledException e) {
                                throw new IllegalStateException("clean-up failed", e);
                            }
                        });
                    })));
            assertEquals(1, grouped.failures().size());
        });
    }

    @Test
    void resultThatIsThereWhenTheDeadlinePassesIsDelivered() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            currentLoop().callLater(ofSeconds(1), waiter::complete);
            assertTrue(moveOnAfter(ofSeconds(1), waiter::await), "completed in the turn of the deadline, before it");
        });
    }

    @Test
    void missingBodyOrDurationLeavesNoTimerBehind() {
        ManualEngine.run(() -> {
            assertThrows(NullPointerException.class, () -> timeout(ofSeconds(1), (Action) null));
            assertThrows(NullPointerException.class, () -> timeout(null, () -> "result"));
            assertThrows(NullPointerException.class, () -> moveOnAfter(null, () -> "result"));
            assertEquals(0, currentLoop().statistics().timers());
        });
    }

    @Test
    void reportsThatTasksAreNeededElsewhere() {
        IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> timeout(ofSeconds(1), () -> "result"));
        assertTrue(refused.getMessage().contains("Heddle.run"), refused.getMessage());
    }

    private static void sleepAndFailToClose() throws IOException {
        Closeable file = TimeoutTest::throwChecked;
        try (file) {
            sleep(ofHours(1));
        }
    }

    /** As a driver of a database does. */
    private static void query() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IOException("query interrupted", e);
        }
    }

    private static void throwChecked() throws IOException {
        throw new IOException("disk");
    }
}
