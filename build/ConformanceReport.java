import module java.base;
import module java.xml;

import org.w3c.dom.Element;

/** Where suites are inherited. */
static final List<String> MODULES = List.of("conformance", "sim", "http");

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
 * <p>A test class is named for its engine and its suite: {@code EpollTcpTest} is the suite {@code Tcp} on {@code
 * Epoll}. Ends with an error if a test has failed.
 */
void main() throws Exception {
    SortedMap<String, SortedMap<String, Count>> suites = new TreeMap<>();
    for (String module : MODULES) {
        Path reports = Path.of(module, "target", "surefire-reports");
        if (!Files.isDirectory(reports)) {
            IO.println(reports + " is not there: run mvn verify first");
            continue;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                read(file, suites);
            }
        }
    }
    print(suites);
    if (suites.values().stream().flatMap(row -> row.values().stream()).anyMatch(count -> count.failed > 0)) {
        System.exit(1);
    }
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
    Element report = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile())
            .getDocumentElement();
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
