package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.bench.Goals.Goal;
import dev.heddle.bench.Losses.Reason;
import dev.heddle.bench.Losses.Row;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of goals, made from rows of tables. */
final class GoalsTest {

    private static final Losses LOSSES = new Losses(List.of(new Reason("race", "CPU", "it is slow")));
    private static final List<Row> ROWS = List.of(
            row("a", "CPU, ns", "100", "1.00", false), row("b", "CPU, ns", "80", "0.80", false),
            row("ours", "CPU, ns", "90", "0.90", true), row("ours too", "CPU, ns", "70", "0.60", true),
            row("a", "lives, /s", "100", "1.00", false), row("ours", "lives, /s", "120", "1.10", true));

    private static Row row(String side, String measure, String number, String ratio, boolean ours) {
        return new Row("race", side, measure, number, ratio, "", ours);
    }

    private static List<String> lines(Goal... goals) {
        return new Goals(List.of(goals), LOSSES).table(ROWS).lines().skip(1)
                .map(line -> "| " + line.replace("\t", " | ") + " |").toList();
    }

    private static Goal goal(String side, String measure, String beside, double limit) {
        return new Goal("race", side, measure, beside, limit);
    }

    @Test
    void sideStandsBesideTheOneThatIsNamed() {
        assertEquals(List.of("| race | CPU, ns | ours: 90 | a: 100 | 0.90 | 0.90 | met |  |"),
                lines(goal("ours", "CPU", "a", 0.9)));
    }

    @Test
    void goalThatIsMissedHasItsReason() {
        assertEquals(List.of("| race | CPU, ns | ours: 90 | a: 100 | 0.90 | 0.89 | MISSED | it is slow |"),
                lines(goal("ours", "CPU", "a", 0.89)));
    }

    @Test
    void starIsTheBest() {
        assertEquals(List.of("| race | CPU, ns | ours too: 70 | b: 80 | 0.75 | 1 | met |  |"),
                lines(goal("*", "CPU", "*", 1)));
    }

    @Test
    void numberAloneIsHeldAgainstTheLimit() {
        assertEquals(List.of("| race | CPU, ns | ours: 90 |  |  | 80 | MISSED | it is slow |"),
                lines(goal("ours", "CPU", "", 80)));
        assertEquals(List.of("| race | CPU, ns | ours: 90 |  |  | 90 | met |  |"), lines(goal("ours", "CPU", "", 90)));
    }

    @Test
    void moreIsBetterWhereThingsAreCountedInASecond() {
        assertEquals(List.of("| race | lives, /s | ours: 120 | a: 100 | 1.10 | 1 | met |  |"),
                lines(goal("ours", "lives", "a", 1)));
        assertEquals(
                List.of("| race | lives, /s | ours: 120 | a: 100 | 1.10 | 1.20 | MISSED | not explained yet |"),
                lines(goal("ours", "lives", "a", 1.2)));
    }

    @Test
    void whatIsNotMeasuredYetIsLeftOut() {
        assertEquals(List.of(), lines(
                goal("ours", "memory", "", 1), goal("theirs", "CPU", "a", 1), goal("ours", "CPU", "c", 1),
                new Goal("walk", "ours", "CPU", "a", 1)));
    }

    @Test
    void summaryTellsHowManyAreMet() {
        assertEquals("1 of 2", new Goals(List.of(goal("ours", "CPU", "a", 0.9), goal("ours", "CPU", "b", 0.9)), LOSSES)
                .summary(ROWS));
    }

    @Test
    void fileOfGoalsIsOfWhatIsMeasured() throws IOException {
        assertFalse(Goals.goals(Home.GOALS).isEmpty());
    }

    @Test
    void lineOfWhatIsNotMeasuredIsRefused() {
        for (String line : List.of(
                "switch-yield | Heddle checkpoint | CPU of a switch | 1.05",
                "switch-yield | Heddle checkpoint | CPU of a switch | bare Thread.yield | much",
                "switch-yield | Heddle checkpoint | CPU of a jump | bare Thread.yield | 1.05",
                "switch-yield | Heddle | CPU of a switch | bare Thread.yield | 1.05",
                "switch-yield | Heddle checkpoint | CPU of a switch | bare | 1.05",
                "jump | Heddle checkpoint | CPU of a switch | bare Thread.yield | 1.05")) {
            assertThrows(IllegalArgumentException.class, () -> Goal.parse(line), line);
        }
    }
}
