package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.observe.internal.profile.ProfileFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code heddle profile}: shows where the processor time of a running program goes, by task and route. */
public final class ProfileCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("-o", "--output").flag("--cpu-time");

    /** The first recording of a process starts the JVM's recorder, for which a busy machine takes its time. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(60);

    public ProfileCommand() {
        super("profile", "write a CPU flame graph of a program, by task", """
                Usage: heddle profile [OPTION...] [PID] [TIME]

                Samples a program for TIME, by default 10s, and writes a flame graph, a file for a browser. Its root
                frames are routes and task names, with their call stacks above. Names that differ only by a number
                are merged: fetch 17 is in fetch #.

                  -o, --output FILE      the file (default profile-PID.html): .html for a flame graph, .jfr for JDK
                                         Mission Control and jfr print, anything else for collapsed stacks, a line
                                         each; repeatable
                      --cpu-time         sample by CPU time, one for each 10 ms of a thread's work, if the JDK can
                                         (Linux, experimental, may end the program: JDK-8387409)
                      --help             print this

                JDK Flight Recorder takes the samples: every 10 ms, of some of the running threads.

                Exit: 0 if the profile was taken; 1 if not, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        parsed.name("-o", "a file");
        if (parsed.all("-o").contains("-")) {
            throw new UsageException("-o needs the name of a file, whose ending says what it becomes, not -");
        }
        var when = TimedRequest.of(parsed.rest());
        Program program = Programs.pick(when.program());
        List<String> files = parsed.has("-o") ? parsed.all("-o") : List.of("profile-" + program.pid() + ".html");
        Map<String, String> request = Map.of(
                "millis", String.valueOf(when.time().toMillis()), "cpu", String.valueOf(parsed.has("--cpu-time")));
        try (ProgramAnswer answer = program.ask("profile", request, PATIENCE_MILLIS); var _ = new StopGuard(answer)) {
            Path recording = Files.createTempFile("heddle-profile", ".jfr");
            try {
                receive(answer, program, recording);
                String title = "process " + program.pid() + ", " + HumanFormat.time(when.time().toNanos());
                for (String file : files) {
                    write(recording, title, Path.of(file), stdio);
                }
            } finally {
                Files.delete(recording);
            }
        }
        return Exit.FINE;
    }

    /**
     * Has a program take samples of itself for a time.
     *
     * @param recording the file of the JDK's Flight Recorder that is written
     * @throws FailureException if it does not
     */
    private static void receive(ProgramAnswer answer, Program program, Path recording) throws IOException {
        try (OutputStream out = Files.newOutputStream(recording)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("jfr")) {
                    out.write(Base64.getDecoder().decode(line.text("base64")));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new FailureException(program + " has sent something that is no recording", e);
        }
    }

    private static void write(Path recording, String title, Path file, CommandStreams stdio) throws IOException {
        long samples = ProfileFile.of(file).write(recording, title, file);
        stdio.tell("wrote " + file + ": " + HumanFormat.count(samples, "sample")
                + (samples == 0 ? ", for nothing has worked meanwhile\n" : "\n"));
    }
}
