package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.Format;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
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

                Shows what a program has made and keeps statistics: channels, queues, mutexes, semaphores, limiters,
                events, pools of tasks, workers and processes, servers, clients. Those that are nearest to their
                limits come first: FULL is how much of a limit is used up. Then those that most calls wait for.
                Figures that are zero are left out.

                Of locks and channels the first 256 are shown with the line that made them; later ones when some
                calls have waited there or elements gather. heddle waits shows each that somebody waits for now.

                  -t, --type TYPE        only these, such as queue, "worker pool", server
                  -n COUNT               at most so many, 100 unless told
                      --json             print what the program tells, a JSON object a line
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
        var table = new Table("TYPE", "NAME", ">FULL", "FIGURES", "MADE AT");
        long shown = 0;
        long count = 0;
        try (Answer answer = Programs.pick(parsed.rest()).ask("pools", request)) {
            for (Line line = answer.next(); line != null; line = answer.next()) {
                if (parsed.has("--json")) {
                    stdio.result(answer.json() + "\n");
                } else if (line.kind().equals("parts")) {
                    count = line.number("count");
                } else {
                    shown++;
                    table.row(cells(line));
                }
            }
        }
        if (!parsed.has("--json")) {
            stdio.result(table.toString());
            if (count > shown) {
                stdio.tell("and " + Format.count(count - shown) + " more; -n tells how many to show\n");
            }
        }
        return Exit.FINE;
    }

    static String[] cells(Line line) {
        return new String[]{line.text("type"), line.text("name"), full(line), figures(line), where(line)};
    }

    private static String full(Line line) {
        return line.has("pressure") ? String.format(Locale.ROOT, "%.0f %%", line.real("pressure") * 100) : "";
    }

    /** Those that are not zero: {@code capacity 10, waiting senders 3}. */
    private static String figures(Line line) {
        if (!line.has("figures")) {
            return "does not answer";
        }
        var words = new StringJoiner(", ");
        line.object("figures").fields().forEach((name, value) -> {
            String plain = HUMP.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
            if (value instanceof Number number && number.longValue() != 0) {
                words.add(plain + " " + Format.count(number.longValue()));
            } else if (Boolean.TRUE.equals(value)) {
                words.add(plain);
            }
        });
        return words.toString();
    }

    private static String where(Line line) {
        String where = PACKAGE.matcher(line.text("line")).replaceFirst("");
        String loop = line.text("loop");
        return where.isEmpty() ? loop : where + (loop.isEmpty() ? "" : ", " + loop);
    }
}
