package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The file of what is stored for the gate: a line that names the processors, and one for each row with its ratio on each
 * of them, since what two sides cost differs by up to two fifths from one processor to another. Lines that begin with #
 * and empty ones are for people.
 */
final class GateFile {

    private static final String SEPARATOR = " | ";
    private static final String HEAD = "processors";
    private static final String NOT_STORED = "-";

    private final Path path;
    private final List<String> lines;

    private GateFile(Path path, List<String> lines) {
        this.path = path;
        this.lines = lines;
    }

    /** @throws IllegalArgumentException if it does not name the processors */
    static GateFile read(Path path) throws IOException {
        var file = new GateFile(path, Files.readAllLines(path));
        file.processors();
        return file;
    }

    /** Those for which something is stored. */
    List<String> processors() {
        return lines.stream()
                .filter(GateFile::isHead)
                .map(GateFile::cells)
                .findFirst()
                .map(cells -> cells.subList(1, cells.size()))
                .orElseThrow(() -> new IllegalArgumentException(path + " has no line of its " + HEAD));
    }

    /**
     * The rows, with what is stored for a processor.
     *
     * @throws IllegalArgumentException if a line is none, or of something that is not measured
     */
    List<GateRow> rows(String processor) {
        int column = processors().indexOf(processor);
        return lines.stream().filter(GateFile::isRow).map(line -> row(line, column)).toList();
    }

    private static GateRow row(String line, int column) {
        List<String> cells = cells(line);
        if (cells.size() < GateRow.CELLS) {
            throw new IllegalArgumentException("not 'benchmark | side | measure | beside | ratio...': " + line);
        }
        GateRow row = GateRow.parse(cells.subList(0, GateRow.CELLS));
        int at = GateRow.CELLS + column;
        if (column < 0 || at >= cells.size() || cells.get(at).equals(NOT_STORED)) {
            return row;
        }
        try {
            return row.withRatio(Double.parseDouble(cells.get(at)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number, in: " + line, e);
        }
    }

    /** Puts the ratios of rows into the column of a processor, a new one if there is none yet; the rest stays. */
    void store(String processor, List<GateRow> rows) throws IOException {
        var names = new ArrayList<>(processors());
        int column = names.contains(processor) ? names.indexOf(processor) : names.size();
        var fresh = new ArrayList<>(rows);
        List<String> stored = new ArrayList<>();
        for (String line : lines) {
            if (isHead(line)) {
                stored.add(with(line, column + 1, processor));
            } else if (isRow(line)) {
                GateRow row = fresh.removeFirst();
                String ratio = row.isStored() ? String.format(Locale.ROOT, "%.3f", row.ratio()) : NOT_STORED;
                stored.add(with(line, GateRow.CELLS + column, ratio));
            } else {
                stored.add(line);
            }
        }
        Files.write(path, stored);
    }

    private static String with(String line, int at, String cell) {
        var cells = new ArrayList<>(cells(line));
        while (cells.size() <= at) {
            cells.add(NOT_STORED);
        }
        cells.set(at, cell);
        return String.join(SEPARATOR, cells);
    }

    private static List<String> cells(String line) {
        return List.of(line.strip().split(" *[|] *", -1));
    }

    private static boolean isHead(String line) {
        return line.startsWith(HEAD + " ");
    }

    private static boolean isRow(String line) {
        return !isComment(line) && !isHead(line);
    }

    /** Whether a line of this file, or of another that is kept so, is for people. */
    static boolean isComment(String line) {
        return line.isBlank() || line.startsWith("#");
    }
}
