package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.Losses.Reason;
import dev.heddle.bench.Losses.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of what is lost, made from rows of tables. */
final class LossesTest {

    private static Row row(String side, String measure, String number, boolean ours) {
        return new Row("race", side, measure, number, "", "", ours);
    }

    private static String losses(Row... rows) {
        return new Losses(List.of(new Reason("ra*", "CPU", "it is slow"), new Reason("alone", "", "no contest")))
                .table(List.of(rows));
    }

    private static List<String> lines(Row... rows) {
        return losses(rows).lines().skip(1).map(line -> "| " + line.replace("\t", " | ") + " |").toList();
    }

    @Test
    void bestOfOursStandsBesideTheBestOfTheOthers() {
        assertEquals(List.of("| race | CPU, ns | ours: 1,030 | b: 1,000 | 1.03 | it is slow |"), lines(
                row("a", "CPU, ns", "1,200", false), row("b", "CPU, ns", "1,000", false),
                row("ours", "CPU, ns", "1,030", true), row("ours too", "CPU, ns", "1,040", true)));
    }

    @Test
    void ratiosOfTheRoundsCountMoreThanMedians() {
        var floor = new Row("race", "a", "CPU, ns", "100", "1.00", "", false);
        var fastMinute = new Row("race", "b", "CPU, ns", "80", "1.02", "", false);
        assertEquals(List.of(), lines(floor, fastMinute, new Row("race", "ours", "CPU, ns", "99", "0.97", "", true)));
        assertEquals(List.of("| race | CPU, ns | ours: 90 | a: 100 | 1.10 | it is slow |"),
                lines(floor, fastMinute, new Row("race", "ours", "CPU, ns", "90", "1.10", "", true)));
    }

    @Test
    void rowFarBehindTheOthersDoesNotTakeTheirRatiosAway() {
        var slow = new Row("race", "slow", "requests, /s", "10", "0.10", "", false);
        var floor = new Row("race", "a", "requests, /s", "100", "1.00", "", false);
        var slowMinute = new Row("race", "ours", "requests, /s", "80", "1.05", "", true);
        assertEquals(List.of(), lines(floor, slow, slowMinute));
    }

    @Test
    void winsAndNoiseAreNotListed() {
        assertEquals(List.of(), lines(row("a", "CPU, ns", "100", false), row("ours", "CPU, ns", "102", true)));
        assertEquals(List.of(), lines(row("a", "CPU, ns", "100", false), row("ours", "CPU, ns", "50", true)));
    }

    @Test
    void moreIsBetterWhereThingsAreCountedInASecond() {
        assertEquals(1, lines(row("a", "requests, /s", "100", false), row("ours", "requests, /s", "90", true)).size());
        assertEquals(0, lines(row("a", "requests, /s", "100", false), row("ours", "requests, /s", "110", true)).size());
    }

    @Test
    void lossWithoutAReasonSaysSo() {
        assertTrue(
                losses(row("a", "bytes", "1", false), row("ours", "bytes", "2", true)).contains("not explained yet"));
    }

    @Test
    void timeIsNotListedBesideTheCpuThatIsLost() {
        assertEquals(1, lines(row("a", "CPU, ns", "1", false), row("ours", "CPU, ns", "2", true),
                row("a", "time, ns", "1", false), row("ours", "time, ns", "2", true)).size());
        assertEquals(1, lines(row("a", "CPU, ns", "1", false), row("ours", "CPU, ns", "1", true),
                row("a", "time, ns", "1", false), row("ours", "time, ns", "2", true)).size());
    }

    @Test
    void whatASecondHasIsNotListedBesideTheCpuThatIsLostInTheSameCase() {
        assertEquals(List.of("CPU of one, server only, large, us", "ones, small, /s"), lines(
                row("a", "CPU of one, server only, large, us", "1", false),
                row("ours", "CPU of one, server only, large, us", "2", true),
                row("a", "ones, large, /s", "9", false), row("ours", "ones, large, /s", "5", true),
                row("a", "ones, small, /s", "9", false), row("ours", "ones, small, /s", "5", true)).stream()
                .map(line -> line.split(" [|] ")[1])
                .toList());
    }

    @Test
    void missedTargetIsListedThoughNobodyIsBetter() {
        var missed = new Row("race", "ours", "CPU, ns", "9", "", "MISSED (<= 8)", true);
        assertEquals(List.of("| race | CPU, ns | ours: 9 |  |  | MISSED (<= 8). it is slow |"),
                lines(row("a", "CPU, ns", "10", false), missed));
    }

    @Test
    void whatIsNoContestIsLeftOut() {
        assertEquals(List.of(), lines(
                new Row("alone", "a", "CPU, ns", "1", "", "", false),
                new Row("alone", "b", "CPU, ns", "2", "", "", true)));
    }

    @Test
    void fileOfReasonsIsReadAndWhatIsWrongInItNamed(@TempDir Path directory) throws IOException {
        assertFalse(Losses.reasons(Home.LOSSES).isEmpty());
        Path file = Files.writeString(directory.resolve("losses.txt"), "# why\nrace | CPU\n");
        assertTrue(assertThrows(IOException.class, () -> Losses.reasons(file)).getMessage().contains("race | CPU"));
    }
}
