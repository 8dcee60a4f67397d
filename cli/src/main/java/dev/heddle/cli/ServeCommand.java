package dev.heddle.cli;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.shield;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.http.FileOptions;
import dev.heddle.http.HttpServer;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.ResolveException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code heddle serve}: serves the files of a directory. */
final class ServeCommand implements Command {

    static final int DEFAULT_PORT = 8080;

    static final String DEFAULT_HOST = "127.0.0.1";

    private static final int MAX_PORT = 65_535;

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("-p", "--port").option("--host")
            .option("--grace");

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String summary() {
        return "serve the files of a directory";
    }

    @Override
    public String help() {
        return """
                Usage: heddle serve [DIR] [OPTION...]

                Serves the files of DIR, by default the current directory, over HTTP. Nothing outside of DIR is
                reachable, not by symbolic links either.

                  -p, --port PORT    the port (default 8080); 0 picks a free one
                      --host HOST    the address to listen on (default 127.0.0.1: this machine only);
                                     0.0.0.0 is open to everybody
                      --grace TIME   how long a stop waits for running downloads (default 30s)
                      --help         print this

                Ctrl-C stops: running downloads are finished; a second Ctrl-C cuts them off.

                Exit: 130 after Ctrl-C, 143 after SIGTERM, 1 if the address cannot be used, 2 for wrong usage.
                """;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Arguments parsed = SYNTAX.parse(arguments);
        int port = parsed.number("-p", DEFAULT_PORT, 0, MAX_PORT);
        String host = parsed.value("--host").orElse(DEFAULT_HOST);
        Duration grace = parsed.value("--grace")
                .map(text -> Durations.parse("--grace", text))
                .orElse(Duration.ofSeconds(30));
        if (parsed.rest().size() > 1) {
            throw new UsageException("only one directory can be served");
        }
        Path directory = directory(parsed.rest().isEmpty() ? "." : parsed.rest().getFirst());
        HttpServer server = HttpServer.builder()
                .files("/", directory, FileOptions.DEFAULT.withListing(true))
                .build();
        try {
            Heddle.run(Loops.CONFIG, () -> untilSignal(server, host, port, grace, stdio));
        } catch (ListenFailedException | ResolveException e) {
            throw new FailureException(Reason.of(e), e);
        }
        return Exit.FINE;
    }

    /** The server is a task of the loop, not of the main task, so that a signal reaches it only as the wish to stop. */
    private static void untilSignal(HttpServer server, String host, int port, Duration grace, Stdio stdio) {
        Waiter stop = new Waiter("a signal to stop");
        Task<Void> serving = currentLoop().spawn(() -> {
            server.start(host, port);
            stdio.tell("serving on http://" + server.address() + "/ (Ctrl-C stops)\n");
            stop.await();
            server.stop(grace);
        });
        try {
            serving.join();
        } catch (CancelledException e) {
            stdio.tell("stopping; running downloads have " + Text.time(grace.toNanos())
                    + " (Ctrl-C again cuts them off)\n");
            stop.complete();
            shield(() -> {
                serving.join();
            });
            throw e;
        }
    }

    private static Path directory(String name) {
        try {
            Path directory = Path.of(name);
            if (!Files.isDirectory(directory)) {
                throw new UsageException("no such directory: " + Text.printable(name));
            }
            if (!Files.isReadable(directory)) {
                throw new UsageException("cannot read " + Text.printable(name) + ": permission denied");
            }
            return directory;
        } catch (InvalidPathException e) {
            throw new UsageException("no such directory: " + Text.printable(name));
        }
    }
}
