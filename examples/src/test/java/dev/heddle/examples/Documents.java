package dev.heddle.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    public static String text(String path) {
        return read(ROOT.resolve(path));
    }

    /** The paths of the documents with code, from the project's root. */
    static List<String> withCode() throws IOException {
        try (Stream<Path> chapters = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(
                    Stream.of("README.md", "docs/coming-from-python.md", "examples/README.md"),
                    chapters.map(file -> "docs/guide/" + file.getFileName()).sorted()).toList();
        }
    }

    /** Whether a link in a document leads to a file of the project. */
    static boolean leadsToAFile(String document, String link) {
        return Files.exists(ROOT.resolve(document).resolveSibling(link));
    }

    /** All sources of this module, each without any white space. */
    static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> withoutSpace(read(file)))
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
            throw new UncheckedIOException(e);
        }
    }
}
