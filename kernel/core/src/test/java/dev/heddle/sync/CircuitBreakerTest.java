package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.sync.CircuitBreaker.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A circuit breaker opens when too many calls have failed, tries after a pause, and closes when that goes well. */
final class CircuitBreakerTest {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final CircuitBreakerOptions OPTIONS = CircuitBreakerOptions.DEFAULT
            .withFailureShare(0.5).withMinCalls(4)
            .withPause(new Backoff(PAUSE, Duration.ofSeconds(20), 0))
            .withTrials(2);

    private final CircuitBreaker bank = CircuitBreaker.of("bank", OPTIONS);

    /** Only here may a test know it from others. */
    private static final class NoMoneyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void succeed() {
        bank.run(() -> {});
    }

    private void fail() {
        assertThrows(NoMoneyException.class, () -> bank.run(() -> {
            throw new NoMoneyException();
        }));
    }

    private CircuitOpenException refused() {
        return assertThrows(CircuitOpenException.class, () -> bank.run(() -> {
            throw new AssertionError("it was begun");
        }));
    }

    private State state() {
        return bank.statistics().state();
    }

    private void open() {
        for (int i = 0; i < 4; i++) {
            fail();
        }
        assertEquals(State.OPEN, state());
    }

    @Test
    void groupCountsIfOneOfItsFailuresDoes() {
        CircuitBreaker shop = CircuitBreaker.of(
                "shop", OPTIONS.withFailures(failure -> !(failure instanceof NoMoneyException)));
        ManualEngine.run(() -> {
            assertThrows(GroupException.class, () -> shop.run(() -> gather(() -> {
                throw new NoMoneyException();
            })));
            assertEquals(0, shop.statistics().failures());
            assertThrows(GroupException.class, () -> shop.run(() -> gather(() -> {
                throw new NoMoneyException();
            }, () -> {
                throw new IOException("away");
            })));
            assertEquals(1, shop.statistics().failures());
        });
    }

    @Test
    void opensWhenThePartOfFailuresIsReachedAndEnoughCallsHaveEnded() {
        ManualEngine.run(() -> {
            fail();
            fail();
            fail();
            assertEquals(new CircuitBreaker.Statistics(State.CLOSED, 3, 3, 0, 0, 0), bank.statistics());
            succeed();
            assertEquals(State.CLOSED, state());
            succeed();
            succeed();
            succeed();
            fail();
            assertEquals(new CircuitBreaker.Statistics(State.OPEN, 0, 0, 0, 0, 1), bank.statistics());
            CircuitOpenException refusal = refused();
            assertEquals("circuit breaker bank is open for another 5 s: 4 of 8 calls have failed within 10 s",
                    refusal.getMessage());
            assertEquals(PAUSE, refusal.retryAfter());
            assertTrue(refusal.getCause() instanceof NoMoneyException);
            assertEquals(1, bank.statistics().refused());
        });
    }

    @Test
    void resultIsGivenAndCheckedFailuresAreCauses() {
        ManualEngine.run(() -> {
            assertEquals("paid", bank.call(() -> "paid"));
            var broken = new IOException("broken");
            var failure = assertThrows(TaskFailedException.class, () -> bank.call(() -> {
                throw broken;
            }));
            assertSame(broken, failure.getCause());
            assertEquals(1, bank.statistics().failures());
        });
    }

    @Test
    void callsLeaveTheWindowBySlicesAndFailuresOfLongAgoDoNotCount() {
        ManualEngine.run(() -> {
            fail();
            fail();
            sleep(Duration.ofSeconds(5));
            fail();
            assertEquals(3, bank.statistics().failures());
            sleep(Duration.ofMillis(5_500));
            assertEquals(1, bank.statistics().failures());
            fail();
            fail();
            assertEquals(State.CLOSED, state());
            sleep(Duration.ofHours(3));
            assertEquals(0, bank.statistics().calls());
            open();
        });
    }

    @Test
    void closesWhenAsManyTrialsHaveSucceeded() {
        ManualEngine.run(() -> {
            open();
            sleep(PAUSE.minusNanos(1));
            refused();
            sleep(Duration.ofNanos(1));
            assertEquals(State.HALF_OPEN, state());
            succeed();
            assertEquals(State.HALF_OPEN, state());
            succeed();
            assertEquals(State.CLOSED, state());
            assertEquals(0, bank.statistics().calls());
        });
    }

    @Test
    void pauseThatIsEndedLetsTrialsPassAtOnce() {
        ManualEngine.run(() -> {
            bank.endPause();
            open();
            bank.endPause();
            assertEquals(State.HALF_OPEN, state());
            succeed();
            succeed();
            assertEquals(State.CLOSED, state());
        });
    }

