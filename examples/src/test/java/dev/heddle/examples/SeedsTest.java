package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of the 131 Python programs of the documents has a program that answers it, a test that runs it, and a link. */
final class SeedsTest {

    private static final Path TABLES = Path.of("seeds");

    /** How many programs each document has. */
    private static final Map<String, Integer> PROGRAMS = Map.of("000", 43, "001", 34, "002", 11, "003", 25, "004", 18);

    /**
     * A line of a table: the number in its document, files and tests with commas between, the document's own heading,
     * and what it is in Chinese.
     */
    private record Seed(
            String document,
            String number,
            List<String> files,
            List<String> tests,
            String heading,
            String chinese) {

        static Seed of(String document, String line) {
            String[] cells = line.split("\t", -1);
            assertEquals(6, cells.length, () -> document + ": " + line);
            return new Seed(
                    document,
                    cells[0],
                    List.of(cells[2].split(", *")),
                    List.of(cells[3].split(", *")),
                    cells[4],
                    cells[5]);
        }

        @Override
        public String toString() {
            return document + " " + number;
        }
    }

    private static Stream<Seed> seeds() {
        return PROGRAMS.keySet().stream().sorted().flatMap(SeedsTest::seedsOf);
    }

    private static Stream<Seed> seedsOf(String document) {
        try {
            return Files.readAllLines(TABLES.resolve(document + ".tsv")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Seed.of(document, line));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachProgramHasALine() {
        PROGRAMS.forEach((document, count) -> assertEquals(
                IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList(),
                seedsOf(document).map(Seed::number).toList(),
                document));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itsProgramIsThereAndAPageOfTheGuideLinksIt(Seed seed) throws IOException {
        String guide = String.join("\n", Documents.withCode().stream().map(Documents::text).toList());
        for (String file : seed.files()) {
            assertTrue(Files.isRegularFile(Program.SOURCES.resolve(file)), file);
            assertTrue(guide.contains("/examples/src/main/java/" + file + ")"), () -> "no page links " + file);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void chineseTableHasItWithItsPrograms(Seed seed) {
        String begin = "| %s | %s | %s | ".formatted(seed.number(), seed.heading(), seed.chinese());
        assertTrue(
                Documents.text("docs/zh/programs.md")
                        .lines()
                        .anyMatch(line -> line.startsWith(begin)
                                && seed.files().stream().allMatch(file -> line.contains("/java/" + file + ")"))),
                () -> "run java build/SeedTable.java: no line has " + begin);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void testRunsIt(Seed seed) throws ClassNotFoundException {
        for (String test : seed.tests()) {
            String[] names = test.split("#");
            Class<?> type = Class.forName(getClass().getPackageName() + "." + names[0]);
            assertTrue(
                    Arrays.stream(type.getDeclaredMethods()).anyMatch(
                            method -> method.getName().equals(names[1])
                                    && method.getAnnotations().length > 0
                                    && !method.isAnnotationPresent(Disabled.class)),
                    test);
        }
    }
}
