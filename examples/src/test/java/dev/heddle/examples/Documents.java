package dev.heddle.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's documents and the sources that their code stands in. */
public final class Documents {

    static final Path ROOT = Path.of("..");

    private static final Path FRAMEWORKS = ROOT.resolve("yard/frameworks");

    /** Where code of the documents may stand: files and folders that a build compiles or reads. */
    private static final List<Path> CODE = List.of(
            Path.of("src"),
            Path.of("maven", "pom.xml"),
            FRAMEWORKS.resolve("src"),
            FRAMEWORKS.resolve("pom.xml"),
            ROOT.resolve("sight/observe-micrometer").resolve("src"),
            ROOT.resolve("sight/observe-opentelemetry").resolve("src"));

    /** The languages that blocks of code are in, each with the ending of its files. */
    static final Map<String, String> LANGUAGES = Map.of("java", ".java", "kotlin", ".kt", "xml", ".xml");

    /** What was read once: each of many documents is held against all sources. */
    private static final Map<String, List<String>> SOURCES = new ConcurrentHashMap<>();

    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");

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
        return Stream
                .of(List.of("README.md", "examples/README.md", "docs/promises.md", "docs/builds.md",
                        "docs/error-messages.md", "docs/http-client.md",
                        "docs/styles-of-fetching.md"), comingFrom(), in("docs/guide", ""))
                .flatMap(List::stream)
                .toList();
    }

    /** Those with tables for people who know something else. */
    static List<String> comingFrom() throws IOException {
        return in("docs", "coming-from-");
    }

    /** The chapters of the guide, in their order; without its index. */
    static List<String> chapters() throws IOException {
        return in("docs/guide", "").stream().filter(path -> !path.endsWith("README.md")).toList();
    }

    private static List<String> in(String directory, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".md"))
                    .map(name -> directory + "/" + name)
                    .sorted()
                    .toList();
        }
    }

    /** Whether a link in a document leads to a file of the project. */
    static boolean leadsToAFile(String document, String link) {
        return Files.exists(ROOT.resolve(document).resolveSibling(link));
    }

    /** All sources of a language that are compiled somewhere, each without any white space. */
    static List<String> sources(String language) {
        return SOURCES.computeIfAbsent(language, Documents::readSources);
    }

    private static List<String> readSources(String language) {
        String ending = Objects.requireNonNull(LANGUAGES.get(language), language);
        List<String> sources = new ArrayList<>();
        for (Path root : CODE) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(ending))
                        .forEach(file -> sources.add(withoutSpace(read(file))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    /**
     * The sources of all modules by the simple names of the types in them, nested ones too; one text for all of a name.
     */
    static Map<String, String> types() {
        return Types.ALL;
    }

    /** Those of all modules, once somebody asks. */
    private static final class Types {
        private static final Map<String, String> ALL = readTypes();
    }

    private static Map<String, String> readTypes() {
        Map<String, String> types = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT, 16)) {
            files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("src")).forEach(file -> {
                String source = read(file);
                TYPE.matcher(source).results().forEach(type -> types.merge(type.group(1), source, String::concat));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return types;
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
