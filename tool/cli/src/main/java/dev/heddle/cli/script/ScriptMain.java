package dev.heddle.cli.script;

import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The launcher of source files: as {@code java FILE.java}, but it keeps what it has compiled, so that a start without a
 * change needs no compiler, and takes options.
 *
 * <p>It is the main class of the program's own JVM, so that there is no second one to wait for.
 */
public final class ScriptMain {

    /** By this property of the JDK's own launcher programs know their source, and {@code heddle ps} their names. */
    private static final String SOURCE = "jdk.launcher.sourcefile";

    private static final String JAVA_CLASS_PATH = "java.class.path";

    private ScriptMain() {}

    /** Runs the program. What its main method throws ends it as in each Java program. */
    public static void main(String[] words) throws Throwable {
        MainMethod main;
        ScriptArguments arguments;
        try {
            arguments = ScriptArguments.parse(List.of(words));
            Standby standby = Standby.ofProcess();
            standby.await();
            main = prepare(arguments);
            standby.await();
            standby.close();
        } catch (UsageException e) {
            System.err.println("heddle run: " + e.getMessage() + "\nTry: heddle run --help");
            System.exit(Exit.USAGE);
            return;
        } catch (FailureException e) {
            System.err.println("heddle run: " + e.getMessage());
            System.exit(Exit.NOT_ALL);
            return;
        }
        main.run(arguments.rest());
    }

    /**
     * Compiles a program as {@link #main} will, in a JVM with the same class path, and keeps what comes of it. Blocks.
     *
     * @param file the program
     * @param messages is given what the compiler has to say
     * @param sources is given the source files beside it that it is made of, absolute; also where it does not compile,
     *     as far as the compiler has come
     * @throws FailureException if it does not compile, which is told by then
     * @throws UsageException if an argument names what is not there
     */
    public static void compile(ScriptArguments arguments, Path file, PrintWriter messages, Consumer<Path> sources) {
        try {
            ClassPath classPath = classPath(arguments);
            classes(file, Files.readAllBytes(file), classPath, whole(classPath), messages,
                    source -> sources.accept(source.toAbsolutePath().normalize()));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Compiles a program for nothing, so that the compiler is loaded and its next run is a fast one. Blocks.
     *
     * @param file the program; what is wrong with it is told another time
     */
    public static void warmUp(ScriptArguments arguments, Path file) {
        try {
            ScriptCompiler.compile(file, Files.readAllBytes(file), whole(classPath(arguments)),
                    ScriptOptions.of(System.getenv()), new PrintWriter(Writer.nullWriter()), source -> {});
        } catch (IOException | FailureException | UsageException e) {
            // It only saves time.
        }
    }

    private static FailureException unreadable(Path file, IOException why) {
        return new FailureException("cannot read " + HumanFormat.printable(file.toString()) + ": " + why, why);
    }

    private static ClassPath classPath(ScriptArguments arguments) {
        return ClassPath.of(arguments.classPaths()).and(jars(arguments.dependencies()));
    }

    /** Heddle's own with the user's behind it. */
    private static String whole(ClassPath classPath) {
        String own = System.getProperty(JAVA_CLASS_PATH);
        return classPath.entries().isEmpty() ? own : own + File.pathSeparator + classPath.text();
    }

    private static MainMethod prepare(ScriptArguments arguments) throws ReflectiveOperationException {
        Path file = Path.of(arguments.program());
        try {
            ClassPath classPath = classPath(arguments);
            String all = whole(classPath);
            ScriptClasses classes = classes(file, Files.readAllBytes(file), classPath, all,
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8), source -> {});
            System.setProperty(SOURCE, file.toString());
            // The workers of a process pool are started with it.
            System.setProperty(JAVA_CLASS_PATH, all);
            var loader = new ScriptLoader(file.toUri(), classes.classes(), classPath);
            Thread.currentThread().setContextClassLoader(loader);
            return MainMethod.of(Class.forName(classes.main(), false, loader));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<Path> jars(List<String> names) {
        try {
            return Dependencies.resolve(names.stream().map(Coordinates::parse).toList(), new Maven("mvn"));
        } catch (IOException e) {
            throw new FailureException("cannot look for libraries: " + e, e);
        }
    }

    private static ScriptClasses classes(
            Path file, byte[] text, ClassPath classPath, String all, PrintWriter messages, Consumer<Path> sources)
            throws IOException {
        List<String> options = ScriptOptions.of(System.getenv());
        ScriptCache cache = ScriptCache.of(file, text, classPath, options);
        ScriptClasses kept = cache == null ? null : cache.read();
        if (kept != null) {
            kept.sources().keySet().forEach(source -> sources.accept(Path.of(source)));
            return kept;
        }
        ScriptClasses made = ScriptCompiler.compile(file, text, all, options, messages, sources);
        if (cache != null) {
            cache.write(made);
        }
        return made;
    }
}
