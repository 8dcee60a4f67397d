package dev.heddle.cli.script;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the launcher of source files, in this JVM. */
final class ScriptTest {

    @TempDir
    Path directory;

    private Path cache;

    @BeforeEach
    void useCacheOfItsOwn() throws IOException {
        cache = Files.createDirectory(
                directory.resolve("cache"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(ScriptCache.PROPERTY, cache.toString());
    }

    @AfterEach
    void useTheUsersAgain() {
        System.clearProperty(ScriptCache.PROPERTY);
    }

    // ---- arguments ----

    @Test
    void optionsEndAtTheFileAndTheRestIsThePrograms() {
        ScriptArguments arguments = ScriptArguments.parse(
                List.of("--class-path", "a:b", "--class-path=c", "--dep=g:a:1", "--dep", "g:b:2", "P.java",
                        "--class-path", "x", "--help"));

        assertEquals(List.of("a:b", "c"), arguments.classPaths());
        assertEquals("P.java", arguments.program());
        assertEquals(List.of("--class-path", "x", "--help"), arguments.rest());
        assertEquals(List.of("g:a:1", "g:b:2"), arguments.dependencies());
        assertEquals(
                List.of("--class-path=a:b", "--class-path=c", "--dep=g:a:1", "--dep=g:b:2"), arguments.options());
        assertFalse(arguments.watch());
        ScriptArguments watched = ScriptArguments.parse(List.of("--watch", "--dep=g:a:1", "P.java", "--watch"));
        assertTrue(watched.watch());
        assertEquals(List.of("--dep=g:a:1"), watched.options(), "its own JVM does not watch");
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertEquals("--class-path needs a value", refusal("--class-path"));
        assertEquals("no file given", refusal("--class-path", "a"));
        assertEquals("no file given", refusal("--watch"));
        assertEquals("--watch takes no value", refusal("--watch=1", "P.java"));
        assertTrue(refusal("--dep", "a:b", "P.java").startsWith("--dep needs group:artifact:version, not \"a:b\""));
        assertEquals(
                "unknown option --clas-path; did you mean --class-path?; options of the JVM go into HEDDLE_JAVA_OPTS",
                refusal("--clas-path=a", "P.java"));
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> ScriptArguments.parse(List.of(words))).getMessage();
    }

    @Test
    void optionsOfTheJvmThatTheCompilerMustKnowAreTakenFromTheEnvironment() {
        assertEquals(
                List.of("--add-modules", "a", "--add-exports", "b/c=d", "--enable-preview", "--source",
                        Integer.toString(Runtime.version().feature())),
                ScriptOptions.of(Map.of(
                        "HEDDLE_JAVA_OPTS",
                        "-Xmx1g --add-modules a  --add-exports=b/c=d --enable-preview",
                        "JDK_JAVA_OPTIONS",
                        "--enable-preview")));
        assertEquals(List.of(), ScriptOptions.of(Map.of()));
    }

    // ---- class path ----

    @Test
    void classPathHasDirectoriesJarsAndAllJarsOfADirectory() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Path lib = Files.createDirectory(directory.resolve("lib"));
        Path b = Files.createFile(lib.resolve("b.jar"));
        Path a = Files.createFile(lib.resolve("a.JAR"));
        Files.createFile(lib.resolve("notes.txt"));

        assertEquals(
                List.of(classes, b, a, b),
                ClassPath.of(List.of(classes + ":" + b, lib + "/*")).entries());
    }

    @Test
    void whatIsNotThereIsNamedWithWhatToDo() throws Exception {
        Path text = Files.createFile(directory.resolve("notes.txt"));
        Path empty = Files.createDirectory(directory.resolve("empty"));

        String missing = classPathRefusal("/none/a.jar");
        assertTrue(
                missing.startsWith("--class-path has no such directory or jar: /none/a.jar; paths start from /"),
                missing);
        assertEquals("--class-path has neither a directory nor a jar: " + text, classPathRefusal(text.toString()));
        assertEquals("--class-path has no jars in " + empty + "/*", classPathRefusal(empty + "/*"));
        assertEquals("--class-path has no directory to read: /none/*", classPathRefusal("/none/*"));
        assertEquals(
                "--class-path has an empty path; the directory you are in is \".\"", classPathRefusal(empty + ":"));
    }

