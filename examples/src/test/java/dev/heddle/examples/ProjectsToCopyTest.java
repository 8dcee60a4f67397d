package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Projects to copy are built by Maven without a network and run: class path, one jar, module path, images. */
@Tag("night")
@Timeout(600) // Maven, several times, maybe on a busy machine
final class ProjectsToCopyTest {

    @TempDir
    private static Path work;

    private static Path repository;

    @BeforeAll
    static void localRepository() throws IOException {
        repository = CopiedProject.repository(work.resolve("repository"));
    }

    private static CopiedProject copied(String example) throws IOException {
        return CopiedProject.of(example, work.resolve(example), repository);
    }

    private static String engine(String said) {
        return said.lines().filter(line -> line.startsWith("engine ")).findFirst().orElse("no engine: " + said);
    }

    /** What runs these tests has the same engines on its path. */
    private static void assertLinesAndEngine(List<String> expected, String said) {
        List<String> lines = said.lines().toList();
        assertEquals(expected, lines.subList(0, Math.min(expected.size(), lines.size())), said);
        assertEquals("engine " + Engines.chosen(), engine(said), said);
        assertEquals(expected.size() + 1, lines.size(), "no warnings: " + said);
    }

    @Test
    void classPathOfOneFolder() throws Exception {
        CopiedProject project = copied("maven");
        project.maven("package").passed();
        try (Stream<Path> reports = Files.list(project.folder().resolve("target").resolve("surefire-reports"))) {
            assertTrue(reports.anyMatch(file -> file.getFileName().toString().equals("TEST-PagesTest.xml")));
        }
        Heddle.run(() -> {
            HttpServer.Builder app = HttpServer.builder().get("/", _ -> Response.text("12345"));
            try (var server = app.start("127.0.0.1", 0)) {
                String url = "http://" + server.address() + "/";
                String said = Heddle.offload(() -> project.java("-jar", "target/pages.jar", url)).passed();
                assertEquals(url + ": 5\n", said);
            }
        });
    }

    @Test
    void oneJarWithItsServicesAndItsFlags() throws Exception {
        CopiedProject project = copied("shade");
        project.maven("package").passed();
        try (JarFile jar = new JarFile(project.folder().resolve("target").resolve("notes.jar").toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("java.base/java.lang", manifest.getValue("Add-Opens"));
            assertEquals("java.base/jdk.internal.vm", manifest.getValue("Add-Exports"));
            assertEquals("ALL-UNNAMED", manifest.getValue("Enable-Native-Access"));
            String engines = new String(
                    jar.getInputStream(jar.getEntry("META-INF/services/dev.heddle.engine.EngineProvider"))
                            .readAllBytes());
            assertEquals(2, engines.lines().filter(line -> line.startsWith("dev.heddle.linux.")).count(), engines);
            assertTrue(jar.getEntry("META-INF/services/dev.heddle.http.JsonCodec") != null);
        }
        String said = project.java("-jar", "target/notes.jar", "milk", "bread").passed();
        assertLinesAndEngine(List.of("Note[title=today, lines=[milk, bread]]"), said);
    }

    /** Without the lines of its manifest, on the class path, the same jar says what is missing. */
    @Test
    void oneJarOnAClassPathSaysWhatIsMissing() throws Exception {
        CopiedProject project = CopiedProject.of("shade", work.resolve("shade-on-a-path"), repository);
        project.maven("package").passed();
        CopiedProject.Ran ran = project.java("-cp", "target/notes.jar", "org.example.notes.Notes");
        assertEquals(1, ran.exit(), ran.said());
        assertTrue(ran.said().contains("--add-opens java.base/java.lang=ALL-UNNAMED"), ran.said());
        assertTrue(ran.said().contains("shaded or not: its manifest, Add-Opens: java.base/java.lang"), ran.said());
    }

    @Test
    void modulePathAndImages() throws Exception {
        CopiedProject project = copied("modules");
        project.maven("-Pimages", "verify").passed();
        List<String> squares = List.of(
                "Square[of=3, is=9, elsewhere=true]", "Square[of=12, is=144, elsewhere=true]");
        String path = "--module-path=target/squares.jar:target/lib";
        String main = "org.example.squares/org.example.squares.Squares";

        String byPath = project.java(path, "--add-modules=dev.heddle.linux",
                "--add-opens=java.base/java.lang=dev.heddle.core",
                "--add-exports=java.base/jdk.internal.vm=dev.heddle.core",
                "--enable-native-access=dev.heddle.core,dev.heddle.linux", "-m", main, "3", "12").passed();
        assertLinesAndEngine(squares, byPath);
        assertLinesAndEngine(squares, project.run("target/image/bin/squares", "3", "12").passed());
        assertLinesAndEngine(squares, project.run("target/app/squares/bin/squares", "3", "12").passed());

        CopiedProject.Ran without = project.java(path, "-m", main, "3");
        assertEquals(1, without.exit(), without.said());
        assertTrue(without.said().contains("--add-opens java.base/java.lang=dev.heddle.core"), without.said());
        assertTrue(without.said().contains("--add-options of jlink"), without.said());
        assertFalse(without.said().contains("Square["), without.said());
    }

    /** What guide and message say of a module whose package is closed. */
    @Test
    void closedPackageIsNamedWithTheLineToAdd() throws Exception {
        CopiedProject project = CopiedProject.of("modules", work.resolve("closed"), repository);
        Path descriptor = project.folder().resolve(Path.of("src", "main", "java", "module-info.java"));
        Files.writeString(descriptor, Files.readString(descriptor).replaceAll("(?s)opens .*?;", ""));
        project.mavenOnThisJdk("package").passed();
        CopiedProject.Ran ran = project.java("--module-path=target/squares.jar:target/lib",
                "--add-opens=java.base/java.lang=dev.heddle.core",
                "--add-exports=java.base/jdk.internal.vm=dev.heddle.core", "-m",
                "org.example.squares/org.example.squares.Squares", "3");
        assertEquals(1, ran.exit(), ran.said());
        assertTrue(ran.said().contains("open its package to dev.heddle.process in module-info.java"), ran.said());
    }
}
