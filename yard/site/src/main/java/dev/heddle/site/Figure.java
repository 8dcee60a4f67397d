package dev.heddle.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The figures of a benchmark, from a table whose cells have tabs between them.
 *
 * @param what what was done
 * @param measured when and where
 */
record Figure(String name, String what, String measured, List<Line> lines, String table) {

    private static final String OURS = "Heddle's";
    private static final Map<String, String> TITLES = Map.of(
            "index", "All figures", "losses", "Where Heddle loses", "goals", "How far ahead Heddle is to be");

    Figure {
        lines = List.copyOf(lines);
    }

    /** One measure of one side. */
    record Line(String side, boolean ours, String measure, String median, String ratio) {

        /** The ratio to the first side, as a number. */
        double times() {
            return Double.parseDouble(ratio.replace(",", ""));
        }

        boolean isDrawn() {
            return !ratio.isEmpty() && !ratio.equals("0.00");
        }
    }

    /** The cells behind the name of each benchmark. */
    static Map<String, List<String>> list(String text) {
        Map<String, List<String>> list = new HashMap<>();
        for (List<String> cells : cells(text)) {
            list.put(cells.getFirst(), cells.subList(1, cells.size()));
        }
        return list;
    }

    /**
     * The figure of a benchmark.
     *
     * @param told what the list says of it
     */
    static Figure of(String name, List<String> told, String text) {
        List<Line> lines = cells(text).stream().skip(1)
                .map(it -> new Line(it.get(0), it.get(1).equals(OURS), it.get(2), it.get(3), it.get(5)))
                .toList();
        return new Figure(name, told.getFirst(), told.getLast(), lines, text);
    }

    /** The page, with a place for the picture if there is one. */
    String markdown() {
        return "# " + name + "\n\n" + what + "\n\n" + (drawn().isEmpty() ? "" : "![Bars](" + name + ".svg)\n\n")
                + rows(cells(table)) + "\n" + measured + "\n";
    }

    /** The first measure as bars. */
    String picture() {
        return FigureChart.svg(name, drawn());
    }

    private List<Line> drawn() {
        return lines.stream().filter(line -> line.measure.equals(lines.getFirst().measure)).filter(Line::isDrawn)
                .toList();
    }

    /** A page of any table: the benchmarks in its first column are links. */
    static String table(String name, String text) {
        List<List<String>> linked = new ArrayList<>();
        for (List<String> cells : cells(text)) {
            String first = cells.getFirst();
            List<String> row = new ArrayList<>(cells);
            row.set(0, linked.isEmpty() ? first : "[" + first + "](" + first + ".tsv)");
            linked.add(row);
        }
        return "# " + TITLES.getOrDefault(name, name) + "\n\n" + rows(linked);
    }

    private static String rows(List<List<String>> cells) {
        String head = row(cells.getFirst()) + "|---".repeat(cells.getFirst().size()) + "|\n";
        return head + cells.stream().skip(1).map(Figure::row).collect(Collectors.joining());
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static List<List<String>> cells(String text) {
        return text.lines().map(line -> List.of(line.split("\t", -1))).toList();
    }
}
