import module java.base;
import module java.xml;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What Maven may resolve for this build, with the checksums of all. */
static final Path CHECKSUMS = Path.of("checksums.sha256");

/** The licences that parts of the build may have. */
static final Path LICENCES = Path.of("licences.txt");

static final String OURS = "dev/heddle/";

static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");

static final Pattern LICENCE = Pattern.compile("(?s)<license>.*?<name>(.*?)</name>");

static final Pattern PARENT = Pattern.compile("(?s)<parent>(.*?)</parent>");

/** The name and the version of a part in CycloneDX's form. */
static final Pattern PART = Pattern.compile("\"purl\" : \"pkg:maven/[^/]+/([^@]+)@([^?\"]+)");

/** What a note says of a library whose files lie beside it: name, version, site, its name there, checksum, licence. */
static final Pattern VENDORED = Pattern
        .compile("(?s)(\\S+) (\\S+), (https://\\S+), from the npm registry: ([a-z0-9-]+)-\\2\\.tgz,"
                + " whose integrity is\\s+sha512-(\\S+)\\s.*?\\n\\n[^\\n]*\\(([\\w.-]+)\\)\\n.*");

/** The checksum of a file beside such a note. */
static final Pattern SUM = Pattern.compile("(?m)^([0-9a-f]{64})  (\\S+)$");

static final String COMPONENTS = "\"components\" : [";

static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

/** What is wrong, for people. */
final List<String> problems = new ArrayList<>();

/**
 * Compares the plugins and dependencies in Maven's local repository with the list of those that this build may use,
 * and their licences with the allow-list. Usage, from anywhere:
 *
 * <pre>
 * java build/Supply.java check REPOSITORY          what is there is as listed, and what our poms name is listed
 * java build/Supply.java check-all REPOSITORY      also: nothing else is there; for a repository of this build alone
 * java build/Supply.java write REPOSITORY          makes the list anew from such a repository
 * java build/Supply.java parts BOM...              the lists of parts of our artifacts, in CycloneDX's form; adds the
 *                                                  libraries whose files lie among our resources
 * java build/Supply.java contents BOM FOLDER       each jar of the folder is in the list of parts
 * </pre>
 *
 * <p>What is resolved follows from our poms and from the poms they lead to. All of these are compared, so in a repository
 * that other builds share, too, nothing comes into this build that is not listed.
 *
 * <p>When a dependency or plugin has changed: {@code build/resolve /tmp/repository}, then {@code write}, and read the
 * difference before it is committed: whether the new files are those that their makers published, for example by their
 * signatures, and whether their licences may be added.
 *
 * <p>Needs no network. Ends with an error if something is wrong.
 */
void main(String[] arguments) throws Exception {
    String command = arguments.length < 2 ? "" : arguments[0];
    switch (command) {
        case "check" -> check(Path.of(arguments[1]), false);
        case "check-all" -> check(Path.of(arguments[1]), true);
        case "write" -> write(Path.of(arguments[1]));
        case "parts" -> {
            for (String each : List.of(arguments).subList(1, arguments.length)) {
                addVendored(Path.of(each));
                checkParts(Path.of(each));
            }
        }
        case "contents" -> checkContents(Path.of(arguments[1]), Path.of(arguments[2]));
        default -> problems.add(
                "usage: java build/Supply.java check|check-all|write REPOSITORY, parts BOM..., or contents BOM FOLDER");
    }
    problems.forEach(System.err::println);
    if (!problems.isEmpty()) {
        System.err
                .println("If you have changed a dependency or plugin, the head of build/Supply.java says what to do.");
        System.exit(1);
    }
}

static Path build() {
    return Path.of(System.getProperty("jdk.launcher.sourcefile", "build/Supply.java")).toAbsolutePath().getParent();
}

void check(Path repository, boolean all) throws Exception {
    Map<String, String> listed = listed();
    int there = 0;
    for (Map.Entry<String, String> each : listed.entrySet()) {
        Path file = repository.resolve(each.getKey());
        if (Files.exists(file)) {
            there++;
            if (!checksum(file).equals(each.getValue())) {
                problems.add("is not what is listed: " + file
                        + "; remove it and build again: if it comes back so, somebody has changed it, so tell us"
                        + " as docs/SECURITY.md says");
            }
        }
    }
    if (all) {
        artifacts(repository).stream()
                .filter(path -> !listed.containsKey(path))
                .forEach(path -> problems.add("is not listed: " + path));
    }
    checkNamed(repository, listed.keySet());
    checkVendored();
    checkLicences(repository, listed.keySet(), all && there == listed.size());
    IO.println(there + " of " + listed.size() + " listed files of plugins and dependencies compared");
}

void write(Path repository) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String path : artifacts(repository)) {
        lines.add(checksum(repository.resolve(path)) + "  " + path);
    }
    Files.write(build().resolve(CHECKSUMS), lines);
}

static Map<String, String> listed() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(build().resolve(CHECKSUMS))) {
        listed.put(line.substring(line.indexOf(' ') + 2), line.substring(0, line.indexOf(' ')));
    }
    return listed;
}

