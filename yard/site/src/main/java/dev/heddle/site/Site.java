package dev.heddle.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pages of the site: each document, each example. A link between documents becomes one between pages; one to a
 * source that is no example stays words, since the site has no sources.
 */
final class Site {

    private static final String EXAMPLES = "examples/src/main/java";
    private static final String FIGURES = "yard/figures";
    private static final String FIGURES_LIST = FIGURES + "/index.tsv";
    private static final String EXAMPLES_GROUP = "Examples";
    private static final String CHINESE_GROUP = "中文";

    /** The line of a document that leads to its other language; a page has that in its head. */
    private static final String LANGUAGES = "(?m)^(?:English \\| )?\\[(?:English|简体中文)]\\([^)]*\\)(?: \\| 简体中文)?\\n\\n";

    private static final List<String> ASSETS = List.of("style.css", "search.js");

    private final Path project;

    /** From the path in the project to the address in the site; in the order of the menu. */
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private final Map<String, String> groups = new LinkedHashMap<>();
    private final List<Page> pages = new ArrayList<>();

    private Site(Path project) {
        this.project = project;
    }

    /** Reads all documents of a project. */
    static Site of(Path project) throws IOException {
        Site site = new Site(project);
        site.document("Start", "README.md", "index.html");
        site.document("Guide", "docs/guide/README.md", "guide/index.html");
        site.documents("Guide", "docs/guide", "guide/");
        site.addresses.put("docs/guide", "guide/index.html");
        site.documents("Coming from", "docs", "coming-from-", "");
        site.document(EXAMPLES_GROUP, "examples/README.md", "examples/index.html");
        site.document("Reference", "docs/what-it-does.md", "what-it-does.html");
        site.document("Reference", "docs/builds.md", "builds.html");
        site.document("Reference", "docs/error-messages.md", "error-messages.html");
        site.document("Reference", "docs/http-client.md", "http-client.html");
        site.document("Reference", "docs/styles-of-fetching.md", "styles-of-fetching.html");
        site.document("Reference", "docs/limits.md", "limits.html");
        site.document("Reference", "docs/promises.md", "promises.html");
        site.document("Reference", "docs/performance.md", "performance.html");
        site.document("Reference", "yard/figures/README.md", "figures.html");
        site.document("Reference", "docs/threats.md", "threats.html");
        site.document("Reference", "docs/SECURITY.md", "security.html");
        site.document("Reference", "yard/models/README.md", "models.html");
        site.document("Reference", "ARCHITECTURE.md", "architecture.html");
        for (String house : List.of("kernel", "web", "beyond", "sight", "tool", "yard")) {
            site.document("Reference", house + "/README.md", house + ".html");
            if (!house.equals("yard")) {
                site.document("Reference", house + "/ARCHITECTURE.md", house + "-architecture.html");
            }
        }
        site.document("Reference", "docs/threads-and-locks.md", "threads-and-locks.html");
        site.document("Reference", "CONTRIBUTING.md", "contributing.html");
        site.document("Reference", "CHANGELOG.md", "changelog.html");
        site.documents("Reports", "docs/reports", "reports/");
        site.documents("Decisions", "docs/decisions", "decisions/");
        site.document(CHINESE_GROUP, "README.zh-CN.md", Page.CHINESE + "index.html");
        site.document(CHINESE_GROUP, "docs/zh/guide/README.md", Page.CHINESE + "guide/index.html");
        site.documents(CHINESE_GROUP, "docs/zh/guide", Page.CHINESE + "guide/");
        site.documents(CHINESE_GROUP, "docs/zh", Page.CHINESE);
        site.addresses.replace("docs/zh/programs.md", Page.CHINESE + "reports/seeds.html");
        Map<String, String> examples = site.examples();
        List<String> figures = site.figures();
        site.readDocuments();
        site.readExamples(examples);
        site.readFigures(figures);
        return site;
    }

    List<Page> pages() {
        return List.copyOf(pages);
    }

    // ---- what there is ----

    private void document(String group, String path, String address) {
        addresses.put(path, address);
        groups.put(path, group);
    }

    private void documents(String group, String directory, String target) throws IOException {
        documents(group, directory, "", target);
    }

