package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command {@code heddle tree}: shows the tasks of a program, owners before what they own. */
public final class TreeCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--name").option("--state")
            .option("--loop").option("--depth").option("--max", "-n").flag("--lines").flag("--json");

    private static final int BUFFER_BYTES = 64 * 1024;

    public TreeCommand() {
        super("tree", "show the task tree of a program, with waits", """
                Usage: heddle tree [OPTION...] [PID]

                Shows the tasks of a program loop by loop, each below its owner. For each it shows name and number,
                what it waits for and who holds that, for how long, the time left until its deadline, since when and
                why it is cancelled, its age and the line that spawned it. Child processes of its pools are below.

                The command needs little memory for any number of tasks, and the program is not stopped.

                      --name PATTERN     only tasks with such a name, and their owners: * is any text, ? any
                                         character; without these, a part of the name
                      --state STATE      only tasks that are ready, waiting, pending (not begun), foreign (they
                                         wait in code that is not Heddle's), or cancelled (and not ended)
                      --loop NAME        only the tasks of this loop
                      --depth COUNT      only COUNT levels; deeper ones are counted
                  -n, --max COUNT        at most COUNT tasks
                      --lines            also the line of code where each task is
                      --json             print the program's data, a JSON object a line
                      --help             print this

                Exit: 0; 1 if the program or a child did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        Map<String, String> request = new HashMap<>();
        for (String option : List.of("name", "state", "loop")) {
            parsed.name("--" + option, "a name").ifPresent(value -> request.put(option, value));
        }
        for (String option : List.of("depth", "max")) {
            int limit = option.equals("depth") ? 1_000 : Integer.MAX_VALUE;
            if (parsed.has("--" + option)) {
                request.put(option, Integer.toString(parsed.number("--" + option, 1, 1, limit)));
            }
        }
        if (parsed.has("--lines")) {
            request.put("lines", "1");
        }
        Program program = Programs.pick(parsed.rest());
        OutputStream out = new BufferedOutputStream(stdio.out(), BUFFER_BYTES);
        write(program, request, parsed.has("--json"), "", out);
        boolean all = true;
        for (Program child : Programs.childrenOf(program)) {
            out.write((parsed.has("--json")
                    ? "{\"kind\":\"process\",\"pid\":" + child.pid() + "}\n"
                    : "process " + child.pid() + ":\n").getBytes(StandardCharsets.UTF_8));
            try {
                write(child, request, parsed.has("--json"), "  ", out);
            } catch (FailureException e) {
                stdio.tell("heddle: " + e.getMessage() + "\n");
                all = false;
            }
        }
        out.flush();
        return all ? Exit.FINE : Exit.NOT_ALL;
    }

    private static void write(Program program, Map<String, String> request, boolean json, String indent,
            OutputStream out) throws IOException {
        var text = new TreeText(indent);
        try (ProgramAnswer answer = program.ask("tree", request)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                out.write((json ? answer.json() + "\n" : text.of(line)).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
