package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.Gate.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The gate with a meter that says what it is told to. */
final class GateTest {

    private static final String HERE = "a processor";
    private static final String LINE = "switch-yield | Heddle checkpoint | CPU of a switch | bare Thread.yield | 1.100";
    private static final List<GateRow> ONE = List.of(new GateRow("switch-yield", "Heddle checkpoint", "CPU of a switch",
            "bare Thread.yield", 1.1));

    @TempDir
    Path directory;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final List<String> measured = new ArrayList<>();

    /** Each row as it is stored for the first processor that has it. */
    private static List<GateRow> rows() {
        try {
            GateFile file = GateFile.read(Home.GATE);
            List<List<GateRow>> columns = file.processors().stream().map(file::rows).toList();
            return IntStream.range(0, columns.getFirst().size())
                    .mapToObj(row -> columns.stream().map(column -> column.get(row)).filter(GateRow::isStored)
                            .findFirst().orElseThrow(() -> new AssertionError("row " + (row + 1) + " is not stored")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static IntStream numbers() {
        return IntStream.rangeClosed(1, rows().size());
    }

    /** All sides as they were when the ratios were stored, times a factor for each turn, or for each round of it. */
    private Function<Benchmark, Outcome> meter(List<GateRow> rows, double[]... factors) {
        return benchmark -> {
            double[] rounds = factors[Math.min(
                    (int) measured.stream().filter(benchmark.name()::equals).count(), factors.length - 1)];
            measured.add(benchmark.name());
            List<List<Samples>> samples = benchmark.sides().stream()
                    .map(side -> benchmark.measures().stream()
                            .map(measure -> samples(rounds, side.ours() ? stored(rows, benchmark, side, measure) : 1,
                                    side.ours(), benchmark.rounds()))
                            .toList())
                    .toList();
            return new Outcome(benchmark, samples, List.of());
        };
    }

    private static Samples samples(double[] factors, double stored, boolean ours, int rounds) {
        return new Samples(IntStream.range(0, rounds)
                .mapToDouble(round -> ours ? stored * factors[round % factors.length] : 1)
                .toArray());
    }

    private static double stored(List<GateRow> rows, Benchmark benchmark, Side side, Measure measure) {
        return rows.stream()
                .filter(row -> row.benchmark().equals(benchmark.name()) && row.side().equals(side.name())
                        && row.measure().equals(measure.name()) && row.isStored())
                .mapToDouble(GateRow::ratio)
                .findFirst()
                .orElse(1);
    }

    private Gate gate(List<GateRow> rows, Map<Integer, Double> planted, double... factors) {
        return gate(rows, Set.of(), planted,
                Arrays.stream(factors).mapToObj(factor -> new double[]{factor}).toArray(double[][]::new));
    }

    private Gate gate(List<GateRow> rows, Set<String> benchmarks, Map<Integer, Double> planted, double[]... factors) {
        return new Gate(rows, meter(rows, factors), benchmarks, planted,
                new PrintStream(told, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachRowIsOfSomethingThatIsMeasured() {
        assertTrue(rows().size() >= 24);
        rows().forEach(row -> assertTrue(row.known().sides().getLast().ours(), row.toString()));
    }

    @Test
    void whatIsAsItWasIsGreenAndMeasuredOnce() {
        assertEquals(Verdict.GREEN, gate(rows(), Map.of(), 1).judge(), told());
        assertEquals(rows().stream().map(GateRow::benchmark).distinct().count(), measured.size());
        assertTrue(told().contains("\ngate: green, " + rows().size() + " rows, in 0 min 0 s\n"), told());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void lossOfAFifthInAnyRowIsRedAndNamed(int row) {
        assertEquals(Verdict.RED, gate(rows(), Map.of(row, 0.2), 1).judge());
        assertTrue(told().contains(rows().get(row - 1) + "  (2 tries)  SLOWER"), told());
        assertTrue(told().contains("\ngate: RED, 1 of " + rows().size() + " rows, in "), told());
    }

    @Test
    void noiseOfOneRunIsMeasuredAgainAndForgotten() {
        assertEquals(Verdict.GREEN, gate(ONE, Map.of(), 1.3, 1, 1).judge());
        assertEquals(3, measured.size());
        assertTrue(told().contains("(3 tries)"), told());
    }

    @Test
    void lossThatStaysIsRedAtTheSecondTry() {
        assertEquals(Verdict.RED, gate(ONE, Map.of(), 1.3, 1.24).judge());
        assertEquals(2, measured.size());
        assertTrue(told().contains("1.397     +27%"), told());
    }

    @ParameterizedTest
    @CsvSource({"1.09, GREEN", "1.1, RED"})
    void halfALossTakesSixTriesAndGoesToTheNearerSide(double factor, Verdict verdict) {
        assertEquals(verdict, gate(ONE, Map.of(), factor).judge());
        assertEquals(6, measured.size());
    }

    @Test
    void wildRoundsOfATryDoNotCount() {
        assertEquals(Verdict.GREEN, gate(ONE, Set.of(), Map.of(), new double[]{1, 40, 1, 0.1, 1}).judge());
        assertEquals(List.of("switch-yield"), measured);
        assertTrue(told().contains("1.100     1.100      +0%"), told());
    }

    @Test
    void withoutAPeerThereIsNoVerdict() {
        var gate = new Gate(ONE, benchmark -> new Outcome(benchmark, List.of(), List.of(benchmark.sides().getFirst())),
                Set.of(), Map.of(), new PrintStream(told, true, StandardCharsets.UTF_8));
        var e = assertThrows(IllegalStateException.class, gate::judge);
        assertTrue(e.getMessage().contains("bare Thread.yield"), e.getMessage());
    }

    @Test
    void rowsOfSomeBenchmarksAlone() {
        assertEquals(Verdict.GREEN, gate(rows(), Set.of("parked", "echo"), Map.of(1, 0.5), new double[]{1}).judge());
        assertEquals(List.of("parked", "echo"), measured);
        assertTrue(told().contains("\ngate: green, 4 rows, in "), told());
        List<GateRow> fresh = gate(rows(), Set.of("echo"), Map.of(), new double[]{2}).measured();
        assertEquals(rows().size(), fresh.size());
        for (int i = 0; i < fresh.size(); i++) {
            assertEquals(rows().get(i).ratio() * (fresh.get(i).benchmark().equals("echo") ? 2 : 1),
                    fresh.get(i).ratio(), 1e-9);
        }
    }

    @Test
    void lossThatIsPlantedInAllRowsIsRedInAll() {
        int all = rows().size();
        assertEquals(Verdict.RED, gate(rows(), Gate.planted("all=20", all), 1).judge());
        assertTrue(told().contains("\ngate: RED, " + all + " of " + all + " rows, in "), told());
    }

    @Test
    void plantedLossHidesWhereARowIsBetterThanStoredAndTheGateSaysSo() {
        assertEquals(Verdict.BLIND, gate(ONE, Map.of(1, 0.2), 0.85).judge());
        assertTrue(told().contains("BETTER"), told());
        assertTrue(told().contains("\nrow 1: better than stored, "), told());
        assertTrue(told().contains("yard/bench/run --gate --store switch-yield\n"), told());
        assertTrue(told().contains("\ngate: BLIND, the planted loss was not seen in row 1, in "), told());
    }

    @Test
    void redSaysWhatToDo() {
        assertEquals(Verdict.RED, gate(ONE, Map.of(), 1.3).judge());
        assertTrue(told().contains("\nrow 1: slower. "), told());
        assertTrue(told().contains("yard/bench/compare OTHER 5 switch-yield\n"), told());
    }

    private GateFile file(String... lines) throws IOException {
        return GateFile.read(Files.write(directory.resolve("gate.txt"), List.of(lines)));
    }

    private String stored() throws IOException {
        return Files.readString(directory.resolve("gate.txt"));
    }

    @Test
    void lineIsReadAsItIsWritten() throws IOException {
        GateFile file = file("processors | " + HERE, LINE);
        assertEquals(ONE, file.rows(HERE));
        file.store(HERE, file.rows(HERE));
        assertEquals("processors | " + HERE + "\n" + LINE + "\n", stored());
    }

    @Test
    void eachProcessorHasItsColumn() throws IOException {
        GateFile file = file("processors | other | " + HERE, LINE.replace("1.100", "3.000 | 1.100"));
        assertEquals(ONE, file.rows(HERE));
        assertEquals(3, file.rows("other").getFirst().ratio());
        assertFalse(file.rows("a third").getFirst().isStored());

        file.store("a third", List.of(ONE.getFirst().withRatio(2)));
        assertEquals("processors | other | " + HERE + " | a third\n" + LINE.replace("1.100", "3.000 | 1.100 | 2.000")
                + "\n", stored());
    }

    @Test
    void rowThatIsNotStoredIsTold() throws IOException {
        String second = LINE.replace("switch-yield", "spawn").replace("Heddle checkpoint", "Heddle spawn and join")
                .replace("CPU of a switch", "CPU of a life").replace("bare Thread.yield", "bare start and join");
        GateFile file = file("processors | other", LINE, second);
        file.store(HERE, List.of(ONE.getFirst(), file.rows(HERE).getLast()));
        assertEquals("processors | other | " + HERE + "\n" + LINE.replace("1.100", "1.100 | 1.100") + "\n"
                + second.replace("1.100", "1.100 | -") + "\n", stored());

        List<GateRow> rows = GateFile.read(directory.resolve("gate.txt")).rows(HERE);
        assertEquals(Verdict.GREEN, gate(rows, Map.of(), 1).judge());
        assertTrue(told().contains(
                "\nnothing is stored for row 2 on this processor; before a change: yard/bench/run --gate --store spawn\n"
                        + "gate: green, 1 rows, in "),
                told());
        assertEquals(Verdict.BLIND, gate(rows, Gate.planted("all=20", 2), 1).judge());
        assertTrue(told().contains("\ngate: BLIND, the planted loss was not seen in row 2, in "), told());
        assertThrows(IllegalStateException.class,
                () -> gate(rows, Set.of("spawn"), Map.of(), new double[]{1}).judge());
        var all = assertThrows(IllegalStateException.class, () -> gate(file.rows("a third"), Map.of(), 1).judge());
        assertEquals(
                "nothing is stored for rows 1, 2 on this processor; before a change: yard/bench/run --gate --store",
                all.getMessage());
        assertFalse(measured.contains("spawn"), measured.toString());
    }

    @Test
    void wrongLinesSayWhatIsWrong() throws IOException {
        for (String wrong : List.of("switch-yield | Heddle checkpoint", LINE.replace("1.1", "x"),
                LINE.replace("CPU of", "cost of"), LINE.replace("checkpoint", "nobody"))) {
            GateFile file = file("processors | " + HERE, wrong);
            assertThrows(IllegalArgumentException.class, () -> file.rows(HERE), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> file(LINE));
    }

    @Test
    void plantIsForARowOrAll() {
        assertEquals(Map.of(2, 0.2), Gate.planted("2=20", 3));
        assertEquals(Map.of(1, 0.05, 2, 0.05), Gate.planted("all=5", 2));
        for (String wrong : List.of("", "2", "4=20", "0=20", "a=20", "1=x", "1=2=3")) {
            assertThrows(IllegalArgumentException.class, () -> Gate.planted(wrong, 3), wrong);
        }
    }

    @Test
    void storeKeepsTheComments() throws IOException {
        GateFile file = file("# why", "processors | " + HERE, "", LINE);
        file.store(HERE, gate(file.rows(HERE), Map.of(), 2).measured());
        assertEquals("# why\nprocessors | " + HERE + "\n\n" + LINE.replace("1.100", "2.200") + "\n", stored());
    }

    @Test
    void whatIsMeasuredForTheFirstTimeIsToldWithoutAChange() {
        gate(List.of(ONE.getFirst().withRatio(Double.NaN)), Map.of(), 2).measured();
        assertTrue(told().contains("  2.000           switch-yield: "), told());
    }

    @Test
    void whatIsStoredIsTheMedianOfFiveTries() {
        List<GateRow> fresh = gate(ONE, Map.of(), 1.4, 1.1, 1.2, 1.3, 1.0).measured();
        assertEquals(5, measured.size());
        assertEquals(1.32, fresh.getFirst().ratio(), 1e-9);
    }
}
