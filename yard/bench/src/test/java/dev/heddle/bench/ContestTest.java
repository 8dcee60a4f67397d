package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs some benchmarks of the suite once, in real JVMs, to see that every side answers. */
@Tag("night")
final class ContestTest {

    @TempDir
    Path directory;

    @AfterEach
    void useUsualNumbers() {
        System.clearProperty("heddle.bench.quick");
    }

    private static void runsOnce(String name) {
        runsOnce(Suite.find(name));
    }

    private static void runsOnce(Benchmark whole) {
        // The floor's pace is that of its warm-up.
        Outcome outcome = Contest.run(whole.with(whole.pace() == Benchmark.Pace.FLOOR ? 1 : 0, 1));
        assertEquals(whole.sides().size(), outcome.samples().size() + outcome.absent().size());
        for (List<Samples> side : outcome.samples()) {
            assertEquals(whole.measures().size(), side.size());
            assertTrue(side.getFirst().median() > 0, () -> Report.of(Figure.of(outcome, "now")));
        }
    }

    /** A side that answers each round with the same words. */
    private static Side saying(String name, String answer) {
        return Side.command(name, List.of("sh", "-c", "while read round; do echo " + answer + "; done"));
    }

    private static Benchmark between(Side... sides) {
        return new Benchmark("thing", "Some do a thing", 1, 3, List.of(new Measure("a thing", "ns")), List.of(sides));
    }

    @Test
    void switchingRuns() {
        runsOnce("switch-wake");
    }

    @Test
    void spawningRuns() {
        runsOnce("spawn");
    }

    @Test
    void handingOverRuns() {
        runsOnce("channel");
    }

    static List<String> served() {
        return List.of("http-tls", "http-pipelined", "http-short", "http-2", "fetch", "http-websocket",
                "http-latency", "fetch-2");
    }

    /** By the floor and the first side of ours; the other servers have a test of their own. */
    @ParameterizedTest
    @MethodSource("served")
    void servingAndFetchingRun(String name) {
        Counts.useQuick();
        Benchmark whole = Suite.find(name);
        Side floor = whole.sides().getFirst();
        assumeTrue(floor.missing().isEmpty());
        runsOnce(whole.with(List.of(floor, whole.sides().stream().filter(Side::ours).findFirst().orElseThrow())));
    }

    @Test
    void sideWithoutTheModuleIsSeenByNobody() {
        Counts.useQuick();
        Benchmark whole = Suite.find("sight-pools");
        assumeTrue(whole.sides().getFirst().missing().isEmpty());
        Outcome outcome = Contest.run(whole.with(0, 1));
        List<Samples> absent = outcome.samples().getFirst();
        List<Samples> present = outcome.samples().getLast();
        assertTrue(absent.getFirst().median() > 0);
        assertTrue(Double.isNaN(absent.get(1).median()));
        assertTrue(present.get(1).median() > 0);
    }

    /** Each answers with how many rounds it has been asked for. */
    @Test
    void steadySideIsWarmedUpForThreeRounds() {
        Side counting = Side.command(
                "compiling", List.of("sh", "-c", "n=0; while read round; do n=$((n + 1)); echo $n; done"));
        Benchmark contest = between(counting, counting.named("steady").asSteady());
        Outcome outcome = Contest.run(contest.with(5, 1));
        assertEquals(6, outcome.samples().getFirst().getFirst().median());
        assertEquals(4, outcome.samples().getLast().getFirst().median());
        assertEquals(2, Contest.run(contest.with(1, 1)).samples().getLast().getFirst().median());
    }

    /** Else the first would do all of it while the others start on the same processors. */
    @Test
    void sidesTakeTurnsInTheWarmUpToo() throws Exception {
        Path turns = directory.resolve("turns");
        Side one = inEachRound("one", "echo one >> " + turns + "; echo 1").asSteady();
        Side other = inEachRound("other", "echo other >> " + turns + "; echo 1");
        Contest.run(between(one, other).with(4, 1));
        assertEquals(
                List.of("one", "other", "one", "other", "one", "other", "other", "one", "other"),
                Files.readAllLines(turns));
    }

    @Test
    void anyProgramThatAnswersRoundsMayTakePart() {
        Outcome outcome = Contest.run(between(saying("floor", "2.5"), saying("other", "5")));
        assertEquals(2.5, outcome.samples().getFirst().getFirst().median());
        assertEquals(5, outcome.samples().getLast().getFirst().median());
    }

