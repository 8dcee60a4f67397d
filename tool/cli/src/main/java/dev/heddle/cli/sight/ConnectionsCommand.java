package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code heddle connections}: shows the connections of a program's servers, clients and listeners. */
public final class ConnectionsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().flag("--json");

    /** The words above the columns. */
    static final String[] COLUMNS = {"OF", "PEER", "PROTOCOL", "PHASE", ">AGE", ">HELD", ">IN", ">OUT", ">UNREAD",
            ">LATE IN", "REQUEST"};

    public ConnectionsCommand() {
        super("connections", "show the connections of servers, clients and listeners", """
                Usage: heddle connections [OPTION...] [PID]

                Shows the connections of a program's servers, HTTP clients and other listeners. For each it shows the
                peer, the protocol, the phase, the age, how long its request is held, and the current request. It also
                shows bytes in and out (without TLS overhead), unread bytes, and how long the peer has until it is
                late. Below are the version and cipher of TLS, the task that handles the request with its wait and
                line, and the HTTP/2 streams. A blocked loop does not answer, and is named.

                      --json             print the program's data, a JSON object a line
                      --help             print this

                Exit: 0; 1 if the program or one of its loops did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        boolean json = parsed.has("--json");
        int exit = Exit.FINE;
        var table = new Table(COLUMNS);
        try (ProgramAnswer answer = Programs.pick(parsed.rest()).ask("connections", Map.of())) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("silent")) {
                    stdio.tell("heddle: " + line.text("loop") + " does not answer\n");
                    exit = Exit.NOT_ALL;
                }
                if (json) {
                    stdio.result(answer.json() + "\n");
                } else if (line.kind().equals("connection")) {
                    add(table, line);
                }
            }
        }
        if (!json) {
            stdio.result(table.toString());
        }
        return exit;
    }

    static void add(Table table, AnswerLine line) {
        table.row(
                (line.text("of") + " " + line.text("name")).strip(), line.text("peer"), line.text("protocol"),
                line.text("phase"), time(line, "age"), time(line, "held"), bytes(line, "in"), bytes(line, "out"),
                bytes(line, "buffered"), time(line, "deadline"), line.text("request"));
        if (line.has("tls")) {
            below(table, line.text("tls"));
        }
        if (line.has("task")) {
            below(table, "by task " + line.number("task") + " " + line.text("by") + words(line, ", ", "for")
                    + words(line, ", at ", "at"));
        }
        line.list("streams").forEach(stream -> below(table, stream.toString()));
    }

    private static void below(Table table, String words) {
        table.row("", "", "", "", "", "", "", "", "", "", "  " + words);
    }

    private static String words(AnswerLine line, String before, String name) {
        return line.has(name) ? before + line.text(name) : "";
    }

    private static String bytes(AnswerLine line, String name) {
        return HumanFormat.bytes(line.number(name));
    }

    private static String time(AnswerLine line, String name) {
        return line.has(name) ? HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(line.number(name))) : "-";
    }
}
