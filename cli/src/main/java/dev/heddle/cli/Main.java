package dev.heddle.cli;

import dev.heddle.CancelledException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The {@code heddle} program: picks the command and turns its end into an exit code. */
public final class Main {

    /** In the order of the help. */
    private static final List<Command> COMMANDS =
            List.of(new DemoCommand(), new FetchCommand(), new ServeCommand(), new RunCommand());

    private static final Command TRAINING = new TrainingCommand();

    private Main() {}

    /** Runs the program; ends the process with the command's exit code. */
    public static void main(String[] arguments) {
        // Not a plain return: a thread that waits for a pipe must not keep the process.
        System.exit(run(List.of(arguments), Stdio.ofProcess()));
    }

    /** Runs the program in this process, for tests too. Never throws; what went wrong is told and in the exit code. */
    static int run(List<String> arguments, Stdio stdio) {
        String who = "heddle";
        try {
            if (arguments.isEmpty()) {
                stdio.tell(help());
                return Exit.USAGE;
            }
            String word = arguments.getFirst();
            List<String> rest = arguments.subList(1, arguments.size());
            switch (word) {
                case "help", "--help", "-h" -> {
                    stdio.result(rest.isEmpty() ? help() : command(rest.getFirst()).help());
                    return Exit.FINE;
                }
                case "--version", "-V", "version" -> {
                    Version.print(stdio);
                    return Exit.FINE;
                }
                default -> {
                    Command command = command(word);
                    who = "heddle " + word;
                    if (asksForHelp(command, rest)) {
                        stdio.result(command.help());
                        return Exit.FINE;
                    }
                    return command.run(rest, stdio);
                }
            }
        } catch (UsageException e) {
            String help = who.equals("heddle") ? "heddle --help" : who + " --help";
            stdio.tell(who + ": " + e.getMessage() + "\n" + "Try: " + help + "\n");
            return Exit.USAGE;
        } catch (FailureException e) {
            stdio.tell(who + ": " + e.getMessage() + "\n");
            return Exit.NOT_ALL;
        } catch (CancelledException e) {
            return Exit.of(e);
        } catch (IOException e) {
            if (!Screen.isClosedPipe(e)) {
                stdio.tell(who + ": " + Reason.of(e) + "\n");
            }
            return Exit.NOT_ALL;
        } catch (Exception | Error e) {
            // Nothing else is expected, so what came shows whole.
            stdio.tell(who + ": internal error\n");
            e.printStackTrace();
            return Exit.NOT_ALL;
        }
    }

    /** Only in the place of the first argument where the others belong to another program. */
    private static boolean asksForHelp(Command command, List<String> arguments) {
        int most = command.passesArgumentsOn() ? 1 : arguments.size();
        return arguments.stream()
                .limit(most)
                .takeWhile(word -> !word.equals("--"))
                .anyMatch(word -> word.equals("--help") || word.equals("-h"));
    }

    private static Command command(String word) {
        if (word.equals(TRAINING.name())) {
            return TRAINING;
        }
        for (Command command : COMMANDS) {
            if (command.name().equals(word)) {
                return command;
            }
        }
        String kind = word.startsWith("-") ? "unknown option " : "unknown command ";
        String message = kind + Text.printable(word);
        Optional<String> near = Spelling.nearest(
                word, word.startsWith("-") ? List.of("--help", "--version") : COMMANDS.stream().map(Command::name).toList());
        throw new UsageException(near.isPresent() ? message + "; did you mean " + near.get() + "?" : message);
    }

    private static String help() {
        StringBuilder text = new StringBuilder("""
                Usage: heddle COMMAND [ARGUMENT...]

                Tasks that wait together: concurrency and async I/O for Java.

                Commands:
                """);
        for (Command command : COMMANDS) {
            text.append(String.format("  %-8s %s%n", command.name(), command.summary()));
        }
        return text.append("""

                  heddle COMMAND --help    tells all about a command
                  heddle --version         tells the versions of Heddle and of the JDK

                Environment: JAVA_HOME picks the JDK; HEDDLE_JAVA_OPTS is added to its options.
                """).toString();
    }
}
