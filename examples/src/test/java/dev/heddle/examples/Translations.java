package dev.heddle.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The documents in Chinese, each held against its original: {@code docs/zh/guide/02-tasks.md} against {@code
 * docs/guide/02-tasks.md}.
 *
 * <p>A row of a table has nothing but words, mostly, so {@code docs/zh/rows.txt} has a digest of each row of an original
 * as it was when it was translated. Whoever has translated the changed ones writes it anew: {@code java
 * examples/src/test/java/dev/heddle/examples/Translations.java . translated}. Without that last word, it tells the
 * faults.
 */
final class Translations {

    static final String INDEX = "docs/zh/guide/README.md";

    private static final String README = "README.zh-CN.md";

    private static final String PROGRAMS = "docs/zh/programs.md";

    /** A line for each table: its original, its section, its number there, and the digests of its rows. */
    private static final String ROWS = "docs/zh/rows.txt";

    private static final String FOLDER = "docs/zh/";

    /** Documents in Chinese with a text of their own. */
    private static final Set<String> NOT_TRANSLATED = Set.of(INDEX, PROGRAMS);

    private final Path root;
    private final Map<String, DocumentShape> shapes = new HashMap<>();
    private final List<String> documents;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, String> translatedRows = new HashMap<>();
    private final Map<String, String> rows = new TreeMap<>();

    private Translations(Path root) throws IOException {
        this.root = root;
        try (Stream<Path> files = Files.walk(root.resolve(FOLDER))) {
            documents = Stream
                    .concat(
                            Stream.of(README).filter(path -> Files.exists(root.resolve(path))),
                            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                                    .filter(path -> path.endsWith(".md")).sorted())
                    .toList();
        }
        if (Files.exists(root.resolve(ROWS))) {
            for (String line : Files.readAllLines(root.resolve(ROWS))) {
                int digests = line.indexOf(": ");
                translatedRows.put(line.substring(0, digests), line.substring(digests + 2));
            }
        }
    }

    static void main(String[] arguments) throws IOException {
        Translations translations = in(Path.of(arguments[0]));
        translations.faults().forEach(IO::println);
        if (arguments.length > 1 && arguments[1].equals("translated")) {
            translations.writeRows();
        }
    }

    /** Notes that all rows are translated as they are now. */
    void writeRows() throws IOException {
        Files.write(root.resolve(ROWS),
                rows.entrySet().stream().map(row -> row.getKey() + ": " + row.getValue()).toList());
    }

    static Translations in(Path root) throws IOException {
        return new Translations(root);
    }

    /** Their paths from the project's root. */
    List<String> documents() {
        return documents;
    }

    /** What is wrong, in one line for each fault. */
    List<String> faults() throws IOException {
        faults.clear();
        rows.clear();
        shapes.clear();
        for (String document : documents) {
            checkLinks(document);
            String original = original(document);
            if (NOT_TRANSLATED.contains(document)) {
                continue;
            }
            if (Files.exists(root.resolve(original))) {
                compare(document, original);
            } else {
                faults.add(document + " has no original " + original);
            }
        }
        return List.copyOf(faults);
    }

    private static String original(String document) {
        return switch (document) {
            case README -> "README.md";
            case PROGRAMS -> "docs/reports/seeds.md";
            default -> document.replaceFirst("^" + FOLDER, "docs/");
        };
    }

    private DocumentShape shape(String document) throws IOException {
        if (!shapes.containsKey(document)) {
            shapes.put(document, DocumentShape.of(Files.readString(root.resolve(document))));
        }
        return shapes.get(document);
    }

    // ---- links ----

    /** A place of the project: a file or folder, and maybe an anchor in it. */
    private record Place(String path, String anchor) {

        static Place of(String document, String link) {
            int hash = link.indexOf('#');
            String file = hash < 0 ? link : link.substring(0, hash);
            String path = file.isEmpty() ? document : Path.of(document).resolveSibling(file).normalize().toString();
            return new Place(path.replace('\\', '/'), hash < 0 ? "" : link.substring(hash + 1));
        }
    }

    private static boolean leadsOut(String link) {
        return link.matches("[a-z]+:.*");
    }

    private void checkLinks(String document) throws IOException {
        for (DocumentShape.Section section : shape(document).sections()) {
            for (String link : section.links()) {
                if (leadsOut(link)) {
                    continue;
                }
                Place place = Place.of(document, link);
                if (!Files.exists(root.resolve(place.path))
                        || !place.anchor.isEmpty() && shape(place.path).indexOf(place.anchor) < 0) {
                    faults.add(document + " links to " + link + ", which leads nowhere");
                }
                documents.stream()
                        .filter(each -> !each.equals(document) && original(each).equals(place.path))
                        .forEach(each -> faults
                                .add(document + " links to " + place.path + ", and " + each + " is there"));
            }
        }
    }

    /** Where the links of a section lead, each place named in the words of the original. */
    private List<String> places(String document, DocumentShape.Section section) throws IOException {
        List<String> places = new ArrayList<>();
        for (String link : section.links()) {
            if (leadsOut(link)) {
                places.add(link);
                continue;
            }
            Place place = Place.of(document, link);
            String path = original(place.path);
            boolean language = place.anchor.isEmpty() && path.equals(original(document));
            if (!language) {
                places.add(path + heading(place, path));
            }
        }
        places.sort(null);
        return places;
    }

