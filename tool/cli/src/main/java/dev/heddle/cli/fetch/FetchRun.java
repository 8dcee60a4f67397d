package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.currentLoop;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.RequestOptions;
import dev.heddle.cli.command.Screen;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code heddle fetch}: puts the parts together, and says how it ended.
 *
 * <p>Threads: {@link #toEnd()} is called by the program's main thread, which drives the loop; the screen's thread calls
 * {@link #outputBroke()}.
 */
final class FetchRun {

    private final FetchOptions options;
    private final UrlInput input;
    private final @Nullable BodyDirectory bodies;
    private final CommandStreams stdio;
    private final Tally tally = new Tally();
    private final Screen screen;
    private volatile @Nullable CancelScope scope;

    FetchRun(FetchOptions options, UrlInput input, @Nullable BodyDirectory bodies, CommandStreams stdio) {
        this.options = options;
        this.input = input;
        this.bodies = bodies;
        this.stdio = stdio;
        this.screen = new Screen(stdio, this::outputBroke);
    }

    /** Fetches everything and prints it. Gives the exit code. */
    int toEnd() {
        int exit;
        boolean interrupted = false;
        if (options.request().insecure()) {
            stdio.tell("heddle fetch: " + RequestOptions.INSECURE_WARNING);
        }
        try {
            Heddle.run(CommandLoops.CONFIG, this::fetchAll);
            screen.close();
            exit = tally.fine() == tally.begun() ? Exit.FINE : Exit.NOT_ALL;
        } catch (CancelledException e) {
            screen.abandon();
            interrupted = true;
            exit = Exit.of(e);
        } catch (FailureException e) {
            screen.close();
            stdio.tell("heddle fetch: " + e.getMessage() + "\n");
            exit = Exit.NOT_ALL;
        }
        if (screen.lostOutput("heddle fetch: cannot write the results")) {
            return Exit.NOT_ALL;
        }
        stdio.tell(Summary.of(tally, "URL", interrupted));
        return exit;
    }

    private void fetchAll() throws Exception {
        tally.start(currentLoop().nanoTime());
        ClientLimits limits = ClientLimits.DEFAULT
                .withMaxConnections(options.concurrency())
                .withMaxConnectionsPerHost(options.perHost());
        // One deadline and no others: who allows five minutes may have a server that thinks for four.
        ClientTimeouts timeouts = ClientTimeouts.DEFAULT
                .withTotal(options.timeout())
                .withConnect(options.timeout())
                .withRead(options.timeout());
        HttpClient.Builder client = options.request().client().limits(limits).timeouts(timeouts);
        try (HttpClient http = client.proxy(options.proxy()).build()) {
            var pages = new PageFetch(http, options, bodies);
            var fetcher = new Fetcher(options, input, pages::of, tally, new Results());
            screen.keepBar(stdio.terminal(), columns -> {
                tally.tick(currentLoop().nanoTime());
                return tally.line(input.expected(), fetcher.running(), columns);
            });
            CancelScope.open(inner -> {
                scope = inner;
                fetcher.run();
                return Boolean.TRUE;
            });
        } finally {
            tally.tick(currentLoop().nanoTime());
        }
    }

    /** The outcomes on the screen: each a line of output, or in columns, as asked for. */
    private final class Results implements Fetcher.Output {

        @Override
        public void awaitRoom() throws InterruptedException {
            screen.awaitRoom();
        }

        @Override
        public void print(FetchOutcome outcome) {
            screen.print(options.line().of(outcome));
        }
    }

    private void outputBroke() {
        CancelScope running = scope;
        if (running != null) {
            running.cancel("the reader of the standard output is gone");
        }
    }
}
