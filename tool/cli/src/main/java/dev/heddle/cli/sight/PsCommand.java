package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Table;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.sight.ProgramList.Row;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The command {@code heddle ps}: lists the running programs, or the loops of one. */
public final class PsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().flag("--json");

    public PsCommand() {
        super("ps", "list running programs, or the loops of one", """
                Usage: heddle ps [OPTION...] [PID]

                Lists your running programs that have a loop; for root, those of all users. It shows the command, the
                number of loops and tasks, how busy the loops are, and the uptime. Children of process pools are below
                their parents. With a PID, lists the loops of that program.

                A loop is busy while its thread is on a processor; at 100 % it is saturated.

                      --json             print the programs' data, a JSON object a line
                      --help             print this

                A program is visible if dev.heddle:heddle-observe is on its path, as with heddle run, unless it was
                started with -Dheddle.observe=off, or HEDDLE_OBSERVE=off in its environment. In a container run this
                command there: docker exec ... heddle ps.

                Exit: 0; 1 if a program did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        Arguments parsed = SYNTAX.parse(arguments);
        boolean json = parsed.has("--json");
        return switch (parsed.rest().size()) {
            case 0 -> programs(json, stdio);
            case 1 -> loops(Programs.pick(parsed.rest()), json, stdio);
            default -> throw new UsageException("one PID at a time");
        };
    }

    // ---- programs ----

    private static int programs(boolean json, CommandStreams stdio) throws Exception {
        ProgramList list = ProgramList.ask(Programs.all());
        if (json) {
            for (Row row : list.rows()) {
                stdio.result(row.json() + "\n");
            }
        } else if (list.rows().isEmpty()) {
            stdio.tell("no program runs that can be observed; heddle ps --help tells which can\n");
        } else {
            boolean ofMany = list.rows().stream().map(Row::user).distinct().count() > 1;
            var table = new Table(">PID", "PROGRAM", ">LOOPS", ">TASKS", ">BUSY", ">UP", "VERSION",
                    ofMany ? "USER" : "");
            list.tops().forEach(row -> add(table, row, list, "", ofMany));
            stdio.result(table.toString());
        }
        return list.rows().stream().anyMatch(Row::hasProblem) ? Exit.NOT_ALL : Exit.FINE;
    }

    private static void add(Table table, Row row, ProgramList list, String indent, boolean ofMany) {
        String pid = Long.toString(row.pid());
        String user = ofMany ? row.user() : "";
        AnswerLine line = row.line();
        if (row.hasProblem()) {
            table.row(pid, indent + unanswered(row.pid()), "-", "-", "-", "-", "-", user);
        } else {
            long hanging = line.number("hanging");
            table.row(
                    pid,
                    indent + name(line) + (hanging == 0 ? "" : " (" + HumanFormat.count(hanging, "loop") + " held)"),
                    HumanFormat.count(line.number("loops")),
                    HumanFormat.count(line.number("tasks")),
                    share(line),
                    HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(line.number("up"))),
                    line.text("version"),
                    user);
        }
        list.below(row).forEach(child -> add(table, child, list, indent + "  ", ofMany));
    }

    private static String unanswered(long pid) {
        return ProcessFacts.of(pid)
                .map(facts -> facts.command() + (facts.isStopped() ? " (stopped)" : " (does not answer)"))
                .orElse("(has ended)");
    }

    private static String name(AnswerLine line) {
        String main = line.text("main");
        return line.has("parent") ? "worker" : main.substring(main.lastIndexOf('/') + 1);
    }

    private static String share(AnswerLine line) {
        return line.has("busy") ? String.format(Locale.ROOT, "%.0f %%", line.real("busy") * 100) : "-";
    }

    // ---- loops ----

    private static int loops(Program program, boolean json, CommandStreams stdio) throws IOException {
        var table = new Table("LOOP", "ENGINE", ">TASKS", ">READY", ">TIMERS", ">TURNS", ">BUSY", "NOW");
        try (ProgramAnswer answer = program.ask("loops", ProgramList.OVER)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (json) {
                    stdio.result(answer.json() + "\n");
                } else {
                    table.row(
                            line.text("loop"), line.text("engine"), HumanFormat.count(line.number("tasks")),
                            HumanFormat.count(line.number("ready")), HumanFormat.count(line.number("timers")),
                            HumanFormat.count(line.number("turns")), share(line), now(line));
                }
            }
        }
        if (!json) {
            stdio.result(table.toString());
        }
        return Exit.FINE;
    }

    private static String now(AnswerLine line) {
        String running = line.text("running");
        if (!line.flag("answers")) {
            return "held" + (running.isEmpty() ? "" : " by " + running)
                    + (line.has("at") ? " at " + line.text("at") : "");
        }
        return line.flag("asleep") ? "waits" : running.isEmpty() ? "runs" : "runs " + running;
    }
}
