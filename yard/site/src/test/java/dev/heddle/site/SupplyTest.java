package dev.heddle.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Supply.java} in a made-up project whose one dependency lies in a made-up local repository. */
@Tag("night")
final class SupplyTest {

    private static final Path SUPPLY = Path.of("..", "..", "build", "Supply.java");

    private static final String TOOL = "example/tools/tool/1.0/tool-1.0";

    private static final String PARTS = """
            { "bomFormat" : "CycloneDX",
              "component" : { "purl" : "pkg:maven/dev.heddle/heddle-a@1?type=jar", "licenses" : [] },
              "components" : [ { "purl" : "pkg:maven/example.tools/tool@1.0?type=jar" } ] }
            """;

    /** What a run has said, and how it ended. */
    private record Run(int status, String said) {

        void passes() {
            assertEquals(0, status, said);
        }

        void fails(String... words) {
            assertEquals(1, status, said);
            for (String each : words) {
                assertTrue(said.contains(each), () -> said + "\nhas no " + each);
            }
        }
    }

    @TempDir
    private Path project;

    private Path repository;

    @BeforeEach
    void projectWithOneDependency() throws IOException {
        repository = project.resolve("repository");
        write("pom.xml", "<project><modules/>" + dependency("tool") + "</project>");
        write("repository/" + TOOL + ".pom", "<project><license>\n<name>MIT</name></license></project>");
        write("repository/" + TOOL + ".jar", "code");
        write("build/licences.txt", "# may be used\nMIT\n");
        run("write", repository).passes();
    }

