package dev.heddle.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's documents and the sources that their code stands in. */
public final class Documents {

    private static final Path ROOT = Path.of("..");

    private Documents() {}

    /**
     * The text of a document.
     *
     * @param path from the project's root, with slashes
     */
    public static String text(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    /** The documents whose code must compile, by their paths from the root. */
    static List<String> withCode() throws IOException {
        try (Stream<Path> chapters = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(
                    Stream.of("README.md"),
                    chapters.filter(file -> file.toString().endsWith(".md"))
                            .map(file -> "docs/guide/" + file.getFileName())
                            .sorted()).toList();
        }
    }

    /** All sources of this module, each without any white space. */
    static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(Documents::read)
                    .map(Documents::withoutSpace)
                    .toList();
        }
    }

    /** Layout is the formatter's business, so code is compared without its white space. */
    static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