    private void documents(String group, String directory, String prefix, String target) throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(directory))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".md") && !name.equals("README.md"))
                    .sorted()
                    .toList();
            for (String name : names) {
                String page = target + name.substring(0, name.length() - 3) + ".html";
                document(group, directory + "/" + name, page);
                if (prefix.isEmpty()) {
                    addresses.putIfAbsent(directory, page);
                }
            }
        }
    }

    /** The examples by their paths, with the addresses of their pages. */
    private Map<String, String> examples() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(project.resolve(EXAMPLES))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> project.relativize(file).toString().replace('\\', '/'))
                    .forEach(path -> found.put(path, address(path)));
        }
        addresses.putAll(found);
        found.keySet()
                .forEach(path -> addresses.put(directory(path), "examples/" + name(directory(path)) + "/index.html"));
        addresses.put("examples", "examples/index.html");
        return found;
    }

    /** The paths of the tables of figures. */
    private List<String> figures() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(FIGURES))) {
            List<String> paths = files.map(file -> FIGURES + "/" + file.getFileName())
                    .filter(path -> path.endsWith(".tsv"))
                    .sorted()
                    .toList();
            paths.forEach(path -> addresses.put(path, "figures/" + name(path).replace(".tsv", ".html")));
            return paths;
        }
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String address(String example) {
        return "examples" + example.substring(EXAMPLES.length(), example.length() - ".java".length()) + ".html";
    }

    // ---- reading ----

    private void readDocuments() {
        groups.forEach((path, group) -> {
            String address = Objects.requireNonNull(addresses.get(path));
            Page place = new Page(address, group, "", "", List.of());
            String text = read(path).replaceFirst(LANGUAGES, "");
            var markdown = new Markdown(text, link -> link(place, path, link), image -> picture(path, image));
            pages.add(new Page(address, group, markdown.title(), markdown.html(), markdown.sections()));
        });
    }

    private String link(Page place, String document, String link) {
        if (link.matches("[a-z]+:.*") || link.startsWith("#")) {
            return link;
        }
        int hash = link.indexOf('#');
        String anchor = hash < 0 ? "" : link.substring(hash);
        Path file = Path.of(document).resolveSibling(hash < 0 ? link : link.substring(0, hash)).normalize();
        String address = addresses.get(file.toString().replace('\\', '/'));
        if (address == null) {
            throw new SiteException(document + " has a link to " + link + ", which is no page");
        }
        return place.linkTo(address) + anchor;
    }

    /** A drawing as SVG, a picture of a screen as a URL that holds it. */
    private String picture(String document, String image) {
        String file = Path.of(document).resolveSibling(image).normalize().toString();
        if (!image.matches(".*\\.(svg|png)") || !Files.exists(project.resolve(file))) {
            throw new SiteException(document + " shows " + image + ", which is no picture of ours");
        }
        return image.endsWith(".svg")
                ? read(file)
                : "data:image/png;base64," + Base64.getEncoder().encodeToString(readBytes(file));
    }

    private void readExamples(Map<String, String> examples) {
        Map<String, StringBuilder> lists = new TreeMap<>();
        examples.forEach((path, address) -> {
            String source = read(path);
            String name = name(path);
            String title = Html.escape(name).replaceAll("(?<=[a-z])(?=[A-Z.])", "<wbr>");
            String html = "<h1>" + title + "</h1>\n<pre><code>" + JavaCode.html(source) + "</code></pre>\n";
            pages.add(new Page(address, "", name, html, List.of(new Page.Section("", 1, name, source))));
            String says = source.lines().findFirst().orElse("").replaceFirst("^//\\s*", "");
            lists.computeIfAbsent(directory(path), it -> new StringBuilder())
                    .append("<li><a href=\"").append(name.replace(".java", ".html")).append("\">")
                    .append(Html.escape(name))
                    .append("</a>: ").append(Html.escape(says)).append("</li>\n");
        });
        lists.forEach((directory, list) -> {
            String title = "Examples: " + name(directory);
            String html = "<h1>" + Html.escape(title) + "</h1>\n<ul>\n" + list + "</ul>\n";
            pages.add(new Page(Objects.requireNonNull(addresses.get(directory)), "", title, html, List.of()));
        });
    }

    private void readFigures(List<String> paths) {
        Map<String, List<String>> list = Figure.list(read(FIGURES_LIST));
        for (String path : paths) {
            String address = Objects.requireNonNull(addresses.get(path));
            String name = name(path).replace(".tsv", "");
            Page place = new Page(address, "", "", "", List.of());
            List<String> told = list.get(name);
            var markdown = told == null
                    ? new Markdown(Figure.table(name, read(path)), link -> link(place, path, link), image -> image)
                    : figure(place, path, Figure.of(name, told, read(path)));
            pages.add(new Page(address, "", markdown.title(), markdown.html(), markdown.sections()));
        }
    }

    private Markdown figure(Page place, String path, Figure figure) {
        return new Markdown(figure.markdown(), link -> link(place, path, link), image -> figure.picture());
    }

    private String read(String path) {
        return new String(readBytes(path), StandardCharsets.UTF_8);
    }

    private byte[] readBytes(String path) {
        try {
            return Files.readAllBytes(project.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- writing ----

    void write(Path target) throws IOException {
        checkAnchors();
        Template template = new Template(pages);
        for (Page page : pages) {
            Path file = target.resolve(page.address());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, template.page(page));
        }
        Files.writeString(target.resolve("search-index.js"), SearchIndex.script(pages));
        for (String asset : ASSETS) {
            Files.writeString(target.resolve(asset), resource(asset));
        }
    }

    /** A link with an anchor must lead to a heading. */
    void checkAnchors() {
        Map<String, Page> byAddress = new LinkedHashMap<>();
        pages.forEach(page -> byAddress.put(page.address(), page));
        for (Page page : pages) {
            for (String link : Links.of(page.html())) {
                int hash = link.indexOf('#');
                if (hash < 0 || link.matches("[a-z]+:.*")) {
                    continue;
                }
                String address = hash == 0
                        ? page.address()
                        : Path.of(page.address()).resolveSibling(link.substring(0, hash)).normalize().toString()
                                .replace('\\', '/');
                String anchor = link.substring(hash + 1);
                Page target = byAddress.get(address);
                if (target == null || target.sections().stream().noneMatch(it -> it.anchor().equals(anchor))) {
                    throw new SiteException(page.address() + " has a link to " + link + ", where no such heading is");
                }
            }
        }
    }

    static String resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
