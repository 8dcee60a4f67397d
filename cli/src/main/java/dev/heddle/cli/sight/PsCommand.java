package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.Format;
import dev.heddle.cli.command.JsonText;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The command {@code heddle ps}: lists the running programs, or the loops of one. */
public final class PsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().flag("--json");

    /** How long the busy share is measured. */
    private static final Map<String, String> OVER = Map.of("over", "250");

    public PsCommand() {
        super("ps", "list running programs, or the loops of one", """
                Usage: heddle ps [OPTION...] [PID]

                Lists the running programs of yours that have a loop: what they run, how many loops and tasks they
                have, how busy their loops are, how long they have been up. Children of process pools stand below
                their parents. With a PID, lists the loops of that program.

                A loop is busy while its thread is on a processor; 100 % can do no more.

                      --json             print what the programs tell, a JSON object a line
                      --help             print this

                A program is seen that has dev.heddle:heddle-observe on its path, as all have that this command
                runs. It is not with -Dheddle.observe=off, or HEDDLE_OBSERVE=off in its environment. In a container
                run this command there: docker exec ... heddle ps.

                Exit: 0; 1 if a program did not answer, 2 for wrong usage.
                """);
    }

    /**
     * A row of the list.
     *
     * @param line what the program has told; null if it did not
     */
    private record Row(Program program, @Nullable Line line, String json) {

        long parent() {
            return line == null ? 0 : line.number("parent");
        }
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
        List<Row> rows = ask(Programs.all());
        if (json) {
            for (Row row : rows) {
                stdio.result(row.json() + "\n");
            }
        } else if (rows.isEmpty()) {
            stdio.tell("no program runs that can be observed; heddle ps --help tells which can\n");
        } else {
            stdio.result(table(rows));
        }
        return rows.stream().anyMatch(row -> row.line() == null) ? Exit.NOT_ALL : Exit.FINE;
    }

    /** All at the same time: each takes a while, and one that hangs a long one. */
    private static List<Row> ask(List<Program> programs) throws Exception {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            List<Future<Row>> asked = programs.stream().map(program -> threads.submit(() -> ask(program))).toList();
            List<Row> rows = new ArrayList<>();
            for (Future<Row> each : asked) {
                rows.add(each.get());
            }
            return rows;
        }
    }

    private static Row ask(Program program) {
        try (Answer answer = program.ask("program", OVER)) {
            Line line = Objects.requireNonNull(answer.next());
            return new Row(program, line, answer.json());
        } catch (FailureException e) {
            var json = new StringBuilder("{\"kind\":\"program\",\"pid\":").append(program.pid())
                    .append(",\"problem\":");
            JsonText.string(json, String.valueOf(e.getMessage()));
            return new Row(program, null, json.append('}').toString());
        }
    }

    private static String table(List<Row> rows) {
        var table = new Table(">PID", "PROGRAM", ">LOOPS", ">TASKS", ">BUSY", ">UP", "VERSION");
        for (Row row : rows) {
            if (rows.stream().noneMatch(other -> other.program().pid() == row.parent())) {
                add(table, row, rows, "");
            }
        }
        return table.toString();
    }

    private static void add(Table table, Row row, List<Row> all, String indent) {
        String pid = Long.toString(row.program().pid());
        Line line = row.line();
        if (line == null) {
            table.row(pid, indent + ProcessFacts.of(row.program().pid())
                    .map(facts -> facts.command() + (facts.isStopped() ? " (stopped)" : " (does not answer)"))
                    .orElse("(has ended)"), "-", "-", "-", "-", "-");
            return;
        }
        long hanging = line.number("hanging");
        table.row(
                pid,
                indent + name(line) + (hanging == 0 ? "" : " (" + Format.count(hanging, "loop") + " held)"),
                Format.count(line.number("loops")),
                Format.count(line.number("tasks")),
                share(line, "busy"),
                Format.time(TimeUnit.MILLISECONDS.toNanos(line.number("up"))),
                line.text("version"));
        for (Row child : all) {
            if (child.parent() == row.program().pid()) {
                add(table, child, all, indent + "  ");
            }
        }
    }

    private static String name(Line line) {
        String main = line.text("main");
        return line.has("parent") ? "worker" : main.substring(main.lastIndexOf('/') + 1);
    }

    private static String share(Line line, String name) {
        return line.has(name) ? String.format(Locale.ROOT, "%.0f %%", line.real(name) * 100) : "-";
    }

    // ---- loops ----

    private static int loops(Program program, boolean json, CommandStreams stdio) throws IOException {
        var table = new Table("LOOP", "ENGINE", ">TASKS", ">READY", ">TIMERS", ">TURNS", ">BUSY", "NOW");
        try (Answer answer = program.ask("loops", OVER)) {
            for (Line line = answer.next(); line != null; line = answer.next()) {
                if (json) {
                    stdio.result(answer.json() + "\n");
                } else {
                    table.row(
                            line.text("loop"), line.text("engine"), Format.count(line.number("tasks")),
                            Format.count(line.number("ready")), Format.count(line.number("timers")),
                            Format.count(line.number("turns")), share(line, "busy"), now(line));
                }
            }
        }
        if (!json) {
            stdio.result(table.toString());
        }
        return Exit.FINE;
    }

    private static String now(Line line) {
        String running = line.text("running");
        if (!line.flag("answers")) {
            return "held" + (running.isEmpty() ? "" : " by " + running)
                    + (line.has("at") ? " at " + line.text("at") : "");
        }
        return line.flag("asleep") ? "waits" : running.isEmpty() ? "runs" : "runs " + running;
    }
}
