package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The command {@code heddle waits}: shows who waits for what in a program, and who holds that. */
public final class WaitsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--max", "-n").flag("--all")
            .flag("--leaked").flag("--stacks").flag("--json");

    private static final int USUAL_MAX = 1_000;
    private static final int MAX = 100_000;

    public WaitsCommand() {
        super("waits", "show who waits for what in a program, and who holds it", """
                Usage: heddle waits [OPTION...] [PID]

                Shows the waits of a program's tasks and threads, over all loops. Loops that do not answer come first,
                with the task that blocks them. Then come cycles (deadlocks), then trees: waiters are below the task
                that they wait for, and the one that blocks most is on top. Each has its line of code.

                Locks, monitors, tokens and joined tasks have a holder. A channel or queue has none: for a waiting
                sender it shows the last receiver, and for a waiting receiver the last sender. If a wait is for
                another process (a body in a child, the end of a JvmProcess, a manager), the waits there are shown too.

                  -n, --max COUNT        at most COUNT waits (default 1,000)
                      --all              also tasks that wait for a time, for bytes or the like
                      --stacks           the whole stack of each
                      --leaked           only waits that nothing but a cancel can end any more, with those that they
                                         block. For this the program writes a heap dump, deleted at once, and STANDS
                                         STILL meanwhile: some seconds for each GB in use, and for each 50,000 tasks
                      --json             print the programs' data, a JSON object a line
                      --help             print this

                Exit: 0; 1 if the program or a child did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        Map<String, String> request = new HashMap<>();
        request.put("max", Integer.toString(parsed.number("--max", USUAL_MAX, 1, MAX)));
        for (String flag : List.of("all", "stacks")) {
            if (parsed.has("--" + flag)) {
                request.put(flag, "1");
            }
        }
        Program program = Programs.pick(parsed.rest());
        if (parsed.has("--leaked")) {
            return LeakedWaits.tell(program, request, parsed.has("--json"), stdio);
        }
        return parsed.has("--json") ? json(program, request, stdio) : text(program, request, stdio);
    }

    private static int text(Program program, Map<String, String> request, CommandStreams stdio) throws IOException {
        var reader = new Reader(request);
        String text = reader.text(program);
        stdio.result(text);
        return reader.failed ? Exit.NOT_ALL : Exit.FINE;
    }

    /** Reads programs, each of which may lead to others. */
    private static final class Reader {
        private final Map<String, String> request;
        private final Set<Long> seen = new HashSet<>();
        private boolean failed;

        Reader(Map<String, String> request) {
            this.request = request;
        }

        String text(Program program) {
            seen.add(program.pid());
            var text = new WaitText("", this::child);
            try (ProgramAnswer answer = program.ask("waits", request)) {
                for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                    text.add(line);
                }
            }
            return text.toString();
        }

        private Optional<String> child(long pid) {
            if (!seen.add(pid)) {
                return Optional.empty();
            }
            try {
                return Optional.of(text(Programs.find(pid)));
            } catch (FailureException e) {
                failed = true;
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private static int json(Program program, Map<String, String> request, CommandStreams stdio) throws IOException {
        boolean all = true;
        Set<Long> pids = new LinkedHashSet<>(Set.of(program.pid()));
        Set<Long> done = new HashSet<>();
        while (!done.containsAll(pids)) {
            long pid = pids.stream().filter(each -> !done.contains(each)).findFirst().orElseThrow();
            done.add(pid);
            try (ProgramAnswer answer = (pid == program.pid() ? program : Programs.find(pid)).ask("waits", request)) {
                if (pid != program.pid()) {
                    stdio.result("{\"kind\":\"process\",\"pid\":" + pid + "}\n");
                }
                for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                    stdio.result(answer.json() + "\n");
                    if (line.has("pid")) {
                        pids.add(line.number("pid"));
                    }
                }
            } catch (FailureException e) {
                if (pid == program.pid()) {
                    throw e;
                }
                stdio.tell("heddle: " + e.getMessage() + "\n");
                all = false;
            }
        }
        return all ? Exit.FINE : Exit.NOT_ALL;
    }
}