    private String heading(Place place, String original) throws IOException {
        boolean named = !place.anchor.isEmpty()
                && Files.exists(root.resolve(place.path)) && Files.exists(root.resolve(original))
                && documents.stream()
                        .noneMatch(each -> NOT_TRANSLATED.contains(each) && original(each).equals(original));
        int index = named ? shape(place.path).indexOf(place.anchor) : -1;
        List<DocumentShape.Section> there = index < 0 ? List.of() : shape(original).sections();
        return index < there.size() && index >= 0 ? " '" + there.get(index).heading() + "'" : "";
    }

    // ---- comparing ----

    private void compare(String document, String original) throws IOException {
        List<DocumentShape.Section> there = shape(original).sections();
        List<DocumentShape.Section> here = shape(document).sections();
        String behind = document + " is behind " + original + ": ";
        List<String> found = new ArrayList<>();
        if (there.size() != here.size()) {
            found.add(heads(document, there, original, here));
        } else {
            for (int i = 0; i < there.size(); i++) {
                compareSections(original, there.get(i), here.get(i), found);
                compareLinks(there.get(i), places(original, there.get(i)), places(document, here.get(i)), found);
            }
        }
        found.forEach(fault -> faults.add(behind + fault));
    }

    private String heads(String document, List<DocumentShape.Section> there, String original,
            List<DocumentShape.Section> here) throws IOException {
        int at = 0;
        for (; at < Math.min(there.size(), here.size()); at++) {
            List<String> found = new ArrayList<>();
            compareSections(original, there.get(at), here.get(at), found);
            if (!found.isEmpty() || !places(original, there.get(at)).equals(places(document, here.get(at)))) {
                break;
            }
        }
        String first = at < there.size() ? there.get(at).heading() : here.get(at).heading();
        return there.size() + " heads there, " + here.size() + " here; the first that differs is '" + first + "'";
    }

    private void compareSections(String original, DocumentShape.Section there, DocumentShape.Section here,
            List<String> found) {
        String section = "section '" + there.heading() + "'";
        if (there.level() != here.level()) {
            found.add(section + " is of level " + there.level() + " there, " + here.level() + " here");
        }
        if (there.blocks().size() != here.blocks().size()) {
            found.add(counted(section, "code blocks", there.blocks().size(), here.blocks().size()));
        } else {
            for (int i = 0; i < there.blocks().size(); i++) {
                compareBlocks("code block " + (i + 1) + " of " + section, there.blocks().get(i), here.blocks().get(i),
                        found);
            }
        }
        if (there.tables().size() != here.tables().size()) {
            found.add(counted(section, "tables", there.tables().size(), here.tables().size()));
        } else {
            for (int i = 0; i < there.tables().size(); i++) {
                DocumentShape.Table table = there.tables().get(i);
                String line = original + "#" + there.anchor() + " " + (i + 1);
                rows.put(line, String.join(" ", table.rows().stream().map(DocumentShape.Row::digest).toList()));
                List<String> translated = List.of(translatedRows.getOrDefault(line, "").split(" "));
                compareTables("table " + (i + 1) + " of " + section, table, here.tables().get(i), translated, found);
            }
        }
    }

    private static String counted(String what, String things, int there, int here) {
        return what + " has " + there + " " + things + " there, " + here + " here";
    }

    private static void compareBlocks(String block, DocumentShape.Block there, DocumentShape.Block here,
            List<String> found) {
        int line = there.differsAt(here);
        if (line >= there.lines().size()) {
            found.add(counted(block, "lines", there.lines().size(), here.lines().size()));
        } else if (line >= 0) {
            found.add(block + " has there: " + there.lines().get(line).strip());
        }
    }

    private static void compareTables(String table, DocumentShape.Table there, DocumentShape.Table here,
            List<String> translated, List<String> found) {
        if (there.columns() != here.columns()) {
            found.add(counted(table, "columns", there.columns(), here.columns()));
        } else if (there.rows().size() != here.rows().size()) {
            found.add(counted(table, "rows", there.rows().size() - 1, here.rows().size() - 1));
        } else {
            for (int i = 0; i < there.rows().size(); i++) {
                Set<String> wanted = there.rows().get(i).constants();
                Set<String> given = here.rows().get(i).constants();
                if (!given.equals(wanted)) {
                    found.add(
                            "row " + i + " of " + table + " has there: " + String.join(", ", wanted) + "; here: "
                                    + String.join(", ", given));
                } else if (!translated.contains(there.rows().get(i).digest())) {
                    found.add("row " + i + " of " + table + " has other words than when it was translated: "
                            + there.rows().get(i));
                }
            }
        }
    }

    private static void compareLinks(DocumentShape.Section section, List<String> there, List<String> here,
            List<String> found) {
        List<String> missing = without(there, here);
        List<String> more = without(here, there);
        if (!missing.isEmpty() || !more.isEmpty()) {
            found.add("section '" + section.heading() + "' links to "
                    + (missing.isEmpty() ? "" : missing.getFirst() + " there, ")
                    + (more.isEmpty() ? "not here" : more.getFirst() + " here" + (missing.isEmpty() ? " only" : "")));
        }
    }

    private static List<String> without(List<String> all, List<String> taken) {
        List<String> rest = new ArrayList<>(all);
        taken.forEach(rest::remove);
        return rest;
    }
}
