package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rests between tries double up to the most, are random, and end with the tries. */
final class BackoffTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long ALMOST_ONE = (1 << 20) - 1;

    private final Dice engine = new Dice();
    private final Backoff backoff = Backoff.DEFAULT.withDelays(SECOND, SECOND.multipliedBy(10));

    @Test
    void boundDoublesUpToTheMost() {
        List<Long> bounds = new ArrayList<>();
        for (int failures = 1; failures <= 6; failures++) {
            bounds.add(backoff.bound(failures).toSeconds());
        }
        assertEquals(List.of(1L, 2L, 4L, 8L, 10L, 10L), bounds);
        assertEquals(SECOND.multipliedBy(10), backoff.bound(Integer.MAX_VALUE));
        Duration forever = ChronoUnit.FOREVER.getDuration();
        assertEquals(SECOND.multipliedBy(1L << 40), backoff.withDelays(SECOND, forever).bound(1_000));
    }

    @Test
    void restIsRandomFromNothingToTheBound() {
        engine.run(() -> {
            engine.random = 0;
            assertEquals(Duration.ZERO, backoff.delay(3));
            engine.random = 1 << 19;
            assertEquals(2_000, backoff.delay(3).toMillis(), 1);
            engine.random = ALMOST_ONE;
            assertEquals(4_000, backoff.delay(3).toMillis(), 1);
            engine.random = -1;
            assertEquals(4_000, backoff.delay(3).toMillis(), 1);
        });
    }

    @Test
    void jitterSaysHowMuchOfTheRestIsRandom() {
        engine.run(() -> {
            engine.random = 0;
            assertEquals(Duration.ofSeconds(3), backoff.withJitter(0.25).delay(3));
            assertEquals(Duration.ofSeconds(4), backoff.withJitter(0).delay(3));
            engine.random = ALMOST_ONE;
            assertEquals(4_000, backoff.withJitter(0.25).delay(3).toMillis(), 1);
        });
        assertEquals(Duration.ofSeconds(2), backoff.withJitter(0.5).delay(3, 0), "outside of a loop");
        assertEquals(Duration.ofSeconds(4), backoff.withJitter(0).delay(3));
        assertEquals(Duration.ZERO, new Backoff(Duration.ZERO, SECOND, 1).delay(9, -1));
    }

    @Test
    void bodyIsTriedUntilItIsDone() {
        engine.random = ALMOST_ONE;
        engine.run(() -> {
            int[] tries = new int[1];
            String result = backoff.retry(6, () -> {
                if (++tries[0] < 4) {
                    throw new IOException("not yet");
                }
                return "done";
            }, e -> e instanceof IOException);

            assertEquals("done", result);
            assertEquals(4, tries[0]);
            assertEquals(7_000, ManualEngine.elapsed().toMillis(), 3, "rests of 1, 2 and 4 seconds");
        });
    }

    @Test
    void lastFailureComesOutWhenThereWereTooMany() {
        engine.run(() -> {
            int[] tries = new int[1];
            var e = assertThrows(TaskFailedException.class, () -> backoff.retry(6, () -> {
                throw new IOException("try " + ++tries[0]);
            }, failure -> true));

            assertEquals("try 6", e.getCause().getMessage());
        });
    }

    @Test
    void failureThatWillNotPassComesOutAtOnce() {
        engine.run(() -> {
            IllegalStateException mistake = new IllegalStateException("a mistake");
            assertSame(mistake, assertThrows(IllegalStateException.class, () -> backoff.retry(6, () -> {
                throw mistake;
            }, e -> e instanceof IOException)));
            assertThrows(StackOverflowError.class, () -> backoff.retry(6, () -> {
                throw new StackOverflowError();
            }, e -> true));
            assertEquals(0, ManualEngine.elapsed().toMillis());
        });
    }

    @Test
    void callersDeadlineBoundsAllTries() {
        engine.random = ALMOST_ONE;
        engine.run(() -> {
            int[] tries = new int[1];
            assertThrows(DeadlineExceededException.class,
                    () -> Heddle.timeout(SECOND.multipliedBy(5), () -> backoff.retry(6, () -> {
                        tries[0]++;
                        throw new IOException("never");
                    }, e -> true)));
            assertEquals(5_000, ManualEngine.elapsed().toMillis());
            assertEquals(3, tries[0]);
        });
    }

    @Test
    void cancelledBodyIsNotTriedAgainWhateverItThrows() {
        engine.run(() -> {
            int[] tries = new int[1];
            boolean done = Heddle.moveOnAfter(SECOND, () -> {
                backoff.retry(6, () -> {
                    tries[0]++;
                    try {
                        Heddle.sleep(SECOND.multipliedBy(9));
                    } catch (RuntimeException e) {
                        throw new IOException("hides the cancel", e);
                    }
                    return "";
                }, e -> true);
            });
            assertTrue(!done && tries[0] == 1);
        });
    }

    @Test
    void failureOfAGroupIsTriedAgainIfEachOfItsFailuresMayPass() {
        engine.run(() -> {
            int[] tries = new int[1];
            String got = backoff.retry(6, () -> {
                if (tries[0]++ == 0) {
                    Heddle.gather(() -> fail(new IOException("a")), () -> fail(new IOException("b")));
                }
                return "done";
            }, IOException.class::isInstance);
            assertEquals("done", got);
            assertEquals(2, tries[0]);
        });
    }

    @Test
    void groupWithOneFailureThatMayNotPassIsNotTriedAgain() {
        engine.run(() -> {
            int[] tries = new int[1];
            GroupException e = assertThrows(GroupException.class, () -> backoff.retry(6, () -> {
                tries[0]++;
                return Heddle.gather(() -> fail(new IOException("a")), () -> fail(new IllegalStateException("bug")));
            }, IOException.class::isInstance));
            assertEquals(2, e.failures().size());
            assertEquals(1, tries[0]);
        });
    }

    @Test
    void checkedFailureBehindACallThatWrapsItIsAskedAboutBare() {
        engine.run(() -> {
            int[] tries = new int[1];
            assertThrows(TaskFailedException.class, () -> backoff.retry(3, () -> {
                tries[0]++;
                return Heddle.timeout(SECOND, () -> fail(new IOException("a")));
            }, IOException.class::isInstance));
            assertEquals(3, tries[0]);
        });
    }

    private static String fail(Exception failure) throws Exception {
        throw failure;
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> backoff.withDelays(SECOND.negated(), SECOND));
        assertThrows(IllegalArgumentException.class, () -> backoff.withDelays(SECOND, SECOND.dividedBy(2)));
        assertThrows(IllegalArgumentException.class, () -> backoff.retry(0, () -> "", e -> true));
        assertThrows(IllegalArgumentException.class, () -> backoff.bound(0));
        assertThrows(IllegalArgumentException.class, () -> backoff.withJitter(1.1));
        assertThrows(IllegalArgumentException.class, () -> backoff.withJitter(Double.NaN));
    }

    /** An engine that draws what the test says. */
    private static final class Dice extends ForwardingSimulation {

        private long random;

        Dice() {
            super(new ManualEngine(0));
        }

        void run(Action body) {
            Heddle.run(ManualEngine.config().withEngine(() -> this), body);
        }

        @Override
        public long random() {
            return random;
        }
    }
}
