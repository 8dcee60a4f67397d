package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.util.JavacTask;
import dev.heddle.Heddle;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each block of code can be pasted into a file of its own: it parses there, and its types are known by the imports that
 * its page shows. Variables and helpers may be the reader's.
 */
@Tag("full")
final class SnippetsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    private static final Pattern IMPORTS = Pattern.compile("(?ms)^## Imports$.*?^```java\\n(.*?)^```$");

    /** A type that a page names with its package. */
    private static final Pattern QUALIFIED = Pattern.compile("`(dev\\.heddle\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)`");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.([*\\w]+);$");

    /** A name of a type that stands alone; not in a comment, a text, or behind a dot. */
    private static final Pattern NAME = Pattern.compile("(?<![.\\w])[A-Z]\\w*");

    private static final Pattern NO_CODE = Pattern
            .compile("(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|//[^\n]*|/\\*.*?\\*/");

    private static final Pattern TYPE = Pattern.compile(
            "(?m)^public [\\w@ -]*(?:class|interface|record|enum) (dev\\.heddle\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)(?![\\w.])");

    private static final Pattern UNKNOWN_TYPE = Pattern
            .compile("symbol: +(?:class|variable) [A-Z]\\w*[a-z]\\w*\\b");

    private static final Pattern STATIC = Pattern.compile("symbol: +method (\\w+)\\(");

    /** What stands alone in the blocks. */
    private static final Set<String> HEDDLE = Stream.of(Heddle.class.getMethods()).map(Method::getName)
            .collect(Collectors.toSet());

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** What may stand around a block: nothing but the imports, a method, or a method whose result it is the end of. */
    private static final List<String> FRAMES = List.of(
            "%s\nObject block() throws Exception { if (Math.random() < 2) {\n%s\n}\nreturn null; }\nvoid main() {}\n",
            "%s\n%s\nvoid main() {}\n",
            "%s\nObject block() throws Exception {\nreturn receiver\n%s;\n}\nvoid main() {}\n");

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(int number, String text) {
            super(URI.create("string:///Snippet" + number + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    static List<String> documents() throws IOException {
        return Stream.of(
                Documents.chapters().subList(0, 10), Documents.comingFrom(),
                List.of("README.md", "docs/http-client.md", "docs/styles-of-fetching.md"))
                .flatMap(List::stream)
                .toList();
    }

    /** The chapters behind those that teach: their blocks may be parts of a whole, with types of the reader. */
    static List<String> furtherChapters() throws IOException {
        return Documents.chapters().stream().skip(10).filter(path -> IMPORTS.matcher(Documents.text(path)).find())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("furtherChapters")
    void typesOfHeddleAreInTheImportsOfEachFurtherChapter(String document) throws IOException {
        String text = Documents.text(document);
        Set<String> imported = IMPORTS.matcher(text).results().flatMap(found -> names(IMPORT, found.group(1)).stream())
                .collect(Collectors.toSet());
        Map<String, String> ours = types();
        Set<String> missing = new TreeSet<>();
        BLOCK.matcher(text).results().map(found -> found.group(1)).filter(block -> !block.startsWith("import "))
                .forEach(block -> missing.addAll(missing(block, imported, ours)));
        missing.addAll(unused(text));
        assertEquals(Set.of(), missing, document);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void typesOfEachBlockAreKnownByTheImportsOfItsPage(String document) throws IOException {
        String text = Documents.text(document);
        String imports = IMPORTS.matcher(text).results().map(found -> found.group(1)).findFirst()
                .orElse(importsOfTheFirstProgram(text))
                + QUALIFIED.matcher(text).results().map(found -> "import " + found.group(1) + ";\n").distinct()
                        .collect(Collectors.joining());
        Map<String, String> ours = types();
        Set<String> missing = new TreeSet<>();
        List<JavaFileObject> sources = new ArrayList<>();
        for (String block : BLOCK.matcher(text).results().map(found -> found.group(1)).toList()) {
            boolean whole = block.startsWith("import ");
            sources.add(framed(sources.size(), whole ? "" : imports, block));
            Set<String> imported = names(IMPORT, whole ? block : imports);
            missing.addAll(missing(block, imported, ours));
        }
        missing.addAll(unknown(sources));
        missing.addAll(unused(text));
        assertEquals(Set.of(), missing, document);
    }

    private static List<String> missing(String block, Set<String> imported, Map<String, String> ours) {
        Set<String> own = names(Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)"), block);
        return NAME.matcher(NO_CODE.matcher(block).replaceAll("")).results()
                .map(MatchResult::group)
                .filter(name -> ours.containsKey(name) && !imported.contains(name) && !own.contains(name))
                .map(name -> "import " + ours.get(name) + ";")
                .toList();
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

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new LinkedHashSet<>();
        pattern.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    /** The block in the first frame in which it parses. */
    private static JavaFileObject framed(int number, String imports, String block) throws IOException {
        String faults = "";
        for (String frame : FRAMES) {
            var source = new Source(number, frame.formatted(imports, block));
            var found = new DiagnosticCollector<JavaFileObject>();
            ((JavacTask) COMPILER.getTask(null, null, found, List.of(), null, List.of(source))).parse();
            if (found.getDiagnostics().isEmpty()) {
                return source;
            }
            faults += found.getDiagnostics().getFirst() + "\n";
        }
        throw new AssertionError(faults + "no part of a program:\n" + block);
    }

    /** The types that the compiler does not find. */
    private static Set<String> unknown(List<JavaFileObject> sources) {
        var found = new DiagnosticCollector<JavaFileObject>();
        List<String> options = List.of(
                "-proc:none", "-Xmaxerrs", "10000", "-XDshould-stop.ifError=ATTR", "--enable-preview", "--release",
                "25",
                "--class-path", Program.classPath());
        Set<String> unknown = new TreeSet<>();
        if (!sources.isEmpty()) {
            COMPILER.getTask(null, null, found, options, null, sources).call();
        }
        for (Diagnostic<?> each : found.getDiagnostics()) {
            String message = each.getMessage(Locale.ROOT);
            boolean symbol = each.getCode().startsWith("compiler.err.cant.resolve") && isOurs(message);
            if (symbol || each.getCode().equals("compiler.err.doesnt.exist")) {
                unknown.add(message.replaceAll("\\s+", " "));
            }
        }
        return unknown;
    }

    /** Whether it is a type, or a call of Heddle's own; other names are the reader's. */
    private static boolean isOurs(String message) {
        return UNKNOWN_TYPE.matcher(message).find()
                || STATIC.matcher(message).results().anyMatch(name -> HEDDLE.contains(name.group(1)));
    }

    /** Where the public types of Heddle are, by their simple names; one that is there twice is in neither place. */
    private static Map<String, String> types() throws IOException {
        Map<String, String> types = new TreeMap<>();
        try (Stream<Path> dumps = Files.list(Documents.ROOT.resolve("build/api"))) {
            for (Path dump : dumps.toList()) {
                TYPE.matcher(Files.readString(dump)).results().map(found -> found.group(1))
                        .forEach(type -> types.put(type.substring(type.lastIndexOf('.') + 1), type));
            }
        }
        return types;
    }
}
