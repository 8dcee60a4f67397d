package dev.heddle.cli.demo;

import static dev.heddle.Heddle.currentLoop;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Screen;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.fetch.FetchOptions;
import dev.heddle.cli.fetch.Summary;
import dev.heddle.cli.fetch.Tally;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import java.net.URI;
import java.util.List;

/** The command {@code heddle demo}: serves a made-up site and crawls it, in one process, on one loop. */
public final class DemoCommand extends Command {

    public static final int DEFAULT_PAGES = 5_000;

    public static final int MAX_PAGES = 1_000_000;

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("-n", "--pages").option("-c",
            "--concurrency");

    public DemoCommand() {
        super("demo", "serve and crawl a synthetic site, on one loop", """
                Usage: heddle demo [OPTION...]

                Serves a synthetic web site on a free port of this machine and crawls it link by link, server and
                crawler in one process and on one thread, and prints the result.

                  -n, --pages N          how many pages the site has (default 5000)
                  -c, --concurrency N    at most N pages at a time (default 100)
                      --help             print this

                Exit: 0 if every page was found, 1 if not, 2 for wrong usage, 130 after Ctrl-C.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        Arguments parsed = SYNTAX.parse(arguments);
        int pages = parsed.number("-n", DEFAULT_PAGES, 1, MAX_PAGES);
        int concurrency = parsed.number("-c", FetchOptions.DEFAULT_CONCURRENCY, 1, FetchOptions.MAX_CONCURRENCY);
        if (!parsed.rest().isEmpty()) {
            throw new UsageException("the demo takes no arguments, only options");
        }
        var tally = new Tally();
        try (var screen = new Screen(stdio, () -> {})) {
            long links = Heddle.run(CommandLoops.CONFIG, () -> crawl(pages, concurrency, tally, screen, stdio));
            screen.print(HumanFormat.count(tally.fine()) + " of " + HumanFormat.count(pages, "page") + " found over "
                    + HumanFormat.count(links, "link") + "\n");
        } catch (CancelledException e) {
            stdio.tell(Summary.of(tally, "page", true));
            throw e;
        }
        stdio.tell(Summary.of(tally, "page", false));
        return tally.fine() == pages && tally.done() == pages ? Exit.FINE : Exit.NOT_ALL;
    }

    private static long crawl(int pages, int concurrency, Tally tally, Screen screen, CommandStreams stdio) {
        tally.start(currentLoop().nanoTime());
        ClientLimits limits = ClientLimits.DEFAULT
                .withMaxConnections(concurrency)
                .withMaxConnectionsPerHost(concurrency);
        try (HttpServer server = new DemoSite(pages).server().start("127.0.0.1", 0);
                HttpClient http = HttpClient.builder().limits(limits).build()) {
            URI top = URI.create("http://" + server.address() + "/page/0");
            stdio.tell("serving " + HumanFormat.count(pages, "page") + " on " + top + " and crawling them\n");
            var crawl = new Crawl(http, concurrency, tally);
            screen.keepBar(stdio.terminal(), columns -> {
                tally.tick(currentLoop().nanoTime());
                return tally.line(pages, crawl.running(), columns);
            });
            crawl.from(top);
            return crawl.links();
        } finally {
            tally.tick(currentLoop().nanoTime());
        }
    }
}
