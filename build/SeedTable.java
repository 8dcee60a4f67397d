import module java.base;
import module java.xml;

import org.w3c.dom.Element;

/** The tables, one for each document. */
static final Path TABLES = Path.of("examples", "seeds");

static final Path PROGRAMS = Path.of("examples", "src", "main", "java");

static final Path TESTS = Path.of("examples", "target", "surefire-reports");

static final Path REPORT = Path.of("docs", "reports", "seeds.md");

static final Path CHINESE = Path.of("docs", "zh", "programs.md");

/**
 * Shows which example answers which Python program of the seed documents, and whether its test has passed, from the
 * reports of the last tests. Writes it to docs/reports/seeds.md as well, and the programs with their examples in Chinese
 * to docs/zh/programs.md. Usage, from the root of the project:
 *
 * <pre>java build/SeedTable.java</pre>
 *
 * <p>A table has a line for each program, with tabs between: its number, its heading, the file of the example below
 * {@code examples/src/main/java}, the test as {@code Class#method}, the heading that the program stands under in its
 * document, and what it is in Chinese. Several files or tests have commas between them. A first line that begins with
 * {@code #} is the title of the document, in English and in its own words.
 *
 * <p>Ends with an error if a file is missing, or if a test is missing, was not run or has failed. One that was skipped,
 * because Python lacks a module for example, is no error.
 */
void main() throws Exception {
    Map<String, String> results = results();
    List<Document> documents = documents();
    StringBuilder report = new StringBuilder(
            """
                    # Seeds

                    The Python programs of the documents that Heddle began with, the example that answers each, and what became of its test
                    in the last run. Made by `java build/SeedTable.java` from `examples/seeds`.
                    """);
    List<String> problems = new ArrayList<>();
    for (Document document : documents) {
        report.append("\n## ").append(document.title()).append("\n\n").append(document.summary()).append("\n\n");
        report.append("| | program | ours | command | test | |\n|---:|---|---|---|---|---|\n");
        for (Row row : document.rows()) {
            String verdict = verdict(row, results);
            report.append("| %s | %s | %s | %s | %s | %s |\n".formatted(
                    row.number(),
                    row.heading().replace("|", "\\|"),
                    row.files().stream().map(this::link).collect(Collectors.joining(", ")),
                    row.files().stream().map(this::command).collect(Collectors.joining("<br>")),
                    row.tests().stream().map(test -> "`" + test + "`").collect(Collectors.joining(", ")),
                    verdict));
            if (!List.of("green", "skipped").contains(verdict)) {
                problems.add(document.name() + ", program " + row.number() + ": " + verdict);
            }
        }
    }
    IO.print(report);
    Files.writeString(REPORT, report);
    Files.writeString(CHINESE, chinese(documents));
    problems.forEach(IO::println);
    if (documents.isEmpty() || !problems.isEmpty()) {
        System.exit(1);
    }
}

/** The same programs for who reads the documents: by the documents' own headings, and without tests. */
String chinese(List<Document> documents) {
    StringBuilder page = new StringBuilder(
            """
                    # 五份文档的程序

                    Heddle 始于五份讲 Python 并发的中文文档。下面按文档的顺序列出其中每个 Python 程序，以及与它对应的 Heddle 程序。“标题”一栏照抄原文，方便查找。每个程序都有测试，测试名和最近一次的结果见[英文表](../reports/seeds.md)；一个个调用的对照，见[从 Python 过来](coming-from-python.md)。

                    本页由 `java build/SeedTable.java` 根据 `examples/seeds` 生成。
                    """);
    for (Document document : documents) {
        page.append("\n## %s %s\n\n%d 个程序\n\n".formatted(
                document.name(), document.chinese(), document.rows().size()));
        page.append("| | 标题 | 程序 | 对应的 Heddle 程序 | 命令 |\n|---:|---|---|---|---|\n");
        for (Row row : document.rows()) {
            page.append("| %s | %s | %s | %s | %s |\n".formatted(
                    row.number(),
                    row.section(),
                    row.chinese(),
                    row.files().stream().map(this::link).collect(Collectors.joining("，")),
                    row.files().stream().map(this::command).collect(Collectors.joining("<br>"))));
        }
    }
    return page.toString();
}

