package dev.heddle.examples;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program in a compact source file. Its class has no name that other code could use, so the tests call it by
 * reflection, or start it as a person does.
 *
 * @param file the source file
 */
public record Program(Path file) {

    static final Path SOURCES = Path.of("src", "main", "java");

    /** What Heddle needs of a JVM. */
    private static final List<String> FLAGS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");

    /** The quickest way from source code to the end of a short program. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** The output of a program that has ended, line by line. */
    public record Ending(int exit, List<String> out, String err) {}

    /** One of the examples, in whichever directory it stands. */
    static Program example(String name) {
        String wanted = name + ".java";
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return new Program(
                    files.filter(file -> file.getFileName().toString().equals(wanted)).findFirst().orElseThrow(
                            () -> new IllegalArgumentException("no " + wanted + " in " + SOURCES)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of the first programs in the documents. */
    public static Program document(String name) {
        return new Program(Path.of("src", "test", "java", name + ".java"));
    }

    /** The command that starts a compiled class of these tests in a JVM of its own. */
    static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(java(FLAGS));
        command.add("--class-path=" + classPath());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a class prints that was compiled into a folder, in a JVM with an option of its own. Blocks. */
    public static List<String> runCompiled(Path classes, String main, String option) throws Exception {
        List<String> command = new ArrayList<>(java(FLAGS));
        command.add(option);
        command.add("--class-path=" + classes + File.pathSeparator + classPath());
        command.add(main);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = process.inputReader()) {
            return out.readAllLines();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Calls one method of a fresh instance in the calling task. */
    void call(String name, Object... arguments) throws Exception {
        result(name, arguments);
    }

    /** Calls one method of a fresh instance in the calling task, for what it returns. */
    Object result(String name, Object... arguments) throws Exception {
        Class<?> type = Class.forName(file.getFileName().toString().replace(".java", ""));
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method method = Stream.of(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        try {
            return method.invoke(constructor.newInstance(), arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Runs the file by the JDK's launcher for source files, as {@code heddle run} does. Blocks. */
    Ending launch(String... arguments) throws Exception {
        return launch(FLAGS, arguments);
    }

    /** Runs the file without the flags that Heddle needs. Blocks. */
    public Ending launchWithoutFlags() throws Exception {
        return launch(List.of());
    }

    /**
     * Begins to run the file as {@link #launch(String...)} does; what it prints, errors too, is for the caller to read.
     */
    Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(FLAGS, arguments)).redirectErrorStream(true).start();
    }

    private List<String> command(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(java(flags));
        command.add("--class-path=" + librariesOnly());
        command.add(file.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(SHORT_LIVED);
        return command;
    }

    private Ending launch(List<String> flags, String... arguments) throws Exception {
        Path out = Files.createTempFile("heddle-example", ".out");
        Path err = Files.createTempFile("heddle-example", ".err");
        Process process = new ProcessBuilder(command(flags, arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            return new Ending(process.waitFor(), Files.readAllLines(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The class path without the compiled examples, so that nothing but the source file can run. */
    private static String librariesOnly() {
        Path own = Path.of("target").toAbsolutePath();
        return String.join(
                File.pathSeparator,
                Arrays.stream(classPath().split(File.pathSeparator))
                        .filter(entry -> !Path.of(entry).toAbsolutePath().startsWith(own))
                        .toList());
    }

    /** What the tests have on their class path. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
