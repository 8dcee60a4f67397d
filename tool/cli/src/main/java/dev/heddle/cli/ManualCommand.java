package dev.heddle.cli;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.util.List;

/**
 * The command {@code heddle manual}: prints the manual page, made from the help of all commands. Not in the help:
 * packagers need it.
 */
final class ManualCommand extends Command {

    ManualCommand() {
        super("manual", "print the manual page", """
                Usage: heddle manual

                Prints the manual page, for man(1). To read it: heddle manual | man -l -
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        if (!arguments.isEmpty()) {
            throw new UsageException("it takes no argument");
        }
        stdio.result(page());
        return Exit.FINE;
    }

    /** In the macros of man(7). */
    static String page() {
        var page = new StringBuilder("""
                .TH HEDDLE 1
                .SH NAME
                heddle \\- concurrency and async I/O for Java
                .SH SYNOPSIS
                .B heddle
                .I COMMAND
                .RI [ ARGUMENT ...]
                .SH DESCRIPTION
                Runs and observes programs that use Heddle; fetches, serves and measures over HTTP.
                .SH COMMANDS
                """);
        for (Command command : Commands.listed()) {
            page.append(".SS heddle ").append(roff(command.name())).append('\n');
            new HelpText(command.help()).blocks().forEach(block -> append(page, block));
        }
        return page.append("""
                .SH ENVIRONMENT
                .TP
                .B JAVA_HOME
                selects the JDK, which must be 25 or later
                .TP
                .B HEDDLE_JAVA_OPTS
                adds options of the JVM
                .TP
                .B HEDDLE_ENGINE
                forces an engine: io_uring, epoll or nio
                .TP
                .B HEDDLE_OBSERVE
                off: the program cannot be observed; acts: it also permits actions, such as cancelling tasks
                .TP
                .B HEDDLE_OBSERVE_DIRECTORY
                the directory with the sockets of observable programs
                """).toString();
    }

    private static void append(StringBuilder page, String block) {
        List<HelpText.Option> options = HelpText.options(block);
        if (!options.isEmpty()) {
            options.forEach(option -> append(page, option));
        } else if (block.startsWith("Usage:") || block.startsWith("    ")) {
            page.append(".PP\n.nf\n");
            block.lines().forEach(line -> page.append(roff(line)).append('\n'));
            page.append(".fi\n");
        } else {
            page.append(".PP\n");
            block.lines().forEach(line -> page.append(roff(line.strip())).append('\n'));
        }
    }

    private static void append(StringBuilder page, HelpText.Option option) {
        page.append(".TP\n");
        String letter = option.letter() == null ? "" : "\\fB" + roff(option.letter()) + "\\fR, ";
        String argument = option.argument() == null ? "" : " \\fI" + option.argument() + "\\fR";
        page.append(letter).append("\\fB").append(roff(option.word())).append("\\fR").append(argument).append('\n');
        page.append(roff(option.text())).append('\n');
    }

    /** A text line of roff: no escapes, and no request at its beginning. */
    private static String roff(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
