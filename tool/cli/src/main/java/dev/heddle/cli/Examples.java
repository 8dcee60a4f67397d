package dev.heddle.cli;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Spelling;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The example programs that come with Heddle: source files, each in a directory that is named for its idea. */
final class Examples {

    /** The directory that the {@code heddle} script stands in; without the script, that of the project is meant. */
    static final String HOME = "heddle.home";

    /** Below the examples' root there are the ideas, and below those the files. */
    private static final int DEPTH = 2;

    private final List<Example> all;

    /** One program. */
    record Example(String idea, String name, Path file) {

        private static Example of(Path file) {
            Path idea = file.getParent();
            return new Example(
                    idea == null ? "" : String.valueOf(idea.getFileName()),
                    String.valueOf(file.getFileName()).replace(".java", ""),
                    file);
        }

        /** What it shows: its first line, which is a comment. */
        String summary() throws IOException {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                String first = lines.readLine();
                return first == null ? "" : HumanFormat.printable(first.replaceFirst("^// *", ""));
            }
        }
    }

    private Examples(List<Example> all) {
        this.all = all;
    }

    /**
     * Looks them up, by idea and name.
     *
     * @throws FailureException if they are not there
     */
    static Examples find() {
        Path root = Path.of(System.getProperty(HOME, "."), "examples", "src", "main", "java");
        try (Stream<Path> files = Files.find(root, DEPTH, (file, is) -> file.toString().endsWith(".java"))) {
            return new Examples(files.map(Example::of)
                    .sorted(Comparator.comparing(Example::idea).thenComparing(Example::name))
                    .toList());
        } catch (IOException e) {
            throw new FailureException("cannot find the examples in " + HumanFormat.printable(root.toString()), e);
        }
    }

    /** All of them, those of one idea together. */
    List<Example> all() {
        return all;
    }

    /** The one with this name, if there is one. */
    Optional<Example> named(String name) {
        return all.stream().filter(example -> example.name().equals(name)).findFirst();
    }

    /** The name that is not there, and the question whether one near it was meant, to end a message with. */
    String missing(String name) {
        return HumanFormat.printable(name) + Spelling.hint(name, all.stream().map(Example::name).toList());
    }
}
