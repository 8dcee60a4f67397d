package dev.heddle.cli.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries by their names: what is a name, when Maven is asked, and what it is asked. */
final class DependenciesTest {

    private static final List<Coordinates> WANTED = List.of(Coordinates.parse("org.a:b-c:1.0.2"));

    @TempDir
    Path directory;

    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void useCacheOfItsOwn() throws IOException {
        Path cache = Files.createDirectory(
                directory.resolve("cache"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(ScriptCache.PROPERTY, cache.toString());
    }

    @AfterEach
    void useTheUsersAgain() {
        System.clearProperty(ScriptCache.PROPERTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a:b", "a:b:", ":b:1", "a::1", "a:b:1:2", "a/..:b:1", "a..c:b:1", "a:..:1",
            "a:b</artifactId>:1", "a:b:<x>", "a:b:[1,2)", "a:b:1,2", "a:b:LATEST", "a:b:release", "a:b:1-SNAPSHOT",
            "a:b:${x}", "a b:c:1", "a:b:../1", "a:b:1/2", "a:b:1\n", "\u00e4:b:1"})
    void whatIsNoNameOfOneFixedVersionIsRefused(String text) {
        String message = assertThrows(UsageException.class, () -> Coordinates.parse(text)).getMessage();
        assertTrue(message.startsWith("--dep needs "), message);
    }

    @Test
    void namesAreRead() {
        for (String text : List.of(
                "com.google.code.gson:gson:2.13.2", "a_b:c-d.e:1.0-rc.1+build_2", "a:b:33.0.0-jre")) {
            assertEquals(text, Coordinates.parse(text).toString());
        }
        assertThrows(UsageException.class, () -> Coordinates.parse("a:b:" + "1".repeat(Coordinates.MAX_LENGTH)));
    }

    private List<Path> resolve(Path... jars) throws IOException {
        return Dependencies.resolve(WANTED, wanted -> {
            asked.incrementAndGet();
            return List.of(jars);
        });
    }

    @Test
    void mavenIsAskedOnceAndAgainIfAJarIsGoneOrWhatIsKeptIsBroken() throws Exception {
        Path a = Files.createFile(directory.resolve("a.jar"));
        Path b = Files.createFile(directory.resolve("b.jar"));
        assertEquals(List.of(a, b), resolve(a, b));
        assertEquals(List.of(a, b), resolve());
        assertEquals(1, asked.get());

        Files.delete(b);
        assertEquals(List.of(a), resolve(a));
        assertEquals(2, asked.get());
        try (Stream<Path> files = Files.list(directory.resolve("cache/dependencies"))) {
            Path kept = files.findFirst().orElseThrow();
            Files.writeString(kept, Files.readString(kept).lines().findFirst().orElseThrow() + "\n");
        }
        assertEquals(List.of(a), resolve(a));
        assertEquals(3, asked.get());
    }

    @Test
    void withoutNamesNothingIsAsked() throws Exception {
        assertEquals(List.of(), Dependencies.resolve(List.of(), new Maven("none")));
    }

    @Test
    void withoutMavenItSaysWhatToInstall() {
        String message = assertThrows(
                FailureException.class, () -> new Maven("/none/mvn").resolve(WANTED)).getMessage();
        assertEquals("Maven is needed for --dep and was not found. Install Maven 3.9 or later.", message);
    }

    private String mvn(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("mvn"), "#!/bin/bash\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    @Test
    void networkIsAskedOnlyAfterTheLocalRepository() throws Exception {
        String maven = mvn("echo \"$@\" >>\"${0%/*}/calls\"; read -r line && exit 3; [[ $* == *' -o '* ]] && exit 1\n"
                + "for each; do [[ $each == -Dmdep.outputFile=* ]] && echo /x/a.jar:/x/b.jar >\"${each#*=}\"; done\n"
                + "exit 0\n");
        assertEquals(List.of(Path.of("/x/a.jar"), Path.of("/x/b.jar")), new Maven(maven).resolve(WANTED));
        assertEquals(2, Files.readAllLines(directory.resolve("calls")).size());
    }

    @Test
    void whatMavenDoesNotFindIsAFailure() throws Exception {
        String maven = mvn("echo 'it is nowhere'; exit 1\n");
        assertEquals(
                "Maven did not find all of org.a:b-c:1.0.2; see above",
                assertThrows(FailureException.class, () -> new Maven(maven).resolve(WANTED)).getMessage());
    }

    @Test
    @Tag("full")
    void realMavenFindsWhatALibraryNeedsToo() throws Exception {
        List<Path> jars = new Maven("mvn").resolve(List.of(Coordinates.parse("com.google.code.gson:gson:2.13.2")));
        assertEquals("gson-2.13.2.jar", jars.getFirst().getFileName().toString());
        assertEquals(2, jars.size(), jars::toString);
        assertTrue(jars.stream().allMatch(Files::isRegularFile), jars::toString);
    }
}
