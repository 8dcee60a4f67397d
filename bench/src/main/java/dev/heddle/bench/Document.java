package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers in docs/performance.md: what stands between two markers. A run replaces the sections that it measured,
 * keeps the others, and derives the list of targets from all of them, so that no number is written by hand.
 */
final class Document {

    static final String FROM = "<!-- from here to the next marker: written by bench/run --write -->\n";
    static final String TO = "<!-- written by hand from here -->\n";
    private static final String HEADING = "### ";
    private static final String TARGETS = "Targets";
    private static final int CELLS = 7;

    private final Path file;

    Document(Path file) {
        this.file = file;
    }

    /**
     * Puts a section in.
     *
     * @param section what {@link Report} made
     * @param setting the versions that it was measured with, without a full stop
     * @param order the names of all benchmarks; sections of others go
     */
    void put(String section, String setting, List<String> order) throws IOException {
        Files.writeString(file, with(Files.readString(file), section, setting, order));
    }

    /**
     * @throws IllegalArgumentException if the document has no markers
     */
    static String with(String document, String section, String setting, List<String> order) {
        int from = document.indexOf(FROM) + FROM.length();
        int to = document.indexOf(TO);
        if (from < FROM.length() || to < from) {
            throw new IllegalArgumentException("the document lacks the markers " + FROM + TO);
        }
        Map<String, String> sections = sections(document.substring(from, to));
        sections.putAll(sections(section));
        StringBuilder all = new StringBuilder();
        for (String name : order) {
            all.append(sections.getOrDefault(name, ""));
        }
        return document.substring(0, from) + "\n" + setting + ".\n\n" + targets(all.toString()) + all
                + document.substring(to);
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
