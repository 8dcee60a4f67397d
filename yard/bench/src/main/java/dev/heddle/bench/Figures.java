package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The figures of all benchmarks, in a directory: a table for each, a list of them, and what follows from them for losses
 * and goals. A run replaces the tables that it measured and keeps the others, so that no number is written by hand.
 */
final class Figures {

    private static final String LIST = "index.tsv";
    private static final String LIST_HEAD = "benchmark\twhat is done\tmeasured";
    private static final String VERSIONS = "versions.txt";
    private static final String TABLE = ".tsv";

    private final String versions;
    private final Map<String, Figure> all;

    private Figures(String versions, Map<String, Figure> all) {
        this.versions = versions;
        this.all = all;
    }

    /** Without any. */
    static Figures none() {
        return new Figures("", Map.of());
    }

    /**
     * Reads a directory.
     *
     * @throws IllegalArgumentException if a file of it is no table of figures
     */
    static Figures read(Path directory) throws IOException {
        Map<String, Figure> all = new LinkedHashMap<>();
        for (String line : Files.readAllLines(directory.resolve(LIST)).stream().skip(1).toList()) {
            String[] cells = line.split("\t", -1);
            String table = Files.readString(directory.resolve(cells[0] + TABLE));
            all.put(cells[0], Figure.parse(cells[0], cells[1], cells[2], table));
        }
        return new Figures(Files.readString(directory.resolve(VERSIONS)).strip(), all);
    }

    /**
     * These with one more, which replaces the one of its name.
     *
     * @param setting the versions that it was measured with, without a full stop
     */
    Figures with(Figure figure, String setting) {
        Map<String, Figure> more = new LinkedHashMap<>(all);
        more.put(figure.name(), figure);
        return new Figures(setting + ".", more);
    }

    /** Those of the benchmarks that there are, in their order. */
    Figures only(List<String> benchmarks) {
        Map<String, Figure> some = new LinkedHashMap<>();
        benchmarks.stream().filter(all::containsKey).forEach(
                name -> some.put(name, Objects.requireNonNull(all.get(name))));
        return new Figures(versions, some);
    }

    /** The versions of all that was measured, a sentence. */
    String versions() {
        return versions;
    }

    List<Figure> all() {
        return List.copyOf(all.values());
    }

    /** The rows of all. */
    List<Losses.Row> rows() {
        return all.values().stream().flatMap(figure -> figure.rows().stream()).toList();
    }

    /** Writes the tables, in place of those that are there. */
    void write(Path directory, Losses losses, Goals goals) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(TABLE)).toList()) {
                Files.delete(file);
            }
        }
        List<String> list = new ArrayList<>(List.of(LIST_HEAD));
        for (Figure figure : all.values()) {
            list.add(String.join("\t", figure.name(), figure.what(), figure.measured()));
            Files.writeString(directory.resolve(figure.name() + TABLE), figure.table());
        }
        Files.writeString(directory.resolve(LIST),
                list.stream().map(line -> line + "\n").collect(Collectors.joining()));
        Files.writeString(directory.resolve(VERSIONS), versions + "\n");
        Files.writeString(directory.resolve("losses" + TABLE), losses.table(rows()));
        Files.writeString(directory.resolve("goals" + TABLE), goals.table(rows()));
    }
}
