package dev.heddle.cluster.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process has done, line by line in a file of its own, so that a kill loses none of it: when, on the clock of
 * the machine in milliseconds, and words.
 */
final class Journal {

    private static final String SUFFIX = ".journal";

    private final Path file;

    /**
     * @param kind what it tells of; all journals of a kind are read together
     */
    Journal(Path folder, String kind, String writer) {
        file = folder.resolve(kind + '-' + writer + '-' + ProcessHandle.current().pid() + SUFFIX);
    }

    /** A line; the word at place 0 is the first one that was written. */
    record Line(long millis, List<String> words) {

        String word(int place) {
            return words.get(place);
        }

        int number(int place) {
            return Integer.parseInt(words.get(place));
        }
    }

    synchronized void write(Object... words) {
        StringBuilder line = new StringBuilder().append(System.currentTimeMillis());
        for (Object word : words) {
            line.append(' ').append(word.toString().replaceAll("\\s+", "_"));
        }
        try {
            Files.writeString(
                    file, line.append('\n'), StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines of a kind that are whole, in the order of their times. */
    static List<Line> read(Path folder, String kind) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> isOf(each, kind)).toList()) {
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
                    String[] words = line.split(" ", -1);
                    lines.add(new Line(Long.parseLong(words[0]), List.of(words).subList(1, words.length)));
                });
            }
        }
        lines.sort(Comparator.comparingLong(Line::millis));
        return lines;
    }

    private static boolean isOf(Path file, String kind) {
        String name = file.getFileName().toString();
        return name.startsWith(kind + '-') && name.endsWith(SUFFIX);
    }
}