    @Test
    void opensForLongerEachTimeThatATrialFailsAndForTheFirstPauseWhenItWasClosed() {
        ManualEngine.run(() -> {
            open();
            for (int seconds : new int[]{5, 10, 20, 20}) {
                assertEquals(Duration.ofSeconds(seconds), refused().retryAfter());
                sleep(Duration.ofSeconds(seconds));
                succeed();
                fail();
                assertEquals(State.OPEN, state());
            }
            assertTrue(refused().getMessage().endsWith("a call that tried whether it may close has failed"));
            sleep(Duration.ofSeconds(20));
            succeed();
            succeed();
            open();
            assertEquals(PAUSE, refused().retryAfter());
            assertEquals(6, bank.statistics().opened());
        });
    }

    @Test
    void noMoreTrialsAreUnderWayThanMustSucceed() {
        ManualEngine.runInManyOrders(50, () -> {
            open();
            sleep(PAUSE);
            var most = new AtomicInteger();
            var begun = new AtomicInteger();
            group(g -> {
                for (int i = 0; i < 20; i++) {
                    g.spawn(() -> {
                        try {
                            bank.run(() -> {
                                most.accumulateAndGet(begun.incrementAndGet(), Math::max);
                                checkpoint();
                                begun.decrementAndGet();
                            });
                        } catch (CircuitOpenException e) {
                            assertEquals(Duration.ZERO, e.retryAfter());
                        }
                    });
                }
            });
            assertTrue(most.get() <= 2 || state() == State.CLOSED, most + " trials at a time");
            assertEquals(0, bank.statistics().trials());
            assertEquals(State.CLOSED, state());
        });
    }

