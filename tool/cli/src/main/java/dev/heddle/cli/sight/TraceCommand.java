package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.observe.internal.trace.TraceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command {@code heddle trace}: records what the loops of a running program do. */
public final class TraceCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("-o", "--output").option("--events")
            .flag("--past").flag(
                    "--json");

    public TraceCommand() {
        super("trace", "record what a running program does, for Perfetto and Chrome", """
                Usage: heddle trace [OPTION...] [PID] [TIME]

                Records for TIME, 10s if none is given, what the loops of a program do, and writes a file that opens
                in https://ui.perfetto.dev and chrome://tracing. Each loop is a process there and each task a thread:
                its runs are slices, and arrows lead from who woke a task to where it ran. The loop's main thread
                has all in a row, with polls and timers.

                  -o, --output FILE      where to; compressed if the name ends with .gz (trace-PID.json)
                      --past             what was recorded before comes first, where the program always records:
                                         -Dheddle.observe.record=on
                      --events N         most events, 1000 to 1000000000 (1000000): the trace ends there
                      --json             print the events, a JSON object a line, and write no file
                      --help             print this

                The program runs a few hundredths slower meanwhile. Where a loop is faster than they can be written,
                some events are missing; the file then says how many.

                Exit: 0 if the trace was taken; 1 if not, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        var when = TimedRequest.of(parsed.rest());
        Program program = Programs.pick(when.program());
        Map<String, String> request = Map.of(
                "millis", String.valueOf(when.time().toMillis()),
                "past", parsed.has("--past") ? "1" : "0",
                "events", String.valueOf(parsed.number("--events", 1_000_000, 1_000, 1_000_000_000)));
        try (ProgramAnswer answer = program.ask("trace", request)) {
            if (parsed.has("--json")) {
                for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                    stdio.result(answer.json() + "\n");
                }
            } else {
                write(answer, Path.of(parsed.name("-o", "a file").orElse("trace-" + program.pid() + ".json")), stdio);
            }
        }
        return Exit.FINE;
    }

    /** Where the program ends meanwhile, the file has what came before. */
    private static void write(ProgramAnswer answer, Path path, CommandStreams stdio) throws IOException {
        long events = 0;
        boolean full = false;
        Set<Long> loops = new HashSet<>();
        try (var file = new TraceFile(path)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("event")) {
                    file.add(answer.json());
                    loops.add(line.number("pid"));
                    events++;
                }
                full |= line.kind().equals("full");
            }
        } catch (FailureException e) {
            throw new FailureException(
                    e.getMessage() + "\n" + path + " has the " + HumanFormat.count(events, "event") + " until then", e);
        }
        stdio.tell("wrote " + path + ": " + HumanFormat.count(events, "event") + " of "
                + HumanFormat.count(loops.size(), "loop")
                + "; open it in https://ui.perfetto.dev or chrome://tracing\n"
                + (full ? "it ends early, since so many events are enough; --events takes more\n" : ""));
    }
}