    private static String classPathRefusal(String value) {
        return assertThrows(UsageException.class, () -> ClassPath.of(List.of(value))).getMessage();
    }

    // ---- compiled and kept ----

    private Path program(String text) throws IOException {
        return Files.writeString(directory.resolve("P.java"), text);
    }

    private static ScriptClasses compile(Path file) throws IOException {
        return ScriptCompiler.compile(
                file, Files.readAllBytes(file), System.getProperty("java.class.path"), List.of(),
                new PrintWriter(new StringWriter()), source -> {});
    }

    private static ScriptCache cacheOf(Path file, String classPath) throws IOException {
        List<String> values = classPath.isEmpty() ? List.of() : List.of(classPath);
        return Objects.requireNonNull(
                ScriptCache.of(file, Files.readAllBytes(file), ClassPath.of(values), List.of()));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("scripts"))) {
            return files.toList();
        }
    }

    @Test
    void whatIsKeptIsWhatWasCompiledForTheSameTextAndNoOther() throws Exception {
        Path file = program("void main() {} static class Inner {}");
        ScriptClasses made = compile(file);
        assertNull(cacheOf(file, "").read());
        cacheOf(file, "").write(made);

        ScriptClasses read = Objects.requireNonNull(cacheOf(file, "").read());
        assertEquals("P", read.main());
        assertEquals(made.classes().keySet(), read.classes().keySet());
        assertArrayEquals(made.classes().get("P$Inner"), read.classes().get("P$Inner"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept().getFirst())));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.resolve("scripts"))));
        program("void main() { }");
        assertNull(cacheOf(file, "").read());
    }

    @Test
    void changedFileOfTheClassPathOrNewSourceBesideItIsAnotherScript() throws Exception {
        Path file = program("void main() {}");
        Path lib = Files.createDirectory(directory.resolve("lib"));
        cacheOf(file, lib.toString()).write(compile(file));
        assertNotNull(cacheOf(file, lib.toString()).read());
        assertNull(cacheOf(file, "").read());

        Path inside = Files.createFile(lib.resolve("A.class"));
        assertNull(cacheOf(file, lib.toString()).read());
        Files.delete(inside);
        assertNotNull(cacheOf(file, lib.toString()).read());
        Files.createFile(directory.resolve("New.java"));
        assertNull(cacheOf(file, lib.toString()).read());
    }

    @Test
    void otherSourceThatItUsesCountsToo() throws Exception {
        Path other = Files.writeString(directory.resolve("Other.java"), "class Other { static int n = 1; }");
        Files.setLastModifiedTime(other, FileTime.from(Instant.now().minusSeconds(60)));
        Path file = program("void main() { IO.println(Other.n); }");
        ScriptClasses made = compile(file);
        assertEquals(List.of(other.toString()), List.copyOf(made.sources().keySet()));
        assertTrue(made.classes().containsKey("Other"));
        cacheOf(file, "").write(made);
        assertNotNull(cacheOf(file, "").read());

        Files.writeString(other, "class Other { static int n = 2; }");
        assertNull(cacheOf(file, "").read());
    }

    @Test
    void otherSourceThatMayHaveChangedWhileItWasReadIsCompiledAgain() throws Exception {
        Files.writeString(directory.resolve("Other.java"), "class Other { static int n = 1; }");
        Path file = program("void main() { IO.println(Other.n); }");
        cacheOf(file, "").write(compile(file));
        assertNull(cacheOf(file, "").read());
    }

    @Test
    void brokenFileIsTakenForNone() throws Exception {
        Path file = program("void main() {}");
        cacheOf(file, "").write(compile(file));
        Path kept = kept().getFirst();
        byte[] sound = Files.readAllBytes(kept);
        for (int at = 0; at < sound.length; at += 7) {
            byte[] broken = sound.clone();
            broken[at] ^= 1;
            Files.write(kept, broken);
            assertNull(cacheOf(file, "").read());
        }
        for (int length : List.of(0, 3, 32, 40, sound.length - 1)) {
            Files.write(kept, Arrays.copyOf(sound, length));
            assertNull(cacheOf(file, "").read());
        }
        cacheOf(file, "").write(compile(file));
        assertNotNull(cacheOf(file, "").read());
    }

    @Test
    void cacheIsBounded() throws Exception {
        Path file = program("void main() {}");
        cacheOf(file, "").write(compile(file));
        Path first = kept().getFirst();
        Files.setLastModifiedTime(first, FileTime.from(Instant.now().minusSeconds(1_000)));
        for (int i = 0; i < ScriptCache.MAX_SCRIPTS; i++) {
            Files.createFile(cache.resolve("scripts/" + i + ".script"));
        }
        Path left = Files.createFile(cache.resolve("scripts/new-1"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(2 * 3_600)));
        Path fresh = Files.createFile(cache.resolve("scripts/new-2"));
        program("void main() { }");
        cacheOf(file, "").write(compile(file));

        assertEquals(ScriptCache.MAX_SCRIPTS + 1, kept().size());
        assertFalse(Files.exists(first));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(fresh));
        assertNotNull(cacheOf(file, "").read());
    }

    @Test
    void directoryThatOthersMayWriteIsNotUsed() throws Exception {
        Path file = program("void main() {}");
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertNull(ScriptCache.of(file, new byte[0], ClassPath.of(List.of()), List.of()));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
        Path scripts = Files.createDirectory(cache.resolve("scripts"));
        Files.setPosixFilePermissions(scripts, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertNull(ScriptCache.of(file, new byte[0], ClassPath.of(List.of()), List.of()));
        Files.delete(scripts);
        Files.createSymbolicLink(scripts, Files.createDirectory(directory.resolve("elsewhere")));
        assertNull(ScriptCache.of(file, new byte[0], ClassPath.of(List.of()), List.of()));
    }

    // ---- the program ----

    private static Class<?> load(Path file) throws Exception {
        ScriptClasses made = compile(file);
        var loader = new ScriptLoader(file.toUri(), made.classes(), ClassPath.of(List.of()));
        return Class.forName(made.main(), false, loader);
    }

    private String refusalOf(String text) throws Exception {
        Class<?> type = load(program(text));
        return assertThrows(FailureException.class, () -> MainMethod.of(type).run(List.of())).getMessage();
    }

    @Test
    void mainMethodIsChosenAsTheLanguageDoes() throws Throwable {
        for (String text : List.of(
                "void main(String[] a) { throw new Error(a[0]); } void main() { throw new Error(); }",
                "class P { public static void main(String[] a) { throw new Error(a[0]); } }",
                "class P { static void main() { throw new Error(\"a\"); } }",
                "class P extends Q { } class Q { void main() { throw new Error(\"a\"); } }",
                "record P() { private static void main(String[] a) {} void main() { throw new Error(\"a\"); } }")) {
            MainMethod main = MainMethod.of(load(program(text)));
            Error failure = assertThrows(Error.class, () -> main.run(List.of("a")), text);
            assertEquals("a", failure.getMessage(), text);
            assertEquals("main", failure.getStackTrace()[0].getMethodName());
        }
        assertEquals("can't find main(String[]) or main() method in class: P", refusalOf("class P { }"));
        assertEquals(
                "class P has no constructor without parameters", refusalOf("record P(int n) { void main() { } }"));
    }

    @Test
    void classesOfTheScriptCanBeGivenToOtherProcesses() throws Exception {
        Class<?> type = load(program("void main() {}"));
        try (var bytes = type.getClassLoader().getResourceAsStream("P.class")) {
            assertTrue(Objects.requireNonNull(bytes).readAllBytes().length > 0);
        }
        assertEquals(
                directory.resolve("P.java").toUri().toURL(),
                type.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void compilerSaysWhereAScriptIsWrong() throws Exception {
        Path file = program("void main() { rum(); }");
        var messages = new StringWriter();
        assertThrows(
                FailureException.class,
                () -> ScriptCompiler.compile(
                        file, Files.readAllBytes(file), "", List.of(), new PrintWriter(messages), source -> {}));
        assertTrue(messages.toString().contains("P.java:1: error: "), messages.toString());
        Path broken = program("void main( {");
        assertThrows(
                FailureException.class,
                () -> ScriptCompiler.compile(
                        broken, Files.readString(broken).getBytes(StandardCharsets.UTF_8), "", List.of(),
                        new PrintWriter(messages), source -> {}));
    }

    @Test
    void moduleOfTheClassPathIsImportedWhole() throws Exception {
        Path file = program("""
                import module dev.heddle.http;
                import static dev.heddle.Heddle.*;

                void main() {
                    run(() -> {
                        var server = HttpServer.builder().get("/", r -> Response.text("hello")).build();
                        try (var client = HttpClient.create()) {
                            IO.println(server + " " + client);
                        }
                    });
                }
                """);
        assertTrue(compile(file).classes().containsKey("P"));
    }

    @Test
    void classesKnowTheirLinesAndVariables() throws Exception {
        byte[] bytes = Objects.requireNonNull(
                compile(program("void main() { int counter = 1; IO.println(counter); }")).classes().get("P"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("LineNumberTable") && text.contains("counter"));
    }

    @Test
    void whatDoesNotCompileTellsWhichFilesItIsMadeOf() throws Exception {
        Files.createDirectory(directory.resolve("util"));
        Path other = Files.writeString(directory.resolve("util/Other.java"),
                "package util; public class Other { int }");
        Path file = program("void main() { new util.Other(); }");
        List<Path> sources = new ArrayList<>();
        assertThrows(
                FailureException.class,
                () -> ScriptCompiler.compile(
                        file, Files.readAllBytes(file), "", List.of(), new PrintWriter(new StringWriter()),
                        sources::add));
        assertEquals(List.of(other), sources);
    }

    @Test
    void fileInAPackageFindsTheOthersFromItsRoot() throws Exception {
        Files.createDirectories(directory.resolve("a/b"));
        Files.writeString(directory.resolve("a/Other.java"), "package a; public class Other { }");
        Path file = Files.writeString(
                directory.resolve("a/b/P.java"), "package a.b; class P { void main() { new a.Other(); } }");
        ScriptClasses made = compile(file);
        assertEquals("a.b.P", made.main());
        assertTrue(made.classes().containsKey("a.Other"));
    }

    @Test
    void publicClassMayHaveAnotherNameThanItsFileAndADirectoryAColon(@TempDir Path above) throws Exception {
        Path directory = Files.createDirectory(above.resolve("a:b"));
        Files.writeString(directory.resolve("Beside.java"), "class Beside { static int n = 1; }");
        Path file = Files.writeString(
                directory.resolve("other.java"), "public class Named { void main() { IO.println(Beside.n); } }");

        assertTrue(compile(file).classes().containsKey("Beside"));
    }

    @Test
    void classesHaveLinesAndVariablesForADebugger() throws Exception {
        byte[] compiled = compile(program("void main() { int spools = 1; IO.println(spools); }")).classes().values()
                .iterator().next();

        assertTrue(new String(compiled, StandardCharsets.ISO_8859_1).contains("LocalVariableTable"));
    }
}