static List<String> artifacts(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
        return files.map(file -> repository.relativize(file).toString())
                .filter(path -> (path.endsWith(".jar") || path.endsWith(".pom")) && !path.startsWith(OURS))
                .sorted()
                .toList();
    }
}

static String checksum(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
}

// ---- what the poms of this build name ----

void checkNamed(Path repository, Set<String> listed) throws Exception {
    Path root = build().getParent();
    // Also those of profiles.
    List<String> folders = new ArrayList<>(List.of("."));
    elements(read(root.resolve("pom.xml")).getElementsByTagName("module"))
            .forEach(module -> folders.add(module.getTextContent().strip()));
    Map<String, String> properties = new HashMap<>();
    for (String folder : new LinkedHashSet<>(folders)) {
        Path file = root.resolve(folder).resolve("pom.xml").normalize();
        Document pom = read(file);
        for (Element each : elements(pom.getElementsByTagName("properties"))) {
            elements(each.getChildNodes()).forEach(
                    property -> properties.put(property.getTagName(), property.getTextContent().strip()));
        }
        for (Element each : elements(pom.getElementsByTagName("version"))) {
            checkNamed(file, (Element) each.getParentNode(), properties, repository, listed);
        }
    }
}

void checkNamed(
        Path pom, Element part, Map<String, String> properties, Path repository, Set<String> listed) {
    if (!List.of("dependency", "plugin", "path").contains(part.getTagName())) {
        return;
    }
    String group = child(part, "groupId").orElse("org.apache.maven.plugins");
    String artifact = child(part, "artifactId").orElse("");
    String version = PROPERTY.matcher(child(part, "version").orElse(""))
            .replaceAll(name -> Matcher.quoteReplacement(properties.getOrDefault(name.group(1), name.group())));
    String folder = group.replace('.', '/') + "/" + artifact + "/" + version + "/";
    if (!folder.startsWith(OURS)
            && Files.exists(repository.resolve(folder)) // else no build here has asked for it yet
            && listed.stream().noneMatch(path -> path.startsWith(folder))) {
        problems.add(pom + " names what is not listed: " + group + ":" + artifact + ":" + version);
    }
}

// ---- licences ----

void checkLicences(Path repository, Set<String> listed, boolean allThere) throws Exception {
    List<String> allowed = allowed();
    Set<String> needed = new HashSet<>();
    vendored().forEach(each -> needed.add(each.licence));
    for (String jar : listed) {
        needed.add(artifact(jar));
        Path pom = repository.resolve(jar.replaceFirst("[^/]*$", "") + nameOfPom(jar));
        if (!jar.endsWith(".jar") || !Files.exists(pom)) {
            continue;
        }
        Optional<List<String>> found = licences(repository, pom);
        if (found.isEmpty() && !allThere) {
            continue; // no build here has asked for it: Maven would have had to resolve its parents
        }
        List<String> names = found.orElse(List.of());
        needed.addAll(names);
        if (names.stream().noneMatch(allowed::contains) && !allowed.contains(artifact(jar))) {
            problems.add("has " + (names.isEmpty() ? "no licence" : "the licence " + names) + ": " + artifact(jar)
                    + "; if its terms let everybody use, change and pass it on, add the name of the licence, or else of"
                    + " the artifact, to build/licences.txt");
        }
    }
    if (allThere) {
        allowed.stream()
                .filter(name -> !needed.contains(name))
                .forEach(name -> problems.add("is in build/licences.txt, and nothing needs it: " + name));
    }
}

static List<String> allowed() throws IOException {
    return Files.readAllLines(build().resolve(LICENCES)).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
}

/** The group and the artifact of a file, as they stand in the allow-list. */
static String artifact(String path) {
    String[] folders = path.split("/");
    return String.join(".", List.of(folders).subList(0, folders.length - 3)) + ":" + folders[folders.length - 3];
}

static String nameOfPom(String path) {
    String[] folders = path.split("/");
    return folders[folders.length - 3] + "-" + folders[folders.length - 2] + ".pom";
}

/**
 * The licences of a pom, which may be those of its parent; nothing where a parent's pom is not there. Read as text, since
 * old poms are not always XML.
 */
static Optional<List<String>> licences(Path repository, Path pom) throws Exception {
    String text = COMMENT.matcher(Files.readString(pom, StandardCharsets.ISO_8859_1)).replaceAll("");
    List<String> names = LICENCE.matcher(text).results()
            .map(licence -> licence.group(1).strip().replaceAll("\\s+", " "))
            .toList();
    Matcher parent = PARENT.matcher(text);
    if (!names.isEmpty() || !parent.find()) {
        return Optional.of(names);
    }
    String artifact = tagged(parent.group(1), "artifactId");
    String version = tagged(parent.group(1), "version");
    Path above = repository.resolve(tagged(parent.group(1), "groupId").replace('.', '/'))
            .resolve(artifact).resolve(version).resolve(artifact + "-" + version + ".pom");
    return Files.exists(above) ? licences(repository, above) : Optional.empty();
}

