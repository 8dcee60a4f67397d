package dev.heddle.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table in docs/reports/documents.md: what stands between two markers. A run replaces the rows that it measured and
 * keeps the others.
 */
final class OriginalsPage {

    static final String HEAD = """
            | row | what is done | programs | the document says | Python | Heddle | ratio |\
             first run: Python | first run: Heddle | quicker | why |
            |---|---|---|---|--:|--:|--:|--:|--:|---|---|
            """;

    private static final String EXAMPLES = "../../examples/src/main/java/";
    private static final double LEVEL_FROM = 0.9;
    private static final double LEVEL_TO = 1.1;
    private static final double MILLIS_PER_SECOND = 1e3;

    private OriginalsPage() {}

    /**
     * One line of the table.
     *
     * @param cold the first runs of Python and of Heddle, or none
     */
    static String row(Original original, double python, double heddle, List<Samples> cold) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | `%s`, [%s](%s.java) | %s | %s | %s | %.2f | %s | %s | %s | %s |%n",
                original.name(),
                original.what(),
                original.program(),
                Path.of(original.example()).getFileName(),
                EXAMPLES + original.example(),
                original.said(),
                time(python),
                time(heddle),
                heddle / python,
                cold.isEmpty() ? "" : time(cold.getFirst().median()),
                cold.isEmpty() ? "" : time(cold.getLast().median()),
                quicker(heddle / python),
                original.why());
    }

    private static String quicker(double ratio) {
        return ratio < LEVEL_FROM ? "Heddle" : ratio <= LEVEL_TO ? "level" : "Python";
    }

    /** In the unit that people would take. */
    private static String time(double millis) {
        if (millis >= MILLIS_PER_SECOND) {
            return Report.number(millis / MILLIS_PER_SECOND) + " s";
        }
        return millis >= 1 ? Report.number(millis) + " ms" : Report.number(millis * MILLIS_PER_SECOND) + " us";
    }

    /**
     * The page with a row put in.
     *
     * @param setting the versions that it was measured with, without a full stop
     * @param circumstances when it was and how busy the machine, without a full stop
     * @throws IllegalArgumentException if the page has no markers
     */
    static String with(String page, String row, String setting, String circumstances) {
        Map<String, String> rows = Document.written(page)
                .lines()
                .filter(line -> line.startsWith("| "))
                .collect(Collectors.toMap(OriginalsPage::name, Function.identity()));
        rows.put(name(row), row.strip());
        String table = Originals.ALL.stream()
                .map(Original::name)
                .filter(rows::containsKey)
                .map(name -> rows.get(name) + "\n")
                .collect(Collectors.joining());
        return Document.with(page, setting + ".\n\n" + HEAD + table + "\n" + circumstances + ".\n");
    }

    private static String name(String row) {
        return row.split(" ", 3)[1];
    }
}
