package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public types are known to readers: each top-level one is named in an example, the archetype, the guide, a page for
 * people from elsewhere, or a README.
 */
final class PublicTypesTest {

    /** The head of a top-level type in a dump of the API, with its name. */
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^public [\\w@ -]*(?:class|interface|record|enum) (dev\\.heddle\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)(?![\\w.])");

    /** The code of a document: a word of its prose may be another thing than a type. */
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\\n]+`");

    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*");

    /** Houses and what leads to them; tests and figures are for those who work on the project. */
    private static final List<String> READMES = List.of(
            "README.md", "kernel/README.md", "web/README.md", "beyond/README.md", "sight/README.md", "tool/README.md",
            "examples/README.md", "docs/http-client.md");

    /** Tests hold the code of the chapters, and more that nobody reads; a build leaves copies. */
    private static final Pattern NOT_READ = Pattern.compile("^examples/src/test/|/target/");

    @TempDir
    Path project;

    @Test
    void everyPublicTypeIsNamedWhereUsersRead() throws IOException {
        assertEquals(List.of(), missing(Documents.ROOT));
    }

    @Test
    void madeUpTypeIsFoundMissing() throws IOException {
        write("build/api/net.api", """
                public final class dev.heddle.net.Shuttle<T> extends dev.heddle.Thing
                    public void weave()

                public record dev.heddle.net.Shuttle.Yarn

                public @interface dev.heddle.net.Warp extends Annotation

                public abstract sealed class dev.heddle.net.Weft

                public interface dev.heddle.net.Selvedge
                """);
        write("docs/guide/01-first.md", "A Warp in prose is no type, a `Weft` is one, `withShuttle()` none.\n");
        write("examples/src/main/java/Cloth.java", "record Cloth(Selvedge edge) {}\n");
        write("examples/src/test/java/ClothTest.java", "record ClothTest(Shuttle shuttle) {}\n");
        assertEquals(List.of(fault("dev.heddle.net.Shuttle"), fault("dev.heddle.net.Warp")), missing(project));
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static List<String> missing(Path root) throws IOException {
        Set<String> named = named(root);
        List<String> missing = new ArrayList<>();
        for (Path dump : files(root.resolve("build/api"), ".api")) {
            TYPE.matcher(Files.readString(dump)).results().map(type -> type.group(1))
                    .filter(type -> !named.contains(type.substring(type.lastIndexOf('.') + 1)))
                    .forEach(type -> missing.add(fault(type)));
        }
        return missing;
    }

    private static String fault(String type) {
        return type + " is public, and no example, chapter or README names it: put it where its reader looks, in"
                + " examples/src/main or in code of docs/guide, or make it package-private";
    }

    private static Set<String> named(Path root) throws IOException {
        Set<String> named = new HashSet<>();
        for (String sources : List.of("examples", "tool/archetype")) {
            for (Path file : files(root.resolve(sources), ".java")) {
                if (!NOT_READ.matcher(root.relativize(file).toString().replace('\\', '/')).find()) {
                    addNames(Files.readString(file), named);
                }
            }
        }
        for (Path document : documents(root)) {
            CODE.matcher(Files.readString(document)).results().forEach(code -> addNames(code.group(), named));
        }
        return named;
    }

    private static List<Path> documents(Path root) throws IOException {
        List<Path> documents = new ArrayList<>(files(root.resolve("docs/guide"), ".md"));
        for (Path page : files(root.resolve("docs"), ".md")) {
            if (page.getFileName().toString().startsWith("coming-from-")) {
                documents.add(page);
            }
        }
        READMES.stream().map(root::resolve).filter(Files::exists).forEach(documents::add);
        return documents;
    }

    private static void addNames(String code, Set<String> names) {
        for (Matcher name = NAME.matcher(code); name.find();) {
            names.add(name.group());
        }
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