static String tagged(String text, String tag) {
    Matcher found = Pattern.compile("<" + tag + ">\\s*([^<]*?)\\s*<").matcher(text);
    return found.find() ? found.group(1) : "";
}

// ---- what lies among our resources ----

/**
 * A library whose files lie among our resources, since no repository of Maven's has it.
 *
 * @param note the file that says so, beside them
 * @param artifact of ours, whose jar they are in
 * @param integrity the checksum of the archive that they are from, SHA-512 in Base64
 */
record Vendored(
        Path note, String artifact, String name, String version, String site, String integrity, String licence) {

    String purl() {
        return "pkg:npm/" + name + "@" + version;
    }

    /** As a part, in CycloneDX's form. */
    String part() {
        return """
                {
                      "type" : "library",
                      "bom-ref" : "%1$s",
                      "name" : "%2$s",
                      "version" : "%3$s",
                      "hashes" : [ { "alg" : "SHA-512", "content" : "%4$s" } ],
                      "licenses" : [ { "license" : { "id" : "%5$s" } } ],
                      "purl" : "%1$s",
                      "externalReferences" : [ { "type" : "website", "url" : "%6$s" } ]
                    }"""
                .formatted(purl(), name, version, HexFormat.of().formatHex(Base64.getDecoder().decode(integrity)),
                        licence,
                        site);
    }
}

static List<Vendored> vendored() throws IOException {
    List<Vendored> all = new ArrayList<>();
    List<Path> modules;
    try (Stream<Path> folders = Files.list(build().getParent())) {
        modules = folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/resources"))).sorted().toList();
    }
    for (Path module : modules) {
        List<Path> notes;
        try (Stream<Path> files = Files.walk(module.resolve("src/main/resources"))) {
            notes = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
        for (Path note : notes) {
            Matcher said = VENDORED.matcher(Files.readString(note));
            if (said.matches()) {
                all.add(new Vendored(note, "heddle-" + module.getFileName(), said.group(4), said.group(2),
                        said.group(3),
                        said.group(5), said.group(6)));
            }
        }
    }
    return all;
}

/** That its files are what its note says, and that it has a licence that is allowed. */
void checkVendored() throws Exception {
    for (Vendored each : vendored()) {
        if (!allowed().contains(each.licence)) {
            problems.add(
                    "has the licence " + each.licence + ": " + each.note + "; if its terms let everybody use, change"
                            + " and pass it on, add the name of the licence to build/licences.txt");
        }
        Matcher sums = SUM.matcher(Files.readString(each.note));
        while (sums.find()) {
            Path file = each.note.resolveSibling(sums.group(2));
            if (!Files.exists(file) || !checksum(file).equals(sums.group(1))) {
                problems.add("is not what " + each.note + " says: " + file);
            }
        }
    }
}

// ---- the lists of parts ----

/** Adds to the list of parts of an artifact what lies among its resources, or among those of another of ours in it. */
void addVendored(Path bom) throws IOException {
    if (!Files.exists(bom)) {
        return;
    }
    String text = Files.readString(bom);
    for (Vendored each : vendored()) {
        int begin = text.indexOf(COMPONENTS) + COMPONENTS.length();
        if (text.contains("pkg:maven/dev.heddle/" + each.artifact + "@") && !text.contains(each.purl())) {
            if (begin < COMPONENTS.length()) {
                problems.add(bom + " has no " + COMPONENTS);
                return;
            }
            String rest = text.substring(begin).stripLeading();
            text = text.substring(0, begin) + "\n    " + each.part() + (rest.startsWith("]") ? "\n  " : ", ") + rest;
        }
    }
    Files.writeString(bom, text);
}

/** That it lists the artifact beside it, and that a second build would make the same. */
void checkParts(Path bom) throws IOException {
    if (!Files.exists(bom)) {
        problems.add("there is no list of parts: " + bom);
        return;
    }
    String text = Files.readString(bom);
    Map.of(
            "\"bomFormat\" : \"CycloneDX\"", true,
            "\"purl\" : \"pkg:maven/dev.heddle/", true,
            "\"licenses\"", true,
            "\"serialNumber\"", false).forEach((words, wanted) -> {
                if (text.contains(words) != wanted) {
                    problems.add(bom + (wanted ? " has no " : " has a ") + words);
                }
            });
}

/** That each jar of a folder is a part, by its name. */
void checkContents(Path bom, Path folder) throws IOException {
    Set<String> parts = PART.matcher(Files.readString(bom)).results()
            .map(part -> part.group(1) + "-" + part.group(2) + ".jar")
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(folder)) {
        files.map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".jar") && !parts.contains(name))
                .sorted()
                .forEach(name -> problems.add("is not in the list of parts " + bom + ": " + name));
    }
}

// ---- XML ----

static Document read(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(file.toFile());
}

static List<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item)
            .filter(Element.class::isInstance)
            .map(Element.class::cast)
            .toList();
}

static Optional<String> child(Element parent, String name) {
    return elements(parent.getChildNodes()).stream()
            .filter(each -> each.getTagName().equals(name))
            .map(Node::getTextContent)
            .map(String::strip)
            .findFirst();
}
