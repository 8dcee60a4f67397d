package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.util.JavacTask;
import dev.heddle.Heddle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each block of code can be pasted into a file of its own and compiles there with the imports that its page shows. Only
 * variables and helpers may be the reader's.
 */
@Tag("full")
final class SnippetsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    private static final Pattern IMPORTS = Pattern.compile("(?ms)^## Imports$.*?^```java\\n(.*?)^```$");

    /** A type that a page names with its package. */
    private static final Pattern QUALIFIED = Pattern.compile("`(dev\\.heddle\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)`");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.([*\\w]+);$");

    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");

    private static final Pattern PROGRAM = Pattern
            .compile("\\(\\.\\./(?:\\.\\./)?examples/src/main/java/([\\w/]+\\.java)\\)");

    /** A name that the compiler looks for in the block itself. */
    private static final Pattern MISSING = Pattern.compile(
            "symbol: +(class|variable|method) (\\w+)[^\n]*\n *location: +class Snippet\\d+");

    /** What stands alone in the blocks. */
    private static final Set<String> HEDDLE = Stream.of(Heddle.class.getMethods()).map(Method::getName)
            .collect(Collectors.toSet());

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Names of the reader that mean the same on all pages, so that the calls of them are checked. */
    private static final String KNOWN = """
            dev.heddle.http.client.HttpClient http;
            dev.heddle.TaskGroup g;
            dev.heddle.io.ByteStream stream;
            dev.heddle.net.Listener listener;
            dev.heddle.cluster.Cluster cluster;
            dev.heddle.sync.Subscription<dev.heddle.cluster.ClusterTopicEvent> mine;
            dev.heddle.sync.BoundedSemaphore places;
            java.util.List<String> names;
            java.util.List<String> urls;
            java.lang.String fetchPage() {
                return "";
            }
            """;

    private static final String MEMBERS = "%s\n%s\n";
    private static final String STATEMENTS = "%s\n" + KNOWN
            + "Object block() throws Exception { if (Math.random() < 2) {\n%s\n}\nreturn null; }\n";
    private static final String END_OF_A_RESULT = "%s\n" + KNOWN
            + "Object block() throws Exception {\nreturn receiver\n%s;\n}\n";

    private static final Pattern MAIN = Pattern.compile("(?m)^void main\\(");

    private static final Pattern TYPES_FIRST = Pattern.compile("(?m)^(?:[a-z]+ )*(?:class|interface|enum|record) ");

    /** Pages whose libraries are in other modules, which compile their code. Types of Heddle they import all the same. */
    private static final Set<String> WITH_LIBRARIES = Set
            .of("docs/guide/29-telemetry.md", "docs/guide/30-with-other-frameworks.md");

    /** The public types of Heddle by their simple names. */
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^public [\\w@ -]*(?:class|interface|record|enum) dev\\.heddle\\.(?:[a-z]\\w*\\.)*([A-Z]\\w*)(?![\\w.])");

    private static final Set<String> TYPES = types();

    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    static List<String> documents() throws IOException {
        return Documents.withCode().stream().filter(path -> BLOCK.matcher(Documents.text(path)).find()).toList();
    }

    @Test
    void eachBlockCompilesAloneWithTheImportsOfItsPage() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (String document : documents()) {
            String text = Documents.text(document);
            String imports = imports(text);
            Set<String> own = declared(text);
            BLOCK.matcher(text).results().map(found -> found.group(1)).forEach(
                    block -> Snippet.of(document, imports, block, own).ifPresentOrElse(
                            snippets::add, () -> faults.add(document + " has no part of a program:\n" + block)));
        }
        faults.addAll(faults(snippets));
        assertEquals("", String.join("\n", faults));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void importsOfAPageAreUsed(String document) {
        assertEquals(List.of(), unused(Documents.text(document)));
    }

    /** The types that a page declares, or a program to which it leads. */
    private static Set<String> declared(String text) {
        Set<String> own = names(DECLARED, text);
        PROGRAM.matcher(text).results().forEach(
                found -> own.addAll(names(DECLARED, Documents.text("examples/src/main/java/" + found.group(1)))));
        return own;
    }

    private static String imports(String text) {
        return IMPORTS.matcher(text).results().map(found -> found.group(1)).findFirst()
                .orElseGet(() -> importsOfTheFirstProgram(text)
                        + QUALIFIED.matcher(text).results().map(found -> "import " + found.group(1) + ";\n").distinct()
                                .collect(Collectors.joining()));
    }

    private static List<String> unused(String text) {
        return IMPORTS.matcher(text).results().flatMap(found -> names(IMPORT, found.group(1)).stream())
                .filter(name -> !name.equals("*") && !text.matches("(?s).*```java\\n(?!import ).*\\b" + name + "\\b.*"))
                .map(name -> "nothing uses " + name)
                .toList();
    }

    private static String importsOfTheFirstProgram(String text) {
        return BLOCK.matcher(text).results().map(found -> found.group(1))
                .filter(block -> block.startsWith("import "))
                .findFirst()
                .map(block -> block.lines().filter(line -> line.startsWith("import "))
                        .collect(Collectors.joining("\n", "", "\n")))
                .orElse("");
    }

    private static Set<String> types() {
        Set<String> types = new HashSet<>();
        try (Stream<Path> dumps = Files.list(Documents.ROOT.resolve("build/api"))) {
            for (Path dump : dumps.toList()) {
                types.addAll(names(TYPE, Files.readString(dump)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return types;
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new LinkedHashSet<>();
        pattern.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    /** What the compiler says about the snippets, without what a reader has to add. */
    private static List<String> faults(List<Snippet> snippets) {
        var found = new DiagnosticCollector<JavaFileObject>();
        List<String> options = List.of(
                "-proc:none", "-Xmaxerrs", "10000", "-XDshould-stop.ifError=ATTR", "-XDshould-stop.ifNoError=ATTR",
                "--enable-preview", "--release", "25",
                "--class-path", Program.classPath());
        COMPILER.getTask(null, FILES, found, options, null, snippets).call();
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .filter(each -> !((Snippet) each.getSource()).leavesToTheReader(each.getMessage(Locale.ROOT)))
                .map(each -> ((Snippet) each.getSource()).document + ": " + each.getCode() + " "
                        + each.getMessage(Locale.ROOT).replaceAll("\\s+", " ") + " in "
                        + ((Snippet) each.getSource()).line(each.getLineNumber()))
                .toList();
    }

    /** A block of a page as a source file of its own. */
    private static final class Snippet extends SimpleJavaFileObject {

        private static int last;

        private final String document;
        private final String text;

        /** The types that the page declares, maybe in another block. */
        private final Set<String> own;

        private Snippet(String document, String text, Set<String> own) {
            super(URI.create("string:///Snippet" + ++last + ".java"), Kind.SOURCE);
            this.document = document;
            this.text = text;
            this.own = own;
        }

        /** The block in the first frame in which it parses. */
        static Optional<Snippet> of(String document, String imports, String block, Set<String> own) {
            String needed = block.startsWith("import ") ? "" : imports;
            String main = MAIN.matcher(block).find() ? "" : "void main() {}\n";
            boolean types = TYPES_FIRST.matcher(block).find();
            return Stream.of(types ? MEMBERS : STATEMENTS, types ? STATEMENTS : MEMBERS, END_OF_A_RESULT)
                    .map(frame -> new Snippet(document, frame.formatted(needed, block) + main, own))
                    .filter(Snippet::parses)
                    .findFirst();
        }

        private boolean parses() {
            var found = new DiagnosticCollector<JavaFileObject>();
            try {
                ((JavacTask) COMPILER.getTask(null, FILES, found, List.of(), null, List.of(this))).parse();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return found.getDiagnostics().isEmpty();
        }

        /** Whether it is a variable or a method of the reader's own, or a type that the page shows elsewhere. */
        boolean leavesToTheReader(String message) {
            Optional<MatchResult> missing = MISSING.matcher(message).results().findFirst();
            return missing.map(name -> isOfReader(name.group(1), name.group(2))).orElse(false)
                    || WITH_LIBRARIES.contains(document)
                            && !missing.map(name -> isForgotten(name.group(2))).orElse(false);
        }

        private boolean isForgotten(String name) {
            return TYPES.contains(name) && !names(IMPORT, text).contains(name);
        }

        private boolean isOfReader(String kind, String name) {
            boolean constantOrLowerCase = name.matches("[A-Z][A-Z_0-9]+|[a-z]\\w*");
            return own.contains(name) || !kind.equals("class") && constantOrLowerCase && !HEDDLE.contains(name);
        }

        String line(long number) {
            return number < 1 ? "" : text.lines().skip(number - 1).findFirst().orElse("").strip();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
