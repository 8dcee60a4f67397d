package dev.heddle.cli.command;

import java.util.List;

/** One command of the {@code heddle} program. */
public abstract class Command {

    private final String name;
    private final String summary;
    private final String help;

    /**
     * A command as the help knows it.
     *
     * @param name the word that picks this command
     * @param summary what it does, in half a line
     * @param help the whole help text, ending in a line end
     */
    protected Command(String name, String summary, String help) {
        this.name = name;
        this.summary = summary;
        this.help = help;
    }

    public final String name() {
        return name;
    }

    public final String summary() {
        return summary;
    }

    /** The help text for a terminal of the usual width. */
    public final String help() {
        return HelpText.fitted(help);
    }

    /** Whether all arguments after the first are another program's business. */
    public boolean passesArgumentsOn() {
        return false;
    }

    /** Whether it is refused where an engine is asked for that cannot work. */
    public boolean needsEngine() {
        return true;
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
    public abstract int run(List<String> arguments, CommandStreams stdio) throws Exception;
}
