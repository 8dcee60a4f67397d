package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A report has ratios to its floor, targets that were missed, and the circumstances. */
final class ReportTest {

    private static final Workload NONE = () -> new double[1];

    private static Benchmark benchmark(Target target) {
        return new Benchmark(
                "thing",
                "Two do a thing",
                0,
                1,
                List.of(new Measure("a thing", "ns", target)),
                List.of(Side.peer("floor", () -> NONE), Side.peer("other", () -> NONE), Side.ours("ours", () -> NONE)));
    }

    private static String report(Target target) {
        return report(target, new Samples(100, 100, 100), new Samples(400, 400, 400),
                new Samples(130, 150, 140));
    }

    private static String report(Target target, Samples floor, Samples other, Samples ours) {
        List<List<Samples>> samples = List.of(List.of(floor), List.of(other), List.of(ours));
        return Report.of(Figure.of(new Outcome(benchmark(target), samples, List.of()), "in a test"));
    }

    @Test
    void ratioIsTakenToTheFirstSide() {
        String report = report(Target.none());
        assertTrue(report.contains("| floor | a thing, ns | 100 | 100 .. 100 | 1.00 |  |"), report);
        assertTrue(report.contains("| other | a thing, ns | 400 | 400 .. 400 | 4.00 |  |"), report);
        assertTrue(report.contains("| ours | a thing, ns | 140 | 130 .. 150 | 1.40 |  |"), report);
    }

    @Test
    void ratioIsThatOfTheRoundsSoAFastMinuteFavoursNobody() {
        String report = report(
                Target.atMostTimesFloor(1.25), new Samples(100, 60, 60), new Samples(100, 100, 60),
                new Samples(120, 120, 72));
        assertTrue(report.contains("| ours | a thing, ns | 120 | 72 .. 120 | 1.20 | met (<= 1.25 x floor) |"), report);
    }

    @Test
    void missedTargetIsSaidLoudlyAndOnlyOfOurs() {
        String report = report(Target.atMostTimesFloor(1.25));
        assertTrue(report.contains("1.40 | MISSED (<= 1.25 x floor) |"), report);
        assertTrue(report.contains("4.00 |  |"), report);
    }

    @Test
    void targetInTheUnitOfTheMeasureNeedsNoFloor() {
        assertTrue(report(Target.atMost(140)).contains("met (<= 140)"));
        assertTrue(report(Target.atMost(139)).contains("MISSED (<= 139)"));
    }

    @Test
    void floorThatShowsAsZeroHasNoRatio() {
        String report = report(Target.none(), new Samples(0.004), new Samples(1), new Samples(2));
        assertTrue(report.contains("| ours | a thing, ns | 2 | 2 .. 2 |  |  |"), report);
    }

    @Test
    void measureThatASideCannotTellHasNoRow() {
        String report = report(Target.none(), new Samples(1), new Samples(Double.NaN), new Samples(1));
        assertFalse(report.contains("| other |"), report);
    }

    @Test
    void sideThatFailedHasARowThatSaysSo() {
        Samples failed = new Samples(Workload.CANNOT);
        String report = report(Target.atMostTimesFloor(1.25), new Samples(100), failed, failed);
        assertTrue(report.contains("| other | a thing, ns | cannot |  |  |  |"), report);
        assertTrue(report.contains("| ours | a thing, ns | cannot |  |  | MISSED (<= 1.25 x floor) |"), report);
        assertTrue(report(Target.atMost(1), failed, failed, failed).contains("cannot |  |  | MISSED (<= 1) |"));
    }

    @Test
    void sideThatFailedInSomeRoundsHasTheNumbersOfTheOthers() {
        Samples floor = new Samples(100, 100, 100);
        String report = report(Target.none(), floor, floor, new Samples(200, Workload.CANNOT, 300));
        assertTrue(report.contains("| ours | a thing, ns | 250 | 200 .. 300, cannot in 1 of 3 | 2.50 |  |"), report);
    }

    @Test
    void floorThatFailedHasNoRatio() {
        String report = report(
                Target.atMostTimesFloor(1), new Samples(Workload.CANNOT), new Samples(1), new Samples(2));
        assertTrue(report.contains("| ours | a thing, ns | 2 | 2 .. 2 |  |  |"), report);
    }

    @Test
    void circumstancesStandBelowTheTable() {
        assertTrue(report(Target.none()).endsWith("\n\nin a test.\n"));
    }

    @Test
    void numbersShowAboutThreeDigits() {
        assertEquals("0.25", Report.number(0.25));
        assertEquals("3.14", Report.number(3.14159));
        assertEquals("31.4", Report.number(31.4159));
        assertEquals("314", Report.number(314.159));
        assertEquals("31,416", Report.number(31_415.9));
        assertEquals("2", Report.number(2));
    }
}
