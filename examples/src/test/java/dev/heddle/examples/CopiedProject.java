package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A project of users, built without a network: with Maven's local repository as it is, and beside it the artifacts of
 * this build as {@code heddle install} puts them there.
 *
 * @param folder of the project
 * @param repository the local repository
 */
record CopiedProject(Path folder, Path repository) {

    private static final Path ROOT = Path.of("..");

    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");

    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(heddle-(?!parent).*?)</artifactId>");

    /** What a command has printed. */
    record Ran(int exit, String said) {

        String passed() {
            assertEquals(0, exit, said);
            return said;
        }
    }

    /** A copy of one of the folders beside this one. */
    static CopiedProject of(String example, Path to, Path repository) throws IOException {
        Path from = Path.of(example);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = from.relativize(file);
                if (!relative.startsWith("target")) {
                    Path copy = to.resolve(relative);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return new CopiedProject(to, repository);
    }

    /** Makes the local repository: links to what is there already, and jars of what this build has compiled. */
    static Path repository(Path to) throws IOException {
        Path there = Path.of(System.getProperty("localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        Path ours = Path.of("dev", "heddle");
        link(there, to, ours.getParent());
        link(there.resolve(ours.getParent()), to.resolve(ours.getParent()), ours.getFileName());
        Files.createDirectories(to.resolve(ours));
        String version = version();
        Files.copy(ROOT.resolve("pom.xml"), artifact(to, "heddle-parent", version, ".pom"));
        String pom = Documents.text("pom.xml");
        Matcher modules = MODULE.matcher(pom.substring(0, pom.indexOf("<profiles>")));
        while (modules.find()) {
            Path module = ROOT.resolve(modules.group(1));
            Matcher name = ARTIFACT.matcher(Files.readString(module.resolve("pom.xml")));
            assertTrue(name.find(), module::toString);
            Path classes = module.resolve("target").resolve("classes");
            Files.copy(module.resolve("pom.xml"), artifact(to, name.group(1), version, ".pom"));
            if (Files.isDirectory(classes)) {
                jar(artifact(to, name.group(1), version, ".jar"), classes);
            }
        }
        return to;
    }

    static String version() {
        Matcher version = Pattern.compile("<artifactId>heddle-parent</artifactId>\\s*<version>(.*)</version>")
                .matcher(Documents.text("pom.xml"));
        assertTrue(version.find());
        return version.group(1);
    }

    private static void link(Path there, Path to, Path except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(there)) {
            return;
        }
        try (Stream<Path> entries = Files.list(there.toAbsolutePath())) {
            for (Path entry : entries.filter(each -> !each.getFileName().equals(except)).toList()) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }

    private static Path artifact(Path repository, String name, String version, String ending) throws IOException {
        Path folder = repository.resolve(Path.of("dev", "heddle", name, version));
        return Files.createDirectories(folder).resolve(name + "-" + version + ending);
    }

    private static void jar(Path jar, Path classes) {
        int exit = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--no-compress",
                "--file", jar.toString(), "-C", classes.toString(), ".");
        assertEquals(0, exit, jar::toString);
    }

    /**
     * Runs Maven in the project, on the machine's own Java, and without a network; but where the repository lacks a
     * plugin that no build here has asked for yet, with it.
     */
    Ran maven(String... arguments) throws Exception {
        return maven(isOnPath("java"), arguments);
    }

    /** As above, on the JDK of these tests. */
    Ran mavenOnThisJdk(String... arguments) throws Exception {
        return maven(false, arguments);
    }

    private Ran maven(boolean byPath, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("mvn", "-q", "-B", "-Dmaven.repo.local=" + repository.toAbsolutePath()));
        command.addAll(List.of(arguments));
        List<String> offline = new ArrayList<>(command);
        offline.add(1, "-o");
        Ran ran = run(byPath, offline.toArray(String[]::new));
        return ran.said().contains("offline mode") ? run(byPath, command.toArray(String[]::new)) : ran;
    }

    private static boolean isOnPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Runs the {@code java} of these tests in the project, with no other options than are named. */
    Ran java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** Runs a command in the project, both its outputs together. */
    Ran run(String... command) throws Exception {
        return run(false, command);
    }

    private Ran run(boolean byPath, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAVEN_"));
        // Surefire has set it to the JDK of these tests, and Maven would run on that.
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        if (byPath) {
            environment.remove("JAVA_HOME");
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), said);
        } finally {
            List<ProcessHandle> below = process.descendants().toList();
            if (process.toHandle().isAlive()) { // else its number may be another's
                below.forEach(ProcessHandle::destroyForcibly);
            }
            process.destroyForcibly();
        }
    }
}
