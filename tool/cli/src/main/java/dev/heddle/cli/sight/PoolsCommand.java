package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The command {@code heddle pools}: shows the queues, locks, limiters, pools, servers and clients of a program. */
public final class PoolsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--type", "-t").option("-n")
            .flag("--json");

    private static final int SHOWN = 100;

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private static final Pattern PACKAGE = Pattern.compile("^(.*/)?([a-z_0-9]+\\.)*");

    public PoolsCommand() {
        super("pools", "show the queues, locks, pools and limiters of a program", """
                Usage: heddle pools [OPTION...] [PID]

                Shows everything in a program that has statistics: channels, queues, mutexes, semaphores, limiters,
                events, parking lots, pools of tasks, workers and processes, servers, clients, meters and buffers.
                Figures that are zero are omitted.

                Rows nearest to their limits come first. FULL is how much of a limit is used; a pool is full when all
                its workers are busy. Then come rows with most waiters. WAITING is the number of waiting calls or
                bodies, and how long the first has waited, if known. Below are some of the holders: the
                longest-running bodies of a pool, the holders of a lock.

                The first 256 locks and channels are shown with the line that made them. Later ones appear when some
                calls have waited there or elements gather. heddle waits shows each with current waiters.

                  -t, --type TYPE        only these, such as queue, "worker pool", server
                  -n COUNT               at most COUNT rows (default 100)
                      --json             print the program's data, a JSON object a line
                      --help             print this

                Exit: 0; 1 if the program did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        Map<String, String> request = new HashMap<>();
        request.put("max", Integer.toString(parsed.number("-n", SHOWN, 1, 100_000)));
        parsed.value("--type").ifPresent(type -> request.put("type", type));
        var table = new Table("TYPE", "NAME", ">FULL", "WAITING", "FIGURES", "MADE AT");
        long shown = 0;
        long count = 0;
        try (ProgramAnswer answer = Programs.pick(parsed.rest()).ask("pools", request)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (parsed.has("--json")) {
                    stdio.result(answer.json() + "\n");
                } else if (line.kind().equals("parts")) {
                    count = line.number("count");
                } else {
                    shown++;
                    table.row(cells(line));
                    line.lines("holders").forEach(holder -> table.note(holder(holder)));
                }
            }
        }
        if (!parsed.has("--json")) {
            stdio.result(table.toString());
            if (count > shown) {
                stdio.tell("and " + HumanFormat.count(count - shown) + " more; -n tells how many to show\n");
            }
        }
        return Exit.FINE;
    }

    static String[] cells(AnswerLine line) {
        return new String[]{
                line.text("type"), line.text("name"), full(line), waiting(line), figures(line), where(line)
        };
    }

    /** {@code 5 for 12.0 s}. */
    private static String waiting(AnswerLine line) {
        return !line.has("waiting")
                ? ""
                : HumanFormat.count(line.number("waiting"))
                        + (line.has("oldest") ? " for " + millis(line, "oldest") : "");
    }

    /** {@code digest-1 for 42.0 s at Shop.digest(Shop.java:12)}. */
    static String holder(AnswerLine holder) {
        return holder.text("who")
                + (holder.has("pid") ? " in process " + holder.number("pid") : "")
                + (holder.has("held") ? " for " + millis(holder, "held") : "")
                + (holder.has("at") ? " at " + place(holder.text("at")) : "");
    }

    private static String millis(AnswerLine line, String name) {
        return HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(line.number(name)));
    }

    private static String full(AnswerLine line) {
        return line.has("pressure") ? String.format(Locale.ROOT, "%.0f %%", line.real("pressure") * 100) : "";
    }

    /** Those that are not zero: {@code capacity 10, waiting senders 3}. */
    private static String figures(AnswerLine line) {
        if (!line.has("figures")) {
            return "does not answer";
        }
        var words = new StringJoiner(", ");
        line.object("figures").fields().forEach((name, value) -> {
            String plain = HUMP.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
            if (value instanceof Number number && number.longValue() != 0) {
                words.add(plain + " " + HumanFormat.count(number.longValue()));
            } else if (Boolean.TRUE.equals(value)) {
                words.add(plain);
            }
        });
        return words.toString();
    }

    private static String place(String line) {
        return PACKAGE.matcher(line).replaceFirst("");
    }

    private static String where(AnswerLine line) {
        String where = place(line.text("line"));
        String loop = line.text("loop");
        return where.isEmpty() ? loop : where + (loop.isEmpty() ? "" : ", " + loop);
    }
}
