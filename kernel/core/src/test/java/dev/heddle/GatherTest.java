package dev.heddle;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Results come in the order of the arguments, and the first failure cancels the rest. */
final class GatherTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void resultsAreInTheOrderOfTheArgumentsNotOfTheEnds() {
        ManualEngine.run(() -> {
            assertEquals(
                    List.of("slow", "fast", "medium"),
                    gather(after(ofSeconds(3), "slow"), after(ofSeconds(1), "fast"), after(ofSeconds(2), "medium")));
            assertEquals(ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void nothingToGatherGivesAnEmptyListAtOnce() {
        ManualEngine.run(() -> assertEquals(List.of(), gather(List.<Callable<String>>of())));
    }

    @Test
    void resultMayBeNull() {
        ManualEngine.run(() -> assertEquals(
                Arrays.asList(null, "result"), gather(Arrays.<Callable<String>>asList(() -> null, () -> "result"))));
    }

    @Test
    void bodyGivenTwiceRunsTwice() {
        ManualEngine.run(() -> {
            Callable<Integer> body = () -> {
                log.add("run");
                return log.size();
            };
            assertEquals(List.of(1, 2), gather(body, body));
        });
    }

    @Test
    void bodiesWithoutResultsAreAwaited() {
        ManualEngine.run(() -> {
            gather(() -> sleep(ofSeconds(1)), () -> log.add("second"), () -> sleep(ofSeconds(2)));
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        });
        assertEquals(List.of("second"), log);
    }

    @Test
    void firstFailureCancelsTheOthers() {
        ManualEngine.run(() -> {
            GroupException grouped = assertThrows(GroupException.class, () -> gather(
                    () -> sleep(ofHours(1)), () -> {
                        sleep(ofSeconds(1));
                        throw new IllegalArgumentException("bad");
                    }));
            assertEquals(IllegalArgumentException.class, grouped.getCause().getClass());
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelCancelsAllBodies() {
        ManualEngine.run(() -> {
            Action body = () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    log.add("cancelled");
                }
            };
            assertFalse(moveOnAfter(ofSeconds(1), () -> gather(body, body, body)));
        });
        assertEquals(List.of("cancelled", "cancelled", "cancelled"), log);
    }

    @Test
    void bodyThatIsCancelledAloneHasNoResultToGive() {
        ManualEngine.run(() -> {
            TaskCancelledException told = assertThrows(TaskCancelledException.class, () -> gather(
                    after(ofSeconds(1), "result"),
                    () -> {
                        Heddle.currentTask().cancel("alone");
                        Heddle.checkpoint();
                        return "never";
                    }));
            assertEquals(true, told.getMessage().contains("alone"));
        });
    }

    @Test
    void missingBodyStartsNothing() {
        ManualEngine.run(() -> {
            Callable<String> started = () -> {
                log.add("started");
                return "result";
            };
            assertThrows(NullPointerException.class, () -> gather(started, null));
            assertThrows(NullPointerException.class, () -> gather(Arrays.asList(started, null)));
        });
        assertEquals(List.of(), log);
    }

    private static Callable<String> after(Duration delay, String result) {
        return () -> {
            sleep(delay);
            return result;
        };
    }
}
