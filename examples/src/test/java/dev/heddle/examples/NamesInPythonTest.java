package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the Python of the documents uses has its row in the page for people who come from there. */
final class NamesInPythonTest {

    private static final Path LIST = Path.of("names");

    private static final Path ORIGINALS = Path.of("src", "test", "resources", "seeds", "originals");

    /** What stands on the left in a row: code in Python. */
    private static final Pattern LEFT = Pattern.compile("(?m)^\\| (.*?) \\| ");

    private static final Pattern CODE = Pattern.compile("`(.+?)`");

    private static final Pattern LAST_WORDS = Pattern.compile("(\\w+)(?:\\((\\w+)=\\))?$");

    /**
     * A line of the list.
     *
     * @param place code in the page, or behind a dash the reason why there is none
     */
    private record Name(String name, String documents, String place) {

        static Name of(String line) {
            String[] columns = line.split("\t");
            assertEquals(3, columns.length, line);
            return new Name(columns[0], columns[1], columns[2]);
        }

        boolean hasNone() {
            return place.startsWith("- ");
        }

        /** Whether the code in the page has the name in it, or the argument. */
        boolean isIn(String code) {
            MatchResult words = LAST_WORDS.matcher(name).results().findFirst().orElseThrow();
            String text = code.toLowerCase(Locale.ROOT);
            return text.contains(words.group(1).toLowerCase(Locale.ROOT))
                    || words.group(2) != null && text.contains(words.group(2) + "=");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Name> names() throws IOException {
        return Files.readAllLines(LIST.resolve("names.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Name::of)
                .toList();
    }

    private static Set<String> codeInThePage() {
        return LEFT.matcher(Documents.text("docs/coming-from-python.md")).results()
                .flatMap(row -> CODE.matcher(row.group(1)).results())
                .map(code -> code.group(1))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasItsRow(Name name) {
        if (name.hasNone()) {
            assertTrue(name.place().length() > 4, "a reason");
        } else {
            assertTrue(codeInThePage().contains(name.place()), () -> "no row has on its left " + name.place());
            assertTrue(name.isIn(name.place()), () -> name.place() + " has not " + name.name());
        }
    }

    @Test
    void isInTheListOnce() throws IOException {
        List<String> names = names().stream().map(Name::name).toList();
        assertEquals(names.stream().distinct().sorted().toList(), names);
    }

    /** The list was made of whole documents; of these, some programs are here as they were. */
    @Test
    @Tag("full")
    void originalsUseNothingElse() throws Exception {
        Python.assumeHas("ast");
        List<String> arguments = new ArrayList<>();
        try (Stream<Path> files = Files.list(ORIGINALS)) {
            files.filter(file -> !file.endsWith("sitecustomize.py")).sorted().map(Path::toString)
                    .forEach(arguments::add);
        }
        Set<String> known = names().stream().map(Name::name).collect(Collectors.toSet());
        List<String> found = Python.linesOf(
                Files.readString(LIST.resolve("names.py")), arguments.toArray(String[]::new));
        assertTrue(found.size() > 20, found.toString());
        assertEquals(List.of(), found.stream().map(line -> line.split("\t")[0]).filter(name -> !known.contains(name))
                .toList());
    }
}
