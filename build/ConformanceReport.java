import module java.base;
import module java.xml;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Where suites are inherited. */
static final List<String> MODULES = List.of("kernel/conformance", "kernel/sim", "web/http");

/** The columns, by the first words of test classes. */
static final List<String> ENGINES = List.of(
        "Nio",
        "Epoll",
        "Uring",
        "Sim",
        "Memory",
        "Tls",
        "Limited",
        "Metered",
        "Stapled",
        "Throttled",
        "Timeout");

/** The rows, by the rest of the names of test classes. */
static final Set<String> SUITES = Set.of(
        "Engine",
        "Tcp",
        "FaultyTcp",
        "Reliability",
        "Interop",
        "LossPeer",
        "StoppedPeer",
        "Subprocess",
        "Transport",
        "PipeTransport",
        "InstantTransport",
        "TinyTransport",
        "Udp",
        "Unix",
        "Poller",
        "ByteByByte");

/** Named like a suite, but about the simulator's own engine. */
static final String NO_SUITE = "SimEngineTest";

/**
 * Shows which engine and stream passes which suite, from the reports of the last tests: a table of suites and engines,
 * with the tests that passed, and those that failed or were left out if there are any. Usage, from the root of the
 * project:
 *
 * <pre>java build/ConformanceReport.java</pre>
 *
 * <p>With the word {@code losses} it shows the cells of the crossed contract of ends and losses instead, a row for each
 * suite that plays them, and ends with an error if a cell is open.
 *
 * <p>A test class is named for its engine and its suite: {@code EpollTcpTest} is the suite {@code Tcp} on {@code
 * Epoll}. Ends with an error if a test has failed.
 */
void main(String[] arguments) throws Exception {
    if (List.of(arguments).equals(List.of("losses"))) {
        losses();
    } else {
        suites();
    }
}

void suites() throws Exception {
    SortedMap<String, SortedMap<String, Count>> suites = new TreeMap<>();
    for (Path file : reports()) {
        read(file, suites);
    }
    print(suites);
    if (suites.values().stream().flatMap(row -> row.values().stream()).anyMatch(count -> count.failed > 0)) {
        System.exit(1);
    }
}

List<Path> reports() throws Exception {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
        Path reports = Path.of(module, "target", "surefire-reports");
        if (!Files.isDirectory(reports)) {
            IO.println(reports + " is not there: run mvn verify first");
            continue;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            found.forEach(files::add);
        }
    }
    Collections.sort(files);
    return files;
}

/** What tests ended how. */
record Count(int passed, int failed, int absent) {

    Count plus(Count other) {
        return new Count(passed + other.passed, failed + other.failed, absent + other.absent);
    }

    @Override
    public String toString() {
        return passed + (failed > 0 ? ", " + failed + " FAILED" : "") + (absent > 0 ? ", " + absent + " absent" : "");
    }
}

void read(Path file, Map<String, SortedMap<String, Count>> suites) throws Exception {
    Element report = parse(file);
    String name = report.getAttribute("name");
    String test = name.substring(name.lastIndexOf('.') + 1);
    for (String engine : ENGINES) {
        String suite = test.endsWith("Test") && test.startsWith(engine)
                ? test.substring(engine.length(), test.length() - "Test".length())
                : "";
        if (SUITES.contains(suite) && !test.equals(NO_SUITE)) {
            int failed = number(report, "failures") + number(report, "errors");
            int absent = number(report, "skipped");
            Count count = new Count(number(report, "tests") - failed - absent, failed, absent);
            suites.computeIfAbsent(suite, s -> new TreeMap<>()).merge(engine, count, Count::plus);
        }
    }
}

Element parse(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
}

int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
}

