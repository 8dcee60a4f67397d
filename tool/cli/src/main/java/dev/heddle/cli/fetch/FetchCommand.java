package dev.heddle.cli.fetch;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import java.nio.file.Path;
import java.util.List;

/** The command {@code heddle fetch}: fetches many URLs at once. */
public final class FetchCommand extends Command {

    public FetchCommand() {
        super("fetch", "fetch many URLs concurrently", """
                Usage: heddle fetch [OPTION...] URL...
                       heddle fetch [OPTION...] -i FILE

                Fetches all URLs concurrently, on one thread, and prints a line for each: status, bytes, time, URL,
                and the reason if it failed. A summary and, on a terminal, a progress bar go to the standard error.
                A URL that is given twice is fetched twice.

                  -H, --header FIELD     send a field, 'Name: value'; repeatable; @FILE reads them from a file,
                                         hidden from other users of the machine
                  -X, --request METHOD   the request method (default GET, with -d POST)
                  -d, --data DATA        send this as a form; several are joined by &; @FILE sends a file unchanged
                  -k, --insecure         do not verify certificates of servers
                  -x, --proxy URL        use a proxy: http://, https:// or socks5://HOST:PORT; env uses
                                         http_proxy, https_proxy, all_proxy and no_proxy
                      --http1            HTTP/1.1 only
                      --http2            HTTP/2 with http servers too, without negotiation; with https servers it is
                                         always negotiated
                  -i, --input FILE       also read URLs from FILE, one on each line; - is the standard input;
                                         blank lines and lines that begin with # are skipped
                  -c, --concurrency N    at most N at a time (default 100)
                      --per-host N       at most N at a time for one host and port (default: as -c)
                  -t, --timeout TIME     time for each URL, everything together (default 30s);
                                         500ms, 5s, 2m, 1h, or seconds
                      --retries N        retry transient failures up to N times, with growing pauses: a connection
                                         refused or broken, status 408, 425, 429, 500, 502, 503, 504 (default 0);
                                         a POST or PATCH only if it cannot have arrived
                  -o, --output DIR       save each body with a status below 400 as a file in DIR
                  -C, --resume           with -o: keep a partial download, and request only the rest the next time;
                                         complete files are not requested again
                      --json             print a JSON object for each URL: url, status, bytes, millis, error, and
                                         file with -o; status and error are null for a file that was there
                      --help             print this

                Lines come in the order of the input, so a slow URL delays the lines after it.

                Exit: 0 if all were fetched with a status below 400, 1 if not, 2 for wrong usage,
                130 after Ctrl-C, with a summary of the completed ones.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        FetchOptions options = FetchOptions.parse(arguments);
        Path directory = options.directory();
        try (BodyDirectory bodies = directory == null ? null : BodyDirectory.open(directory, options.resume())) {
            UrlInput input = options.list() == null
                    ? UrlInput.of(options.urls())
                    : UrlInput.of(options.urls(), options.list(), stdio.in());
            return new FetchRun(options, input, bodies, stdio).toEnd();
        }
    }
}