    @Test
    void sideThatLacksSomethingIsLeftOutAndNamed() {
        Side absent = saying("other", "5").needing(new Need("apt-get install other", () -> false));
        Outcome outcome = Contest.run(between(saying("floor", "2.5"), absent));
        assertEquals(List.of("floor"), outcome.benchmark().sides().stream().map(Side::name).toList());
        assertEquals(List.of(absent), outcome.absent());
        String report = Report.of(Figure.of(outcome, "now"));
        assertTrue(report.contains("Without other, which needs: apt-get install other."), report);
    }

    @Test
    void withoutItsFloorABenchmarkIsRefused() {
        Side floor = saying("floor", "1").needing(new Need("apt-get install floor", () -> false));
        IllegalStateException failure = assertThrows(
                IllegalStateException.class, () -> Contest.run(between(floor, saying("other", "1"))));
        assertEquals("Without floor, which needs: apt-get install floor", failure.getMessage());
    }

    @Test
    void sideThatAnswersTooFewNumbersIsNamedInTheFailure() {
        IllegalStateException failure = assertThrows(
                IllegalStateException.class, () -> Contest.run(between(saying("floor", ""))));
        assertEquals("floor gave 0 numbers instead of 1", failure.getMessage());
    }

    @Test
    void sideThatEndsEarlyIsNamedInTheFailure() {
        Benchmark unknown = new Benchmark(
                "no-such-benchmark",
                "Nothing",
                0,
                1,
                List.of(new Measure("a thing", "ns")),
                List.of(Side.peer("the missing side", () -> () -> new double[1])));
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> Contest.run(unknown));
        assertEquals("the missing side gave no answer", failure.getMessage());
    }

    /**
     * A side that answers a warm-up, of which the line is no number, with some number, and a round with what it is
     * told.
     */
    private static Side echoing(String name, String inWarmUp) {
        String answer = "if [ $round = NaN ]; then echo " + inWarmUp + "; else echo $round; fi";
        return Side.command(name, List.of("sh", "-c", "while read round; do " + answer + "; done"));
    }

    @Test
    void eachRoundIsToldWhatTheSlowestDidInTheWarmUp() {
        Outcome outcome = Contest.run(between(echoing("floor", "30"), echoing("slow", "20"), echoing("quick", "50")));
        for (List<Samples> side : outcome.samples()) {
            assertEquals(20, side.getFirst().median());
        }
    }

    @Test
    void eachRoundIsToldWhatTheFloorDidWhereItGivesThePace() {
        Benchmark paced = between(echoing("floor", "30"), echoing("slow", "20"), echoing("quick", "50"))
                .atPaceOfFloor();
        for (List<Samples> side : Contest.run(paced.with(1, 1)).samples()) {
            assertEquals(30, side.getFirst().median());
        }
    }

    @Test
    void sideThatFailsInSomeRoundsStaysInTheContest() {
        Outcome outcome = Contest.run(between(saying("floor", "2.5"), saying("other", "Infinity")));
        assertEquals(3, outcome.samples().getLast().getFirst().failures());
        assertEquals(0, outcome.samples().getFirst().getFirst().failures());
    }

    /** A pipe with a name opens when there is one at its other end as well. */
    @Test
    void atOnceEachSideWorksWhileTheOtherDoes() throws Exception {
        assumeTrue(Need.find("taskset").isPresent());
        assertEquals(0, new ProcessBuilder("mkfifo", pipe("there"), pipe("back")).start().waitFor());
        String one = "echo > " + pipe("there") + "; read answer < " + pipe("back") + "; echo 1";
        String other = "read call < " + pipe("there") + "; echo > " + pipe("back") + "; echo 2";
        Outcome outcome = Contest.atOnce(between(inEachRound("one", one), inEachRound("other", other)).with(0, 2));
        assertEquals(1, outcome.samples().getFirst().getFirst().median());
        assertEquals(2, outcome.samples().getLast().getFirst().median());
    }

    private String pipe(String name) {
        return directory.resolve(name).toString();
    }

    private static Side inEachRound(String name, String commands) {
        return Side.command(name, List.of("sh", "-c", "while read round; do " + commands + "; done"));
    }
}
