package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command {@code heddle cancel}: cancels a task of a running program. */
public final class CancelCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--reason").flag("--json");

    public CancelCommand() {
        super("cancel", "cancel a task of a running program, if it permits that", """
                Usage: heddle cancel [OPTION...] PID TASK
                       heddle cancel [OPTION...] PID LOOP/TASK

                Cancels a task and the tasks that it owns, like Task.cancel in the program: at its next wait, with
                its clean-up. TASK is its number in heddle tree. If several loops have a task of that number, LOOP
                names the loop.

                The program must have been started with -Dheddle.observe=acts, or with HEDDLE_OBSERVE=acts in its
                environment. Its log records the cancelled task.

                      --reason TEXT      the reason in the task's CancelledException
                      --json             print the program's data, a JSON object a line
                      --help             print this

                Exit: 0 if the task was cancelled; 1 if not, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        if (parsed.rest().size() != 2) {
            throw new UsageException("it needs a PID and the number of a task");
        }
        Map<String, String> request = new HashMap<>();
        String word = parsed.rest().get(1);
        int slash = word.lastIndexOf('/');
        if (slash > 0) {
            request.put("loop", word.substring(0, slash));
        }
        String task = word.substring(slash + 1);
        if (!task.matches("[1-9][0-9]{0,17}")) {
            throw new UsageException(
                    "\"" + HumanFormat.cut(word, 50) + "\" is no number of a task; heddle tree shows the numbers");
        }
        request.put("task", task);
        parsed.value("--reason").ifPresent(reason -> request.put("reason", reason));
        try (ProgramAnswer answer = Programs.pick(parsed.rest().subList(0, 1)).ask("cancel", request)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                stdio.result(parsed.has("--json")
                        ? answer.json() + "\n"
                        : "told task " + line.number("task") + " of " + line.text("loop") + ": " + line.text("name")
                                + "\n");
            }
        }
        return Exit.FINE;
    }
}
