package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Code in the documents compiles: it stands, but for its layout, in a source file of this module or of {@code
 * frameworks}.
 */
final class DocumentsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|kotlin|xml)\\n(.*?)^```$");

    /** What {@link SnippetsTest} compiles the other blocks with. */
    private static final Pattern ONLY_IMPORTS = Pattern.compile("(?:import [\\w. *]+;\\s+)+");

    private static final Pattern ANY_BLOCK = Pattern.compile("(?s)```.*?```");

    /** A row of the reading paths: for whom, the chapters, minutes. */
    private static final Pattern PATH = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]*) \\| (\\d+) \\|$");

    private static final Pattern CHAPTER = Pattern.compile("\\]\\((\\d\\d-[\\w-]+\\.md)\\)");

    /** A row of a table: theirs, Heddle, and maybe the trap. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*?) \\| (`.*?) \\| (.*) ?\\|$");

    private static final Pattern CODE = Pattern.compile("`(.+?)`");

    /** A type in back-ticks, maybe behind a folder, and maybe with a member. */
    private static final Pattern NAME = Pattern
            .compile("`(?:[\\w.-]+/)*([A-Z]\\w*)(?:\\.(?!java`)(\\w+))?(?:\\.java|\\(.*?\\))?`");

    private static final Set<String> OF_THE_JDK = Set.of(
            "ConnectException", "IllegalArgumentException", "IllegalStateException", "LinkedBlockingQueue",
            "ProcessHandle", "ServiceLoader",
            "System", "Thread");

    private static final Pattern ADVISORY = Pattern
            .compile("\\b(?:(?:CVE|RUSTSEC|PYSEC)-\\d{4}-\\d{4,}|GHSA(?:-\\w{4}){3})\\b");

    /** What a section of the promises says is promised. */
    private static final Pattern PROMISED = Pattern.compile("(?ms)^### Promised$.*?(?=^#|\\z)");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)");

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static void assertCompiled(String document, String code, List<String> sources) {
        String wanted = Documents.withoutSpace(code);
        assertTrue(
                sources.stream().anyMatch(source -> source.contains(wanted)),
                () -> "no source file of examples or frameworks has this code of " + document + ":\n" + code);
    }

    @ParameterizedTest
    @MethodSource("dev.heddle.examples.Documents#withCode")
    void everyBlockOfCodeIsCompiled(String document) throws IOException {
        Map<String, List<String>> sources = new HashMap<>();
        for (String language : Documents.LANGUAGES.keySet()) {
            sources.put(language, Documents.sources(language));
        }
        matches(BLOCK, Documents.text(document)).filter(block -> !ONLY_IMPORTS.matcher(block.group(2)).matches())
                .forEach(
                        block -> assertCompiled(document, block.group(2), sources.get(block.group(1))));
    }

    @ParameterizedTest
    @MethodSource("dev.heddle.examples.Documents#comingFrom")
    void everyLineForPeopleFromElsewhereIsCompiled(String document) throws IOException {
        List<String> sources = Documents.sources("java");
        String text = Documents.text(document);
        assertEquals(matches(Pattern.compile("(?m)^\\| `"), text).count(), matches(ROW, text).count(), "rows");
        matches(ROW, text).flatMap(row -> matches(CODE, row.group(2)))
                .forEach(code -> assertCompiled(document, code.group(1), sources));
    }

    @ParameterizedTest
    @MethodSource("dev.heddle.examples.Documents#withCode")
    void everyLinkLeadsToAFile(String document) {
        matches(LINK, Documents.text(document)).forEach(
                link -> assertTrue(
                        Documents.leadsToAFile(document, link.group(1)),
                        () -> document + " links to " + link.group(1)));
    }

    /** A type has two words or more in its name, or a member behind it: one word alone may be a field of HTTP. */
    @ParameterizedTest
    @ValueSource(strings = {
            "ARCHITECTURE.md", "kernel/ARCHITECTURE.md", "web/ARCHITECTURE.md", "beyond/ARCHITECTURE.md",
            "sight/ARCHITECTURE.md", "tool/ARCHITECTURE.md", "CONTRIBUTING.md", "docs/threads-and-locks.md",
            "docs/promises.md", "docs/threats.md", "yard/models/README.md"})
    void whatTheyNameIsThere(String document) throws IOException {
        Map<String, String> types = Documents.types();
        matches(NAME, Documents.text(document)).forEach(name -> {
            String type = name.group(1);
            String member = name.group(2);
            if (member == null && !type.matches("(?:[A-Z][a-z0-9]+){2,}") || OF_THE_JDK.contains(type)) {
                return;
            }
            String source = types.get(type);
            assertTrue(source != null, () -> document + " names " + type);
            assertTrue(member == null || source.contains(member), () -> document + " names " + type + "." + member);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"maven/pom.xml", "shade/pom.xml", "modules/pom.xml", "gradle/build.gradle.kts"})
    void projectToCopyIsOfThisVersion(String build) {
        assertTrue(Documents.text("examples/" + build).contains(CopiedProject.version()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java/Pages.java", "src/test/java/PagesTest.java"})
    void projectForGradleHasTheSourcesOfThatForMaven(String source) {
        assertEquals(Documents.text("examples/maven/" + source), Documents.text("examples/gradle/" + source));
    }

    /** A chapter ends with a link to the one behind it, the last one with the index. */
    @Test
    void eachChapterLeadsToTheNext() throws IOException {
        List<String> chapters = Documents.chapters();
        for (int i = 0; i < chapters.size(); i++) {
            String chapter = chapters.get(i);
            String next = i + 1 < chapters.size() ? name(chapters.get(i + 1)) : "README.md";
            String last = Documents.text(chapter).stripTrailing().lines().reduce("", (_, line) -> line);
            assertTrue(last.matches("(?:.* )?Next: .*\\]\\(" + next + "\\)\\."), () -> chapter + " ends with: " + last);
            assertTrue(name(chapter).startsWith("%02d-".formatted(i)), chapter);
            assertTrue(Documents.text(chapter).startsWith("# " + i + ". "), chapter);
        }
    }

    /** What stands in the index is a chapter, and each chapter stands there. */
    @Test
    void indexOfTheGuideNamesEachChapter() throws IOException {
        String index = Documents.text("docs/guide/README.md");
        Documents.chapters().forEach(chapter -> assertTrue(index.contains("](" + name(chapter) + ")"), chapter));
    }

    /** With 230 words of prose and 30 lines of code a minute; the team of a service reads less than an hour. */
    @Test
    void readingPathsTakeTheMinutesThatTheySay() {
        List<MatchResult> paths = matches(PATH, Documents.text("docs/guide/README.md")).toList();
        assertEquals(6, paths.size());
        for (MatchResult path : paths) {
            double minutes = matches(CHAPTER, path.group(2)).mapToDouble(DocumentsTest::minutes).sum();
            assertEquals(minutes, Integer.parseInt(path.group(3)), 3, path.group(1));
        }
        assertTrue(Integer.parseInt(paths.getFirst().group(3)) < 60, paths.getFirst().group());
    }

    private static double minutes(MatchResult chapter) {
        String text = Documents.text("docs/guide/" + chapter.group(1));
        double code = matches(ANY_BLOCK, text).mapToLong(block -> block.group().lines().count()).sum();
        return code / 30 + ANY_BLOCK.matcher(text).replaceAll(" ").split("\\s+").length / 230.0;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Test
    void guideMakesAServiceOfThisVersion() {
        String guide = Documents.text("docs/guide/01-first-program.md");
        assertTrue(guide.contains("-DarchetypeVersion=" + CopiedProject.version()));
        assertTrue(guide.contains(ArchetypeTest.PLUGIN));
    }

    @Test
    void readmeNamesTheArtifactsOfThisVersion() {
        String readme = Documents.text("README.md");
        String version = CopiedProject.version();
        assertTrue(readme.contains("<artifactId>heddle-http</artifactId>\n    <version>" + version + "</version>"));
        assertTrue(readme.contains("implementation(\"dev.heddle:heddle-http:" + version + "\")"));
        assertTrue(readme.length() < 9_000, "a screen or two");
    }

    /** A page of 1,100 pixels shows the code of the README as a whole. */
    @Test
    void codeOfTheReadmeIsNarrow() {
        matches(BLOCK, Documents.text("README.md")).flatMap(block -> block.group(2).lines())
                .forEach(line -> assertTrue(line.length() <= 76, line));
    }

    @Test
    void everyAdvisoryOfOthersHasATestOfOurs() throws IOException {
        Map<String, String> types = Documents.types();
        String text = Documents.text("docs/threats.md");
        Set<String> seen = new HashSet<>();
        boolean ours = true;
        for (String line : text.substring(text.indexOf("## Advisories of others")).lines().toList()) {
            if (line.startsWith("### ")) {
                ours = !line.equals("### What does not concern Heddle");
            }
            List<String> advisories = matches(ADVISORY, line).map(MatchResult::group).toList();
            if (!line.startsWith("| ") || advisories.isEmpty()) {
                continue;
            }
            advisories.forEach(each -> assertTrue(seen.add(each), () -> each + " stands in two lines"));
            List<MatchResult> tests = matches(NAME, line).filter(name -> name.group(2) != null).toList();
            assertTrue(!ours || !tests.isEmpty(), () -> "no test in: " + line);
            tests.forEach(
                    test -> assertTrue(
                            isATest(types.getOrDefault(test.group(1), ""), test.group(2)),
                            () -> test.group() + " is no test"));
        }
        assertTrue(seen.size() > 250, () -> seen.size() + " advisories");
    }

    @Test
    void everyPromiseHasATest() throws IOException {
        Map<String, String> types = Documents.types();
        String text = Documents.text("docs/promises.md");
        List<String> promises = matches(PROMISED, text).flatMap(table -> table.group().lines())
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise |"))
                .toList();
        for (String promise : promises) {
            String proof = promise.substring(promise.lastIndexOf(" | "));
            List<MatchResult> tests = matches(NAME, proof).toList();
            assertTrue(!tests.isEmpty(), () -> "no test in: " + promise);
            tests.forEach(
                    test -> assertTrue(
                            test.group(2) != null && isATest(types.getOrDefault(test.group(1), ""), test.group(2)),
                            () -> test.group() + " is no test"));
        }
        assertTrue(promises.size() > 90, () -> promises.size() + " promises");
    }

    /** Whether an annotation of a test stands above the method. */
    private static boolean isATest(String source, String method) {
        int at = source.indexOf("void " + method + "(");
        String above = at < 0 ? "" : source.substring(source.lastIndexOf("\n\n", at), at);
        return Stream.of("@Test", "@ParameterizedTest", "@TestFactory", "@SimTest").anyMatch(above::contains);
    }
}