/** One line of a table. */
record Row(
        String number,
        String heading,
        List<String> files,
        List<String> tests,
        String section,
        String chinese) {

    static Row of(Path table, String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 6 || cells[2].isBlank()) {
            throw new IllegalArgumentException(table + " has a line without a file, or without six cells: " + line);
        }
        return new Row(
                cells[0].strip(),
                cells[1].strip(),
                parts(cells[2]),
                parts(cells[3]),
                cells[4].strip(),
                cells[5].strip());
    }

    private static List<String> parts(String cell) {
        return Stream.of(cell.split("[, ]+")).filter(part -> !part.isEmpty()).toList();
    }
}

/** One table. */
record Document(String name, String title, String chinese, List<Row> rows) {

    String summary() {
        return rows.size() + " programs";
    }
}

List<Document> documents() throws IOException {
    List<Document> documents = new ArrayList<>();
    try (Stream<Path> tables = Files.list(TABLES)) {
        for (Path table : tables.filter(file -> file.toString().endsWith(".tsv")).sorted().toList()) {
            String name = table.getFileName().toString().replace(".tsv", "");
            List<String> lines = Files.readAllLines(table);
            String[] titles = lines.getFirst().substring(1).strip().split("\t");
            documents.add(new Document(
                    name,
                    name + ": " + titles[0],
                    titles[1],
                    lines.stream()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(line -> Row.of(table, line))
                            .toList()));
        }
    }
    return documents;
}

/**
 * What became of each test: {@code Class#method}, without its package and its parameters, and one of green, skipped,
 * FAILED.
 */
Map<String, String> results() throws Exception {
    Map<String, String> results = new HashMap<>();
    if (!Files.isDirectory(TESTS)) {
        IO.println(TESTS + " is not there: run mvn verify first");
        return results;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(TESTS, "TEST-*.xml")) {
        for (Path file : files) {
            var cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                String type = test.getAttribute("classname");
                String method = test.getAttribute("name").replaceFirst("[({\\[ ].*", "");
                results.merge(type.substring(type.lastIndexOf('.') + 1) + "#" + method, outcome(test), this::worse);
            }
        }
    }
    return results;
}

String outcome(Element test) {
    if (has(test, "failure") || has(test, "error")) {
        return "FAILED";
    }
    return has(test, "skipped") ? "skipped" : "green";
}

boolean has(Element test, String part) {
    return test.getElementsByTagName(part).getLength() > 0;
}

/** From good to bad. */
static final List<String> OUTCOMES = List.of("green", "skipped", "NOT RUN", "FAILED");

/** Of several tests, and of one with several parameters, the worst counts. */
String worse(String one, String other) {
    return OUTCOMES.indexOf(one) > OUTCOMES.indexOf(other) ? one : other;
}

String verdict(Row row, Map<String, String> results) {
    for (String file : row.files()) {
        if (!Files.exists(PROGRAMS.resolve(file))) {
            return "NO FILE " + file;
        }
    }
    if (row.tests().isEmpty()) {
        return "NO TEST";
    }
    String verdict = "green";
    for (String test : row.tests()) {
        verdict = worse(verdict, results.getOrDefault(test, "NOT RUN"));
    }
    return verdict;
}

String command(String file) {
    return "`./heddle run " + Path.of(file).getFileName().toString().replace(".java", "") + "`";
}

String link(String file) {
    return file.endsWith(".java")
            ? "[" + file.replace(".java", "") + "](../../" + PROGRAMS.resolve(file).toString().replace('\\', '/') + ")"
            : file;
}
