package dev.heddle.cli.sight.page;

import dev.heddle.Heddle;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.sight.Program;
import dev.heddle.cli.sight.Programs;
import dev.heddle.http.server.HttpServer;
import dev.heddle.observe.page.internal.Overview;
import java.util.List;

/** The command {@code heddle page}: shows a running program in a browser. */
public final class PageCommand extends Command {

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--port", "-p");

    private static final String HOST = "127.0.0.1";

    private static final int MAX_PORT = 65_535;

    public PageCommand() {
        super("page", "show a running program in a browser, live", """
                Usage: heddle page [OPTION...] [PID]

                Prints the address of a live page of a program. It shows loops and memory over the last ten minutes,
                the task tree, a graph of waits, queues, locks and pools, and more if the program supports it.

                This command serves the page, on this machine only. The address contains a secret, new for each
                run: without it there is no access. From another machine: ssh -L 8080:127.0.0.1:PORT HOST.

                  -p, --port PORT        the port to listen on (default: a free one)
                      --help             print this

                Exit: 1 if there is no such program, 2 for wrong usage, 130 after Ctrl-C.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) {
        Arguments parsed = SYNTAX.parse(arguments);
        int port = parsed.number("--port", 0, 0, MAX_PORT);
        Program program = Programs.pick(parsed.rest());
        String token = PageServer.newToken();
        Heddle.run(CommandLoops.CONFIG, () -> {
            var source = new ProgramSource(program);
            var overview = new Overview(source);
            try (HttpServer server = PageServer.of(source, overview, token).start(HOST, port)) {
                stdio.result("http://" + server.address() + "/" + token + "/\n");
                stdio.tell("shows " + program + " at this address (Ctrl-C stops)\n");
                overview.watch(problem -> stdio.tell(problem + "\n"));
            }
        });
        return Exit.FINE;
    }
}
