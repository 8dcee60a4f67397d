package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The numbers in docs/performance.md: what stands between two markers. A run replaces the sections that it measured,
 * keeps the others, and derives from all of them the losses, the goals and the targets, and a picture for each, so that no
 * number is written by hand.
 */
final class Document {

    static final String FROM = "<!-- from here to the next marker: written by yard/bench/run --write -->\n";
    static final String TO = "<!-- written by hand from here -->\n";
    private static final String HEADING = "### ";
    private static final String PICTURE = "![Bars for ";
    private static final String TARGETS = "Targets";
    private static final int CELLS = 7;

    private final Path file;

    Document(Path file) {
        this.file = file;
    }

    /**
     * Puts a section in, and draws all pictures anew.
     *
     * @param section what {@link Report} made; empty to make what follows from the numbers that are there
     * @param setting the versions that it was measured with, without a full stop; empty to keep those that are there
     * @param order the names of all benchmarks; sections of others go
     */
    void put(String section, String setting, List<String> order) throws IOException {
        String text = with(Files.readString(file), section, setting, order, new Losses(Losses.reasons(Home.LOSSES)),
                Goals.goals(Home.GOALS));
        Files.writeString(file, text);
        Files.createDirectories(Home.PICTURES);
        for (String name : order) {
            List<Losses.Row> rows = drawn(rows(sections(numbers(text)).getOrDefault(name, "")));
            if (!rows.isEmpty()) {
                Files.writeString(Home.PICTURES.resolve(name + ".svg"), Chart.svg(rows));
            }
        }
    }

    /**
     * The document with a section put in.
     *
     * @throws IllegalArgumentException if the document has no markers
     */
    static String with(String document, String section, String setting, List<String> order,
            Losses losses, List<Goals.Goal> goals) {
        int from = document.indexOf(FROM) + FROM.length();
        int to = document.indexOf(TO);
        String numbers = numbers(document);
        Map<String, String> sections = sections(numbers);
        String versions = setting.isEmpty() ? numbers.split("\n" + HEADING, 2)[0].strip() : setting + ".";
        sections.putAll(sections(section));
        StringBuilder all = new StringBuilder();
        for (String name : order) {
            all.append(illustrated(name, sections.getOrDefault(name, "")));
        }
        List<Losses.Row> rows = rows(all.toString());
        return document.substring(0, from) + "\n" + versions + "\n\n"
                + losses.section(rows) + new Goals(goals, losses).section(rows) + targets(all.toString()) + all
                + document.substring(to);
    }

    private static String numbers(String document) {
        int from = document.indexOf(FROM) + FROM.length();
        int to = document.indexOf(TO);
        if (from < FROM.length() || to < from) {
            throw new IllegalArgumentException("the document lacks the markers " + FROM + TO);
        }
        return document.substring(from, to);
    }

    /** A section with its picture, if there is something to draw. */
    private static String illustrated(String name, String section) {
        if (section.isEmpty()) {
            return "";
        }
        String bare = section.lines().filter(line -> !line.startsWith(PICTURE)).collect(Collectors.joining("\n"))
                .strip();
        return drawn(rows(bare)).isEmpty()
                ? bare + "\n\n"
                : bare + "\n\n" + PICTURE + name + "](performance/" + name + ".svg)\n\n";
    }

    /** The rows of the first measure that have a ratio above zero. */
    private static List<Losses.Row> drawn(List<Losses.Row> rows) {
        return rows.stream()
                .filter(row -> row.measure().equals(rows.getFirst().measure()))
                .filter(row -> !row.ratio().isEmpty() && !row.ratio().equals("0.00"))
                .toList();
    }

    private static List<Losses.Row> rows(String sections) {
        List<Losses.Row> rows = new ArrayList<>();
        String benchmark = "";
        for (String line : sections.split("\n", -1)) {
            if (line.startsWith(HEADING)) {
                benchmark = line.substring(HEADING.length());
            }
            String[] cells = line.split("\\|", -1);
            if (cells.length > CELLS && cells[3].strip().matches("[0-9,.]+")) {
                rows.add(new Losses.Row(benchmark, cells[1].strip(), cells[2].strip(), cells[3].strip(),
                        cells[5].strip(),
                        cells[6].strip(), Suite.isOurs(benchmark, cells[1].strip())));
            }
        }
        return rows;
    }

    /** The sections by name, each with an empty line at its end. */
    private static Map<String, String> sections(String text) {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] parts = ("\n" + text).split("\n" + HEADING, -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i];
            sections.put(part.substring(0, part.indexOf('\n')), HEADING + part.strip() + "\n\n");
        }
        return sections;
    }

    /** All rows that have a verdict. */
    private static String targets(String sections) {
        StringBuilder text = new StringBuilder(HEADING + TARGETS + "\n\n");
        text.append("| benchmark | side | measure | median | ratio | target |\n|---|---|---|--:|--:|---|\n");
        String benchmark = "";
        for (String line : sections.split("\n", -1)) {
            if (line.startsWith(HEADING)) {
                benchmark = line.substring(HEADING.length());
            }
            String[] cells = line.split("\\|", -1);
            if (cells.length > CELLS && (cells[6].startsWith(" met") || cells[6].startsWith(" MISSED"))) {
                text.append("| ").append(benchmark).append(" |").append(String.join("|", cells[1], cells[2], cells[3]));
                text.append('|').append(cells[5]).append('|').append(cells[6]).append("|\n");
            }
        }
        return text.append('\n').toString();
    }
}
