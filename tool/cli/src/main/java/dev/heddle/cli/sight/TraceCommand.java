package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.observe.internal.trace.TraceFile;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        super("trace", "record a trace of a program, for Perfetto and Chrome", """
                Usage: heddle trace [OPTION...] [PID] [TIME]

                Records the loops of a program for TIME, by default 10s, and writes a file for
                https://ui.perfetto.dev and chrome://tracing. Each loop is a process there and each task a thread.
                A task's turns are slices, and arrows lead from the waking task to the woken one. The loop's main
                thread shows everything in order, with polls and timers.

                  -o, --output FILE      the file; compressed if its name ends with .gz; - is the standard output
                                         (default trace-PID.json)
                      --past             include the time before, if the program records always:
                                         -Dheddle.observe.record=on
                      --events N         most events, 1000 to 1000000000 (default 1000000): the trace ends there
                      --json             print the events, a JSON object a line, and write no file
                      --help             print this

                The program runs a few hundredths slower meanwhile. If a loop is faster than the writer, some events
                are missing; the file then says how many.

                Ctrl-C ends the trace; the file has the events so far. An incomplete file is called FILE.partial.

                Exit: 0 if the trace was taken; 1 if not, 2 for wrong usage, 130 after Ctrl-C.
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
                return write(answer, parsed.name("-o", "a file").orElse("trace-" + program.pid() + ".json"), stdio);
            }
        }
        return Exit.FINE;
    }

    /** Where the program ends meanwhile, or this command is stopped, the file has what came before. */
    private static int write(ProgramAnswer answer, String name, CommandStreams stdio) throws IOException {
        boolean toStdout = name.equals("-");
        Path path = Path.of(name);
        var written = new Written(toStdout ? "the standard output" : name);
        try (var guard = new StopGuard(answer)) {
            try (var file = toStdout ? new TraceFile(unclosed(stdio.out())) : new TraceFile(path)) {
                written.receive(answer, file);
            } catch (FailureException e) {
                String until = written.name + " has the " + HumanFormat.count(written.events, "event") + " until then";
                if (guard.isStopped()) {
                    stdio.tell("stopped; " + until + "\n");
                    return Exit.INTERRUPTED;
                }
                throw new FailureException(e.getMessage() + "\n" + until, e);
            } catch (IOException e) {
                throw cut(written, path, e);
            }
        }
        stdio.tell("wrote " + written.name + ": " + HumanFormat.count(written.events, "event") + " of "
                + HumanFormat.count(written.loops.size(), "loop")
                + "; open it in https://ui.perfetto.dev or chrome://tracing\n"
                + (written.full ? "it ends early, since so many events are enough; --events takes more\n" : ""));
        return Exit.FINE;
    }

    /** A file that ends in the midst of an event has another name. */
    private static FailureException cut(Written written, Path path, IOException failure) throws IOException {
        String what = "cannot write " + written.name + ": " + ErrorText.of(failure);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return new FailureException(what, failure);
        }
        Path partial = path.resolveSibling(path.getFileName() + ".partial");
        Files.move(path, partial, StandardCopyOption.REPLACE_EXISTING);
        return new FailureException(what + "\n" + partial + " has what came before, and ends in the middle", failure);
    }

    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /** What a trace has so far. */
    private static final class Written {

        final String name;
        final Set<Long> loops = new HashSet<>();
        long events;
        boolean full;

        Written(String name) {
            this.name = name;
        }

        void receive(ProgramAnswer answer, TraceFile file) throws IOException {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("event")) {
                    file.add(answer.json());
                    loops.add(line.number("pid"));
                    events++;
                }
                full |= line.kind().equals("full");
            }
        }
    }
}
