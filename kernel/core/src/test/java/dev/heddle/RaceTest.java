package dev.heddle;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.race;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The first success wins, and the losers are cancelled and awaited. */
final class RaceTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void firstSuccessWinsAndTheLosersAreCancelledAndAwaited() {
        ManualEngine.run(() -> {
            String winner = race(
                    () -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            shield(() -> sleep(ofSeconds(1)));
                            log.add("loser cleaned");
                        }
                        return "slow";
                    },
                    () -> {
                        sleep(ofSeconds(1));
                        return "fast";
                    });
            log.add(winner);
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        });
        assertEquals(List.of("loser cleaned", "fast"), log);
    }

    @Test
    void failuresBeforeTheFirstSuccessAreNoFailures() {
        ManualEngine.run(() -> assertEquals("second", race(
                () -> {
                    throw new IllegalStateException("first");
                },
                () -> {
                    sleep(ofSeconds(1));
                    return "second";
                })));
    }

    @Test
    void ifAllFailAllFailuresComeOutInTheOrderTheyHappened() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> {
                String none = race(failing(3), failing(1), failing(2));
                log.add(none);
            });
            assertEquals(
                    List.of("after 1", "after 2", "after 3"),
                    grouped.failures().stream().map(Throwable::getMessage).toList());
        });
    }

    @Test
    void errorOfABodyIsNeverSwallowed() {
        ManualEngine.run(() -> {
            AssertionError fatal = new AssertionError("fatal");
            assertSame(fatal, assertThrows(AssertionError.class, () -> {
                String none = race(
                        () -> {
                            throw fatal;
                        },
                        () -> {
                            sleep(ofSeconds(1));
                            return "result";
                        });
                log.add(none);
            }));
        });
    }

    @Test
    void resultMayBeNull() {
        ManualEngine.run(() -> assertNull(RaceTest.<String>raceOf(() -> null, failing(1))));
    }

    @Test
    void twoThatFinishInTheSameTurnHaveOneWinner() {
        ManualEngine.run(() -> {
            Callable<String> first = () -> "first";
            Callable<String> second = () -> "second";
            assertEquals("first", race(first, second));
        });
    }

    @Test
    void resultThatComesSecondIsClosedAndOneThatHasWonIsNot() {
        List<String> closed = new ArrayList<>();
        Callable<AutoCloseable> first = () -> () -> closed.add("first");
        Callable<AutoCloseable> second = () -> () -> {
            sleep(ofSeconds(1));
            closed.add("second");
        };
        ManualEngine.run(() -> race(first, second));
        assertEquals(List.of("second"), closed);
    }

    @Test
    void resultThatComesSecondAndCannotBeClosedIsReportedAndTheFirstIsGiven() {
        List<String> reports = new ArrayList<>();
        Callable<Object> second = () -> (AutoCloseable) () -> {
            throw new IOException("disk");
        };
        Object won = Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> reports.add(what)),
                () -> race(() -> "first", second));
        assertEquals("first", won);
        assertEquals(List.of("the result of a body that came second in a race could not be closed"), reports);
    }

    @Test
    void cancelCancelsAllBodies() {
        ManualEngine.run(() -> {
            Callable<String> body = () -> {
                try {
                    sleep(ofHours(1));
                    return "never";
                } finally {
                    log.add("cancelled");
                }
            };
            assertFalse(moveOnAfter(ofSeconds(1), () -> {
                log.add(race(body, body));
            }));
        });
        assertEquals(List.of("cancelled", "cancelled"), log);
    }

    @Test
    void resultThatHasWonIsDeliveredAlthoughACancelComesWhileTheLosersCleanUp() {
        ManualEngine.run(() -> {
            assertFalse(moveOnAfter(ofSeconds(2), () -> {
                String won = race(
                        () -> {
                            sleep(ofSeconds(1));
                            return "connection";
                        },
                        () -> {
                            try {
                                sleep(ofHours(1));
                            } finally {
                                shield(() -> sleep(ofSeconds(5)));
                            }
                            return "never";
                        });
                log.add(won);
                Heddle.checkpoint();
                log.add("unreachable");
            }));
        });
        assertEquals(List.of("connection"), log);
    }

    @Test
    void everyBodyCancelledByItselfIsTold() {
        ManualEngine.run(() -> {
            Callable<String> suicidal = () -> {
                Heddle.currentTask().cancel("alone");
                Heddle.checkpoint();
                return "never";
            };
            assertThrows(TaskCancelledException.class, () -> race(suicidal, suicidal));
        });
    }

    @Test
    void raceOfNobodyIsRefused() {
        ManualEngine.run(() -> assertThrows(IllegalArgumentException.class, () -> race(List.<Callable<String>>of())));
    }

    private static Callable<String> failing(int seconds) {
        return () -> {
            sleep(ofSeconds(seconds));
            throw new IllegalStateException("after " + seconds);
        };
    }

    private static <T> T raceOf(Callable<T> first, Callable<T> second) {
        return race(List.of(first, second));
    }
}