    @Test
    void trialThatIsCancelledMakesPlaceForAnother() {
        ManualEngine.run(() -> {
            open();
            sleep(PAUSE);
            for (int i = 0; i < 10; i++) {
                assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> bank.run(() -> sleep(Duration.ofHours(1)))));
            }
            assertEquals(State.HALF_OPEN, state());
            assertEquals(0, bank.statistics().trials());
            succeed();
            succeed();
            assertEquals(State.CLOSED, state());
        });
    }

    @Test
    void trialThatDoesNotEndHoldsUpNobodyForLongerThanAPause() {
        ManualEngine.run(() -> {
            open();
            sleep(PAUSE);
            Task<Void> first = spawn(() -> bank.run(() -> sleep(Duration.ofHours(1))));
            Task<Void> second = spawn(() -> bank.run(() -> sleep(Duration.ofHours(1))));
            checkpoint();
            assertEquals(
                    "circuit breaker bank lets no more through than the 2 that try whether it may close: 4 of 4 calls"
                            + " have failed within 10 s",
                    refused().getMessage());
            sleep(PAUSE);
            succeed();
            refused();
            sleep(PAUSE);
            succeed();
            assertEquals(State.CLOSED, state());
            first.cancel("enough");
            second.cancel("enough");
        });
    }

    @Test
    void cancelledCallCountsAsNothingAndADeadlineWithinTheBodyAsAFailure() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 10; i++) {
                assertFalse(moveOnAfter(Duration.ofMillis(1), () -> bank.run(() -> sleep(Duration.ofHours(1)))));
                assertFalse(moveOnAfter(Duration.ofMillis(1), () -> bank.run(() -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        checkpoint(); // throws again
                    }
                })));
            }
            assertEquals(0, bank.statistics().calls());
            for (int i = 0; i < 4; i++) {
                assertThrows(DeadlineExceededException.class,
                        () -> bank.run(() -> timeout(Duration.ofMillis(1), () -> sleep(Duration.ofHours(1)))));
            }
            assertEquals(State.OPEN, state());
        });
    }

    @Test
    void cancelledCallerBeginsNothing() {
        ManualEngine.run(() -> {
            var begun = new AtomicInteger();
            Task<Void> task = spawn(() -> bank.run(begun::incrementAndGet));
            task.cancel("not wanted");
            task.awaitOutcome();
            assertEquals(0, begun.get());
            assertEquals(0, bank.statistics().calls());
        });
    }

    @Test
    void whatACallTellsThatBeganBeforeTheLastChangeIsNotHeard() {
        ManualEngine.run(() -> {
            Task<Void> slow = spawn(() -> bank.run(() -> {
                sleep(Duration.ofSeconds(6));
                throw new NoMoneyException();
            }));
            checkpoint();
            open();
            sleep(PAUSE);
            succeed();
            assertThrows(NoMoneyException.class, slow::join);
            assertEquals(State.HALF_OPEN, state());
            succeed();
            assertEquals(State.CLOSED, state());
        });
    }

    @Test
    void onlyWhatIsNamedCountsAsAFailureAndAnErrorAsNothing() {
        ManualEngine.run(() -> {
            var breaker = CircuitBreaker.of("shop", OPTIONS.withFailures(e -> e instanceof NoMoneyException));
            for (int i = 0; i < 4; i++) {
                assertThrows(IllegalArgumentException.class, () -> breaker.run(() -> {
                    throw new IllegalArgumentException("no such account");
                }));
                assertThrows(StackOverflowError.class, () -> breaker.run(() -> {
                    throw new StackOverflowError();
                }));
            }
            assertEquals(new CircuitBreaker.Statistics(State.CLOSED, 4, 0, 0, 0, 0), breaker.statistics());
        });
    }

    @Test
    void predicateThatFailsHidesNoFailureAndKeepsNoTrial() {
        ManualEngine.run(() -> {
            var wrong = new IllegalStateException("wrong");
            var breaker = CircuitBreaker.of("shop", OPTIONS.withFailures(e -> {
                throw wrong;
            }));
            for (int i = 0; i < 4; i++) {
                var failure = assertThrows(NoMoneyException.class, () -> breaker.run(() -> {
                    throw new NoMoneyException();
                }));
                assertSame(wrong, failure.getSuppressed()[0]);
            }
            assertEquals(State.OPEN, breaker.statistics().state());
            sleep(PAUSE);
            assertThrows(NoMoneyException.class, () -> breaker.run(() -> {
                throw new NoMoneyException();
            }));
            assertEquals(State.OPEN, breaker.statistics().state());
            assertEquals(0, breaker.statistics().trials());
        });
    }

    /** What it may do is known of each step: nobody passes while it is open, and few while it is half open. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverComesItsRulesHold(long seed) {
        Heddle.run(ManualEngine.config(seed), () -> {
            var random = new Random(seed);
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                int kind = random.nextInt(10);
                int millis = random.nextInt(3_000);
                Task<Void> task = spawn(() -> {
                    State before = state();
                    try {
                        bank.run(() -> {
                            assertTrue(before != State.OPEN, "it was let through");
                            assertTrue(state() != State.HALF_OPEN || bank.statistics().trials() >= 1);
                            sleep(Duration.ofMillis(millis));
                            if (kind < 5) {
                                throw new NoMoneyException();
                            }
                        });
                    } catch (CircuitOpenException e) {
                        assertTrue(before != State.CLOSED, "it was refused");
                    } catch (NoMoneyException e) {
                        assertTrue(kind < 5);
                    }
                });
                tasks.add(task);
                if (kind == 9) {
                    task.cancel("not wanted");
                }
                sleep(Duration.ofMillis(random.nextInt(100)));
            }
            tasks.forEach(Task::awaitOutcome);
            tasks.stream().filter(task -> task.failure().isPresent()).forEach(Task::join);
            assertTrue(bank.statistics().opened() > 3, bank.statistics().toString());
            sleep(Duration.ofMinutes(1));
            succeed();
            succeed();
            assertEquals(State.CLOSED, state());
            assertEquals(0, bank.statistics().trials());
        });
    }

    @Test
    void tasksOfManyLoopsAndThreadsShareIt() throws Exception {
        var breaker = CircuitBreaker.of("all",
                OPTIONS.withPause(new Backoff(Duration.ofNanos(1), Duration.ofNanos(1), 0)));
        var thread = Thread.ofPlatform().start(() -> hammer(breaker));
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Task<Void> there = Heddle.currentLoop().siblings().get(1).spawn(() -> hammer(breaker));
            hammer(breaker);
            there.join();
        });
        thread.join();
        assertEquals(0, breaker.statistics().trials());
        assertTrue(breaker.statistics().opened() > 0);
    }

    private static void hammer(CircuitBreaker breaker) {
        for (int i = 0; i < 20_000; i++) {
            boolean fails = i % 3 != 0;
            try {
                breaker.run(() -> {
                    if (fails) {
                        throw new NoMoneyException();
                    }
                });
            } catch (NoMoneyException | CircuitOpenException e) {
                // as it may
            }
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withFailureShare(0).withMinCalls(1));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withFailureShare(1.1).withMinCalls(1));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withFailureShare(Double.NaN).withMinCalls(1));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withFailureShare(1).withMinCalls(0));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withWindow(Duration.ofMillis(9)));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withWindow(Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withTrials(0));
        assertThrows(IllegalArgumentException.class,
                () -> OPTIONS.withPause(new Backoff(Duration.ZERO, Duration.ZERO, 0)));
    }
}
