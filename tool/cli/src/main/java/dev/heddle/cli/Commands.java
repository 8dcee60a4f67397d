package dev.heddle.cli;

import dev.heddle.cli.bench.BenchCommand;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Spelling;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.demo.DemoCommand;
import dev.heddle.cli.doctor.DoctorCommand;
import dev.heddle.cli.fetch.FetchCommand;
import dev.heddle.cli.node.ClusterCommand;
import dev.heddle.cli.node.JobsCommand;
import dev.heddle.cli.node.NodeCommand;
import dev.heddle.cli.serve.ServeCommand;
import dev.heddle.cli.sight.CancelCommand;
import dev.heddle.cli.sight.ConnectionsCommand;
import dev.heddle.cli.sight.PoolsCommand;
import dev.heddle.cli.sight.ProfileCommand;
import dev.heddle.cli.sight.PsCommand;
import dev.heddle.cli.sight.TraceCommand;
import dev.heddle.cli.sight.TreeCommand;
import dev.heddle.cli.sight.WaitsCommand;
import dev.heddle.cli.sight.page.PageCommand;
import dev.heddle.cli.sight.top.TopCommand;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of all commands, and the help about them. */
final class Commands {

    /** In the order of the help. */
    private static final List<Command> LISTED = List.of(new DemoCommand(), new FetchCommand(), new ServeCommand(),
            new BenchCommand(), new RunCommand(), new NewCommand(), new ExamplesCommand(), new InstallCommand(),
            new DoctorCommand(), new PsCommand(),
            new TreeCommand(), new WaitsCommand(), new TopCommand(), new PoolsCommand(), new ConnectionsCommand(),
            new ProfileCommand(), new TraceCommand(), new PageCommand(),
            new CancelCommand(), new NodeCommand(), new ClusterCommand(), new JobsCommand(),
            new CompletionCommand());

    /** For launchers and packagers. */
    private static final List<Command> UNLISTED = List.of(new TrainingCommand(), new ManualCommand());

    private Commands() {}

    /** The command with this name, if there is one. */
    static Optional<Command> find(String name) {
        return Stream.concat(LISTED.stream(), UNLISTED.stream())
                .filter(command -> command.name().equals(name))
                .findFirst();
    }

    /** Those that the help lists. */
    static List<Command> listed() {
        return LISTED;
    }

    /**
     * The command with this name.
     *
     * @throws UsageException if there is none, with the name that was meant where one is near
     */
    static Command get(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    private static UsageException unknown(String word) {
        if (word.isBlank()) {
            return new UsageException("the command is empty");
        }
        boolean isOption = word.startsWith("-");
        List<String> known = isOption
                ? List.of("--help", "--version")
                : LISTED.stream().map(Command::name).toList();
        return new UsageException((isOption ? "unknown option " : "unknown command ") + HumanFormat.printable(word)
                + Spelling.hint(word, known));
    }

    /** The help about the program as a whole, ending in a line end. */
    static String help() {
        var text = new StringBuilder("""
                Usage: heddle COMMAND [ARGUMENT...]

                Concurrency and async I/O for Java.

                Commands:
                """);
        for (Command command : LISTED) {
            text.append("  ").append(command.name());
            text.repeat(' ', 12 - command.name().length()).append(command.summary()).append('\n');
        }
        return text.append("""

                  heddle COMMAND --help    shows the help of a command
                  heddle --version         shows the versions of Heddle and of the JDK; with -v the
                                           JVM's collectors too

                Environment: JAVA_HOME selects the JDK; HEDDLE_JAVA_OPTS adds JVM options.
                """).toString();
    }
}