void print(SortedMap<String, SortedMap<String, Count>> suites) {
    List<String> engines = ENGINES.stream()
            .filter(engine -> suites.values().stream().anyMatch(row -> row.containsKey(engine)))
            .toList();
    IO.println(row("", engines));
    suites.forEach((suite, counts) -> IO.println(row(
            suite,
            engines.stream().map(engine -> counts.containsKey(engine) ? counts.get(engine).toString() : "").toList())));
}

String row(String first, List<String> cells) {
    return "%-18s".formatted(first)
            + cells.stream().map("%-14s"::formatted).collect(Collectors.joining()).stripTrailing();
}

// ---- the cells of the crossed contract of ends and losses ----

/** As {@code LossCell} orders them, whose cells a test numbers from 1. */
static final List<String> DEEDS = List.of("half close", "reset", "silence", "end");

static final List<String> WAITING = List.of("rd", "wr", "both", "none");
static final int CELLS = 64;
static final int CELLS_OF_DEED = 16;

/** A test is {@code cellOfALoss()[12]}, or of another method that begins so; without a number it has not come to any. */
static final Pattern CELL = Pattern.compile("((?:slowC|c)ellOfA\\w+)(?:\\(\\))?(?:\\[(\\d+)])?");

void losses() throws Exception {
    SortedMap<String, char[]> rows = new TreeMap<>();
    for (Path file : reports()) {
        readCells(file, rows);
    }
    IO.println(row("", DEEDS, 20));
    IO.println(row("",
            Collections.nCopies(DEEDS.size(), String.join(" ", WAITING.stream().map("%-4s"::formatted).toList())), 20));
    rows.forEach((suite, cells) -> IO.println(row(suite, groups(cells), 20)));
    IO.println("\nFour marks: once, twice, after a write, after a read. + passed, F failed, . open");
    if (rows.isEmpty() || rows.values().stream().anyMatch(cells -> !String.valueOf(cells).matches("[+ ]*"))) {
        System.exit(1);
    }
}

void readCells(Path file, Map<String, char[]> rows) throws Exception {
    NodeList tests = parse(file).getElementsByTagName("testcase");
    for (int i = 0; i < tests.getLength(); i++) {
        Element test = (Element) tests.item(i);
        Matcher cell = CELL.matcher(test.getAttribute("name"));
        if (cell.matches()) {
            boolean failed = test.getElementsByTagName("failure").getLength()
                    + test.getElementsByTagName("error").getLength() > 0;
            boolean cut = cell.group(1).contains("ACut");
            char[] row = rows.computeIfAbsent(suite(file, cell.group(1)), s -> open(cut));
            if (cell.group(2) != null) {
                row[Integer.parseInt(cell.group(2)) - 1 + (cut ? CELLS_OF_DEED : 0)] = failed ? 'F' : '+';
            }
        }
    }
}

/** Nothing is known yet; a cut is a way to reset. */
char[] open(boolean cut) {
    char[] row = new char[CELLS];
    Arrays.fill(row, cut ? ' ' : '.');
    Arrays.fill(row, CELLS_OF_DEED, 2 * CELLS_OF_DEED, '.');
    return row;
}

String suite(Path file, String method) {
    String report = file.getFileName().toString().replaceFirst("\\.xml$", "");
    String test = report.substring(report.lastIndexOf('.') + 1).replaceFirst("Test\\b", "");
    return test + method.replaceFirst("ellOfA(Loss)?", "").replaceFirst("^slowC", " slow ").replaceFirst("^c", " ");
}

List<String> groups(char[] cells) {
    List<String> groups = new ArrayList<>();
    for (int deed = 0; deed < CELLS; deed += CELLS_OF_DEED) {
        groups.add(String.valueOf(cells, deed, CELLS_OF_DEED).replaceAll("(?<=\\G.{4})(?=.)", " "));
    }
    return groups;
}

String row(String first, List<String> cells, int width) {
    return "%-56s".formatted(first)
            + cells.stream().map(cell -> ("%-" + (width + 1) + "s").formatted(cell)).collect(Collectors.joining())
                    .stripTrailing();
}
