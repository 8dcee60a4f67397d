package dev.heddle.cli;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import java.util.List;

/**
 * The command {@code heddle install}. The script of a checkout does the work, with Maven; this says what it does, and
 * why it cannot be done elsewhere.
 */
final class InstallCommand extends Command {

    InstallCommand() {
        super("install", "install Heddle into Maven's local repository", """
                Usage: heddle install

                Builds Heddle from this checkout, without its tests, and installs the artifacts into Maven's local
                repository, where Maven, Gradle (mavenLocal()) and jbang find them:

                    dev.heddle:heddle-bom:VERSION      "heddle --version" shows which

                MAVEN_OPTS=-Dmaven.repo.local=DIRECTORY selects another repository.

                Exit: 0 if all are installed, 1 if not.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) {
        if (!arguments.isEmpty()) {
            throw new UsageException("it takes no argument");
        }
        throw new FailureException("only the script of a checkout can install; this copy has no sources");
    }
}
