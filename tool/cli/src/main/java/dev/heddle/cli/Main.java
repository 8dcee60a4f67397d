package dev.heddle.cli;

import dev.heddle.CancelledException;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Screen;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.command.Version;
import dev.heddle.engine.Engines;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The {@code heddle} program: picks the command and turns its end into an exit code. */
public final class Main {

    private Main() {}

    /** Runs the program; ends the process with the command's exit code. */
    public static void main(String[] arguments) {
        // Not a plain return: a thread that waits for a pipe must not keep the process.
        System.exit(run(List.of(arguments), CommandStreams.ofProcess()));
    }

    /** Runs the program in this process, for tests too. Never throws; what went wrong is told and in the exit code. */
    static int run(List<String> arguments, CommandStreams stdio) {
        String word = arguments.isEmpty() ? "" : arguments.getFirst();
        String who = Commands.find(word).isPresent() ? "heddle " + word : "heddle";
        try {
            return dispatch(arguments, stdio);
        } catch (UsageException e) {
            stdio.tell(who + ": " + e.getMessage() + "\nTry: " + who + " --help\n");
            return Exit.USAGE;
        } catch (FailureException e) {
            stdio.tell(who + ": " + e.getMessage() + "\n");
            return Exit.NOT_ALL;
        } catch (CancelledException e) {
            return Exit.of(e);
        } catch (IOException e) {
            if (!Screen.isClosedPipe(e)) {
                stdio.tell(who + ": " + ErrorText.of(e) + "\n");
            }
            return Exit.NOT_ALL;
        } catch (Exception | Error e) {
            // Nothing else is expected, so what came shows whole.
            stdio.tell(who + ": internal error\n");
            e.printStackTrace(new PrintStream(stdio.err(), true, StandardCharsets.UTF_8));
            return Exit.NOT_ALL;
        }
    }

    private static int dispatch(List<String> arguments, CommandStreams stdio) throws Exception {
        if (arguments.isEmpty()) {
            stdio.tell(Commands.help());
            return Exit.USAGE;
        }
        requireText(arguments);
        List<String> rest = arguments.subList(1, arguments.size());
        return switch (arguments.getFirst()) {
            case "help", "--help", "-h" ->
                print(
                        rest.isEmpty()
                                ? Commands.help()
                                : Commands.get(rest.getFirst()).help(),
                        stdio);
            case "version", "--version", "-V" -> Version.print(stdio);
            default -> {
                Command command = Commands.get(arguments.getFirst());
                if (asksForHelp(command, rest)) {
                    yield print(command.help(), stdio);
                }
                if (command.needsEngine()) {
                    requireEngine();
                }
                yield command.run(rest, stdio);
            }
        };
    }

    /**
     * The JVM reads arguments in the character set of the locale, and what is not of it comes as U+FFFD: they would
     * name another page or file than the user meant. The script has a locale "C" replaced before.
     */
    private static void requireText(List<String> arguments) throws UsageException {
        for (String argument : arguments) {
            if (argument.indexOf('\uFFFD') >= 0) {
                String charset = System.getProperty("sun.jnu.encoding");
                throw new UsageException("\"" + HumanFormat.printable(argument)
                        + "\" has bytes that are no characters of "
                        + charset + (charset.equals("UTF-8") ? "" : ", as this locale has it; set LC_ALL=C.UTF-8"));
            }
        }
    }

    /** Somebody may have asked for an engine that is not there. */
    private static void requireEngine() throws UsageException {
        try {
            Engines.chosen();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Only in the place of the first argument where the others belong to another program. */
    private static boolean asksForHelp(Command command, List<String> arguments) {
        return arguments.stream()
                .limit(command.passesArgumentsOn() ? 1 : arguments.size())
                .takeWhile(word -> !word.equals("--"))
                .anyMatch(word -> word.equals("--help") || word.equals("-h"));
    }

    private static int print(String text, CommandStreams stdio) throws IOException {
        stdio.result(text);
        return Exit.FINE;
    }
}
