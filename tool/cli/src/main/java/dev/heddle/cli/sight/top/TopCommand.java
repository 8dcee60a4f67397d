package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.command.WindowSize;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.ProgramAnswer;
import dev.heddle.cli.sight.Programs;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code heddle top}: what the tasks of a running program do with their time. */
public final class TopCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax()
            .option("--sort", "-s")
            .option("--by")
            .option("--over")
            .option("--every", "-d")
            .option("--rounds", "-n")
            .option("--rows")
            .flag("--json")
            .flag("--no-colour", "--no-color");

    private static final Duration MIN_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofHours(1);
    private static final int STDIN = 0;
    private static final int STDOUT = 1;

    /** As wide as a line of text gets that no window bounds. */
    private static final int TEXT_COLUMNS = 300;

    public TopCommand() {
        super("top", "show the CPU time of a program by task, live", """
                Usage: heddle top [OPTION...] [PID]

                Shows the tasks of a program by route and by name; numbers in names are merged. For each row it shows
                how long they ran, how often, how long they were ready before they ran, their allocation, and how
                many wait. It measures only while you look, and costs the program next to nothing. If the output is
                no terminal, it prints one round.

                  -s, --sort COLUMN      busy, runs, delay, allocated, waiting, tasks or name (default busy)
                      --by WHAT          route, or name alone (default route)
                      --over SECONDS     rates over the last 1, 10 or 60 seconds (default 1)
                  -d, --every DURATION   time between rounds, such as 500ms (default 1s)
                  -n, --rounds N         end after N rounds
                      --rows N           most rows to print (default 50)
                      --json             print the program's data, a JSON object a line
                      --no-colour        no colours; so does NO_COLOR in the environment
                      --help             print this

                Keys: F1 or h shows them; q quits. Ctrl-Z has no effect.

                Exit: 0; 1 if the program does not answer or has ended, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException, InterruptedException {
        Arguments parsed = SYNTAX.parse(arguments);
        var view = new TopState.View(
                order(parsed), choice(parsed, "--by", List.of("route", "name")).equals("name"),
                Integer.parseInt(choice(parsed, "--over", List.of("1", "10", "60"))), "", false);
        long everyMillis = every(parsed).toMillis();
        int rounds = parsed.number("--rounds", 0, 1, Integer.MAX_VALUE);
        Program program = Programs.pick(parsed.rest());
        Optional<RawMode> mode = parsed.has("--json") ? Optional.empty() : terminal(stdio);
        if (mode.isPresent()) {
            return new TopRun(program, view, everyMillis, style(parsed), stdio, new WindowSize(STDOUT))
                    .run(mode.get(), rounds);
        }
        Map<String, String> request = new HashMap<>(
                TopState.begin(program.toString(), view, 0, TEXT_COLUMNS).request());
        request.put("rows", Integer.toString(parsed.number("--rows", 50, 1, 10_000)));
        if (rounds > 1) {
            request.put("every", Long.toString(everyMillis));
        }
        try (ProgramAnswer answer = program.ask("top", request)) {
            for (int round = 0; round < Math.max(1, rounds); round++) {
                if (parsed.has("--json")) {
                    printJson(answer, stdio);
                } else {
                    TopState state = TopState.begin(program.toString(), view, 0, TEXT_COLUMNS);
                    stdio.result((round == 0 ? "" : "\n") + TopPicture.text(state.with(Round.read(answer))));
                }
            }
        }
        return Exit.FINE;
    }

    private static void printJson(ProgramAnswer answer, CommandStreams stdio) throws IOException {
        boolean ended = false;
        while (!ended) {
            var line = answer.next();
            ended = line == null || line.kind().equals("round");
            if (line != null) {
                stdio.result(answer.json() + "\n");
            }
        }
    }

    /** The terminal of people who look and type; empty where there is none. */
    private static Optional<RawMode> terminal(CommandStreams stdio) {
        return stdio.terminal().columns() > 0 && RawMode.of(STDOUT).isPresent()
                ? RawMode.of(STDIN)
                : Optional.empty();
    }

    private static Style style(Arguments parsed) {
        String noColour = System.getenv("NO_COLOR"); // https://no-color.org
        boolean plain = parsed.has("--no-colour") || (noColour != null && !noColour.isEmpty());
        return plain ? Style.PLAIN : Style.COLOURS;
    }

    private static Column order(Arguments parsed) {
        List<String> orders = Arrays.stream(Column.values())
                .map(column -> column.order)
                .filter(order -> !order.isEmpty())
                .toList();
        String chosen = choice(parsed, "--sort", orders);
        return Arrays.stream(Column.values()).filter(column -> column.order.equals(chosen)).findFirst().orElseThrow();
    }

    private static String choice(Arguments parsed, String option, List<String> words) {
        String word = parsed.value(option).orElse(words.getFirst());
        if (!words.contains(word)) {
            throw new UsageException(option + " is one of " + String.join(", ", words));
        }
        return word;
    }

    private static Duration every(Arguments parsed) {
        Duration every = parsed.duration("--every", Duration.ofSeconds(1));
        if (every.compareTo(MIN_PAUSE) < 0 || every.compareTo(MAX_PAUSE) > 0) {
            throw new UsageException("--every is from 100ms to 1h");
        }
        return every;
    }
}
