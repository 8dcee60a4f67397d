package dev.heddle.cli.sight;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.Format;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code heddle connections}: shows the connections of a program's servers. */
public final class ConnectionsCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().flag("--json");

    public ConnectionsCommand() {
        super("connections", "show the connections of a program's servers", """
                Usage: heddle connections [OPTION...] [PID]

                Shows who is connected to the servers of a program: the peer, the protocol, what the connection is
                about, the request under way, bytes that have come and are not read, and how long the peer has until
                it is late. The streams of HTTP/2 stand below their connection. A loop that is held does not answer,
                and is named.

                      --json             print what the program tells, a JSON object a line
                      --help             print this

                Exit: 0; 1 if the program or one of its loops did not answer, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        Arguments parsed = SYNTAX.parse(arguments);
        boolean json = parsed.has("--json");
        int exit = Exit.FINE;
        var table = new Table("SERVER", "PEER", "PROTOCOL", "PHASE", ">UNREAD", ">LATE IN", "REQUEST");
        try (Answer answer = Programs.pick(parsed.rest()).ask("connections", Map.of())) {
            for (Line line = answer.next(); line != null; line = answer.next()) {
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

    static void add(Table table, Line line) {
        table.row(
                line.text("name"), line.text("peer"), line.text("protocol"), line.text("phase"),
                Format.bytes(line.number("buffered")),
                line.has("deadline") ? Format.time(TimeUnit.MILLISECONDS.toNanos(line.number("deadline"))) : "-",
                line.text("request"));
        for (Object stream : line.list("streams")) {
            table.row("", "", "", "  " + stream, "", "", "");
        }
    }
}
