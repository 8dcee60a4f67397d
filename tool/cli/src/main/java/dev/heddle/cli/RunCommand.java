package dev.heddle.cli;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.shield;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.script.ClassPath;
import dev.heddle.cli.script.ScriptArguments;
import dev.heddle.cli.script.ScriptMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command {@code heddle run}: runs a Java source file, or an example, with Heddle on its class path, by {@link
 * ScriptMain} in a JVM of its own.
 *
 * <p>The {@code heddle} script starts that one without this; this is for {@code java -jar}.
 */
final class RunCommand extends Command {

    /** What Heddle needs of a JVM. */
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");

    /** In which users say more of them. */
    private static final List<String> VARIABLES = List.of("HEDDLE_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS");

    /** By this property the {@code heddle} script names more of them, one a line. */
    private static final String OPTIONS = "heddle.run.options";

    RunCommand() {
        super("run", "run a Java source file, or an example", """
                Usage: heddle run [OPTION...] FILE.java [ARG...]
                       heddle run [OPTION...] EXAMPLE [ARG...]

                Compiles a Java source file and runs its main method, with Heddle on the class path, like
                "java FILE.java": the file may use other source files beside it, and needs no class around its
                methods. The compiled classes are cached in $XDG_CACHE_HOME/heddle or ~/.cache/heddle. An unchanged
                file needs no compiler at the next start. HEDDLE_JAVA_OPTS=-Dheddle.run.cache=off turns the cache off.

                  --class-path PATH  directories and jars after Heddle's own, joined by ":"; DIR/* is all jars
                                     in DIR; repeatable
                  --dep NAME         a library, group:artifact:version, with its dependencies; resolved by Maven,
                                     once; repeatable
                  --watch            restart the program when one of its source files or its class path changes;
                                     it gets SIGTERM and five seconds for a graceful shutdown

                    import static dev.heddle.Heddle.*;

                    void main() {
                        IO.println(run(() -> gather(() -> 1, () -> 2)));
                    }

                Instead of a file, name an example: "heddle examples" lists them.

                Exit: that of the program; 1 if it does not compile or ends with an exception.
                """);
    }

    @Override
    public boolean passesArgumentsOn() {
        return true;
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        ScriptArguments script = ScriptArguments.parse(arguments);
        if (script.watch()) {
            Path file = Path.of(source(script));
            return new Watching(script, file, stdio, hasNoOptionsOfUsers(),
                    options -> start(command(arguments, options)))
                    .run();
        }
        Process child = start(command(arguments));
        try {
            return Heddle.run(CommandLoops.CONFIG, () -> awaitEnd(child));
        } catch (CancelledException e) {
            return child.isAlive() ? Exit.of(e) : child.exitValue();
        }
    }

    /**
     * The command line of the JVM that runs the file.
     *
     * @throws UsageException if the arguments name neither a file nor an example
     */
    static List<String> command(List<String> arguments) {
        return command(arguments, List.of());
    }

    private static List<String> command(List<String> arguments, List<String> options) {
        ScriptArguments script = ScriptArguments.parse(arguments);
        String source = source(script);
        ClassPath.of(script.classPaths());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        System.getProperty(OPTIONS, "").lines().forEach(command::add);
        command.addAll(options);
        command.add("--class-path");
        command.add(System.getProperty("java.class.path"));
        command.add(ScriptMain.class.getName());
        command.addAll(script.options());
        command.add(source);
        command.addAll(script.rest());
        return command;
    }

    /** Those for the JVM may name what two of them cannot have at once: the port of a debugger, the file of a recording. */
    private static boolean hasNoOptionsOfUsers() {
        return VARIABLES.stream().allMatch(name -> System.getenv().getOrDefault(name, "").isBlank());
    }

    private static String source(ScriptArguments script) {
        String file = script.program();
        return file.endsWith(".java") ? existing(file) : example(file);
    }

    private static String existing(String file) {
        try {
            if (Files.isRegularFile(Path.of(file))) {
                return file;
            }
        } catch (InvalidPathException e) {
            // Told below.
        }
        throw new UsageException("no such file: " + HumanFormat.printable(file));
    }

    private static String example(String name) {
        Examples examples = Examples.find();
        return examples.named(name)
                .map(example -> example.file().toString())
                .orElseThrow(() -> new UsageException(
                        "neither a file that ends in .java nor an example: " + examples.missing(name)));
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new FailureException("cannot start the JVM: " + ErrorText.of(e), e);
        }
    }

    /**
     * The terminal sends its SIGINT to the child as well, but a SIGTERM comes only here. Both let the child end in
     * peace.
     */
    private static int awaitEnd(Process child) throws Exception {
        try {
            return offload(() -> child.waitFor());
        } catch (CancelledException e) {
            if (Exit.of(e) == Exit.TERMINATED) {
                child.destroy();
            }
            return shield(() -> offload(() -> child.waitFor()));
        }
    }
}
