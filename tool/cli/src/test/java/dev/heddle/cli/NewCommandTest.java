package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Exit;
import dev.heddle.cli.script.ScriptArguments;
import dev.heddle.cli.script.ScriptMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects that the command makes: they compile, and their own tests pass. */
final class NewCommandTest {

    @TempDir
    private Path directory;

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private List<Path> made(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Compiles all sources of a project on the class path of these tests, and runs its tests. */
    private static int runTests(Path project, List<Path> files, Path classes) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = files.stream().filter(file -> file.toString().endsWith(".java")).toList();
            assertTrue(
                    compiler.getTask(messages, manager, null,
                            List.of("-d", classes.toString(), "--class-path", System.getProperty("java.class.path")),
                            null, manager.getJavaFileObjectsFromPaths(sources)).call(),
                    messages::toString);
        }
        int tests = 0;
        try (var loader = new URLClassLoader(new URL[]{classes.toUri().toURL()})) {
            for (Path file : files.stream().filter(each -> each.toString().endsWith("Test.java")).toList()) {
                Path relative = project.resolve("src/test/java").relativize(file);
                Class<?> type = loader.loadClass(relative.toString().replace(".java", "").replace('/', '.'));
                Constructor<?> constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                for (Method method : type.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(Test.class)) {
                        method.setAccessible(true);
                        invoke(method, constructor.newInstance());
                        tests++;
                    }
                }
            }
        }
        return tests;
    }

    private static void invoke(Method method, Object test) throws Exception {
        try {
            method.invoke(test);
        } catch (InvocationTargetException e) {
            throw new AssertionError(method.toString(), e.getCause());
        }
    }

    @ParameterizedTest
    @CsvSource({"service, 3", "worker, 2"})
    @Tag("full")
    void madeProjectIsWholeAndItsTestsPass(String kind, int tests) throws Exception {
        CommandLine run = CommandLine.run("new", at("coffee-bar"), "--kind", kind);
        assertEquals(Exit.FINE, run.exit(), run.err());
        Path project = directory.resolve("coffee-bar");
        List<Path> files = made(project);
        List<String> names = files.stream().map(file -> project.relativize(file).toString()).sorted().toList();
        String main = kind.equals("service") ? "Service" : "Worker";
        assertEquals(List.of(".dockerignore", "Dockerfile", "README.md", "pom.xml",
                "src/main/java/org/example/coffeebar/" + main + ".java",
                "src/test/java/org/example/coffeebar/" + main + "Test.java"), names);
        for (Path file : files) {
            String text = Files.readString(file);
            for (String left : List.of("${package}", "${artifactId}", "${groupId}", "${version}", "@project")) {
                assertFalse(text.contains(left), () -> file + " still has " + left);
            }
        }
        String pom = Files.readString(project.resolve("pom.xml"));
        assertTrue(pom.contains("<mainClass>org.example.coffeebar." + main + "</mainClass>"), pom);
        assertTrue(pom.contains("<artifactId>coffee-bar</artifactId>"), pom);
        assertEquals(tests, runTests(project, files, Files.createDirectory(directory.resolve("classes"))));
    }

    @Test
    void packageIsThatOfTheUser() {
        CommandLine.run("new", at("bar"), "--package", "com.acme.bar");
        assertTrue(Files.exists(directory.resolve("bar/src/main/java/com/acme/bar/Service.java")));
    }

    @Test
    void scriptIsOneFileThatCompiles() throws Exception {
        CommandLine run = CommandLine.run("new", at("Pages"), "--kind", "script");
        assertEquals("made " + at("Pages.java") + "; \"heddle run\" runs it\n", run.out());
        List<Path> files = new ArrayList<>(made(directory));
        assertEquals(List.of(directory.resolve("Pages.java")), files);
        var messages = new StringWriter();
        ScriptMain.compile(
                ScriptArguments.parse(List.of(at("Pages.java"))), files.getFirst(), new PrintWriter(messages), s -> {});
        assertEquals("", messages.toString());
    }

    @Test
    void whatIsThereIsLeftAlone() throws Exception {
        Files.createDirectory(directory.resolve("bar"));
        Files.writeString(directory.resolve("bar/notes"), "mine");
        Files.writeString(directory.resolve("Bar.java"), "mine");
        for (CommandLine run : List.of(
                CommandLine.run("new", at("bar")), CommandLine.run("new", at("Bar"), "--kind", "script"))) {
            assertEquals(1, run.exit());
            assertTrue(run.err().contains("there is something already"), run.err());
        }
        assertEquals(2, made(directory).size());
        assertEquals("mine", Files.readString(directory.resolve("Bar.java")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "new a b", "new Bar", "new bar --kind page", "new bar --package 7up",
            "new 7up --kind script"})
    void wrongUsageMakesNothing(String words) throws Exception {
        String[] all = words.split(" ", -1);
        for (int i = 1; i < all.length && !all[i].startsWith("--"); i++) {
            all[i] = at(all[i]);
        }
        CommandLine run = CommandLine.run(all);
        assertEquals(2, run.exit(), run.err());
        assertEquals(List.of(), made(directory));
    }
}
