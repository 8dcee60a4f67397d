package dev.heddle.cli;

import java.util.List;

/** One command of the {@code heddle} program. */
interface Command {

    /** The word that picks this command. */
    String name();

    /** What it does, in half a line. */
    String summary();

    /** The whole help text, ending in a line end. */
    String help();

    /** Whether all arguments after the first are another program's business. */
    default boolean passesArgumentsOn() {
        return false;
    }

    /**
     * Runs the command to its end. Called by the program's main thread, outside any loop.
     *
     * @param arguments what follows the command's name
     * @param stdio where input comes from and output goes
     * @return the exit code of the process
     * @throws UsageException if the arguments are wrong
     * @throws FailureException if the command cannot do its work
     */
    int run(List<String> arguments, CommandStreams stdio) throws Exception;
}