    private static String dependency(String artifact) {
        return "<dependency><groupId>example.tools</groupId><artifactId>" + artifact
                + "</artifactId><version>1.0</version></dependency>";
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Run run(String command, Path... paths) throws IOException {
        return run(project, BuildProgram.compiled("Supply"), command, paths);
    }

    private static Run run(Path directory, List<String> program, String command, Path... paths) throws IOException {
        var line = new ArrayList<>(program);
        line.add(command);
        for (Path each : paths) {
            line.add(each.toString());
        }
        Process process = new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            return new Run(process.waitFor(), said);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void whatIsAsListedPasses() throws IOException {
        assertEquals(2, Files.readAllLines(project.resolve("build/checksums.sha256")).size());
        run("check", repository).passes();
        run("check-all", repository).passes();
    }

    /** As the build runs it, from any directory. */
    @Test
    void programThatRunsFromItsSourceFindsTheListsBesideIt() throws IOException {
        write("build/Supply.java", Files.readString(SUPPLY));
        Files.delete(project.resolve("build/checksums.sha256"));
        List<String> source = BuildProgram.source(project.resolve("build/Supply.java"));
        run(repository, source, "write", repository).passes();
        assertEquals(2, Files.readAllLines(project.resolve("build/checksums.sha256")).size());
    }

    @Test
    void oneChangedByteOfAJarFailsAndSaysWhatToDo() throws IOException {
        write("repository/" + TOOL + ".jar", "codf");
        run("check", repository).fails("is not what is listed: ", "tool-1.0.jar", "remove it and build again");
    }

    @Test
    void changedPomFailsToo() throws IOException {
        write("repository/" + TOOL + ".pom", "<project><license><name>MIT</name></license><a/></project>");
        run("check", repository).fails("is not what is listed: ", "tool-1.0.pom");
    }

    @Test
    void dependencyThatIsNamedAndNotListedFailsAndSaysWhatToDo() throws IOException {
        write("pom.xml", "<project><modules/>" + dependency("tool") + dependency("toll") + "</project>");
        write("repository/example/tools/toll/1.0/toll-1.0.jar", "code");
        run("check", repository).fails(
                "names what is not listed: example.tools:toll:1.0", "the head of build/Supply.java says what to do");
    }

    @Test
    void dependencyOfAModuleThatIsAPartInAProfileOnlyCountsToo() throws IOException {
        write("pom.xml", "<project><modules/><profiles><module>more</module></profiles></project>");
        write("more/pom.xml", "<project>" + dependency("toll") + "</project>");
        write("repository/example/tools/toll/1.0/toll-1.0.jar", "code");
        run("check", repository).fails("more/pom.xml names what is not listed: example.tools:toll:1.0");
    }

    @Test
    void jarOfNobodyFailsInARepositoryOfThisBuildAlone() throws IOException {
        write("repository/example/tools/toll/1.0/toll-1.0.jar", "code");
        run("check", repository).passes();
        run("check-all", repository).fails("is not listed: example/tools/toll/1.0/toll-1.0.jar");
    }

    @Test
    void licenceThatIsNotAllowedFailsAndSaysWhatToDo() throws IOException {
        write("build/licences.txt", "Apache-2.0\n");
        run("check", repository).fails("has the licence [MIT]: example.tools:tool", "to build/licences.txt");
        write("build/licences.txt", "example.tools:tool\n");
        run("check", repository).passes();
    }

    @Test
    void licenceOfAParentCountsAndNoneAtAllFails() throws IOException {
        String parent = "<groupId>example.tools</groupId><artifactId>all</artifactId><version>2</version>";
        write("repository/" + TOOL + ".pom", "<project><parent>" + parent + "</parent></project>");
        run("write", repository).passes();
        write("repository/example/tools/all/2/all-2.pom", "<project/>");
        run("check", repository).fails("has no licence: example.tools:tool", "to build/licences.txt");
        write("repository/example/tools/all/2/all-2.pom", "<project><license><name>MIT</name></license></project>");
        run("check", repository).passes();
    }

    /** Another build has only asked where it comes from: Maven resolves the parents of what a build uses. */
    @Test
    void licenceOfAParentThatIsNotThereIsMissedOnlyInARepositoryOfThisBuildAlone() throws IOException {
        String parent = "<groupId>example.tools</groupId><artifactId>all</artifactId><version>2</version>";
        write("repository/" + TOOL + ".pom", "<project><parent>" + parent + "</parent></project>");
        run("write", repository).passes();
        run("check", repository).passes();
        run("check-all", repository).fails("has no licence: example.tools:tool", "to build/licences.txt");
    }

    @Test
    void allowedLicenceThatNothingNeedsFailsWhereEverythingIsThere() throws IOException {
        write("build/licences.txt", "MIT\nGPL\n");
        run("check", repository).passes();
        run("check-all", repository).fails("is in build/licences.txt, and nothing needs it: GPL");
    }

    @Test
    void everyArtifactNeedsAListOfItsPartsThatABuildMakesAgain() throws IOException {
        Path list = project.resolve("bom.json");
        run("parts", list).fails("there is no list of parts: " + list);
        write("bom.json", PARTS);
        run("parts", list).passes();
        write("bom.json", PARTS.replace("heddle", "someone"));
        run("parts", list).fails(" has no \"purl\" : \"pkg:maven/dev.heddle/");
        write("bom.json", PARTS.replace("\"bomFormat\"", "\"serialNumber\" : 1, \"bomFormat\""));
        run("parts", list).fails(" has a \"serialNumber\"");
    }

    /** A library of another registry, whose one file lies among the resources of heddle-a. */
    private void vendor(String licence) throws IOException {
        write("a/src/main/resources/page/plot.js", "plot");
        write("a/src/main/resources/page/words.txt", "just words");
        write("a/src/main/resources/page/plot.txt", """
                Plot 1.6, https://example.org/plot, from the npm registry: plot-1.6.tgz, whose integrity is
                sha512-AAEC/w==
                plot.js is its dist/plot.js, unchanged. SHA-256:
                %2$s  plot.js

                The Licence (%1$s)

                Everybody may use it.
                """.formatted(licence, sumOf("plot")));
    }

    private static String sumOf(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void libraryAmongResourcesIsInTheListsOfPartsOfWhatHasItsFiles() throws IOException {
        vendor("MIT");
        for (String none : List.of(PARTS, PARTS.replaceFirst("\\[ \\{ \"purl.*", "[ ] }"))) {
            write("bom.json", none);
            run("parts", project.resolve("bom.json")).passes();
            run("parts", project.resolve("bom.json")).passes();
            String parts = Files.readString(project.resolve("bom.json"));
            assertEquals(2, parts.split("pkg:npm/plot@1\\.6\"", -1).length - 1, parts);
            assertTrue(parts.contains("\"content\" : \"000102ff\""), parts);
            assertTrue(parts.contains("\"license\" : { \"id\" : \"MIT\" }"), parts);
            assertEquals(none.contains("example.tools"), parts.contains("example.tools"), parts);
        }
        write("bom.json", PARTS.replace("heddle-a@", "heddle-b@"));
        run("parts", project.resolve("bom.json")).passes();
        assertFalse(Files.readString(project.resolve("bom.json")).contains("npm"));
    }

    @Test
    void libraryAmongResourcesHasALicenceThatIsAllowedAndTheFilesThatItsNoteSays() throws IOException {
        vendor("MIT");
        run("check", repository).passes();
        run("check-all", repository).passes();
        write("a/src/main/resources/page/plot.js", "plod");
        run("check", repository).fails("is not what ", "plot.txt says: ", "plot.js");
        vendor("GPL-3.0");
        run("check", repository).fails("has the licence GPL-3.0: ", "plot.txt", "to build/licences.txt");
    }

    @Test
    void plotsOfThePageAreFoundAmongTheResources() throws IOException {
        List<Path> notes;
        try (var files = Files.walk(Path.of("..", ".."))) {
            notes = files.filter(file -> file.endsWith("uplot.txt") && file.toString().contains("src/main")).toList();
        }
        assertEquals(1, notes.size());
        write("a/src/main/resources/uplot.txt", Files.readString(notes.getFirst()));
        write("bom.json", PARTS);
        run("parts", project.resolve("bom.json")).passes();
        assertTrue(Files.readString(project.resolve("bom.json")).contains("pkg:npm/uplot@1.6.32"));
    }

    @Test
    void jarThatIsInNoListOfPartsFails() throws IOException {
        Path list = project.resolve("bom.json");
        Path jars = project.resolve("lib");
        write("bom.json", PARTS);
        write("lib/tool-1.0.jar", "code");
        run("contents", list, jars).passes();
        write("lib/toll-1.0.jar", "code");
        run("contents", list, jars).fails("is not in the list of parts ", "toll-1.0.jar");
    }

    @Test
    void unknownCommandSaysWhichThereAre() throws IOException {
        run("verify", repository).fails("usage: java build/Supply.java check|check-all|write REPOSITORY");
    }
}
