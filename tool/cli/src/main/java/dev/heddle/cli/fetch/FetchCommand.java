package dev.heddle.cli.fetch;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import java.nio.file.Path;
import java.util.List;

/** The command {@code heddle fetch}: fetches many URLs at once. */
public final class FetchCommand extends Command {

    public FetchCommand() {
        super("fetch", "fetch many URLs at once", """
                Usage: heddle fetch [OPTION...] URL...
                       heddle fetch [OPTION...] -i FILE

                Fetches all URLs at once, on one thread, and prints a line for each: status, bytes, time, URL,
                and the reason if it failed. A summary and, on a terminal, a progress bar go to the standard error.
                A URL that is given twice is fetched twice.

                  -H, --header FIELD     send a field, 'Name: value'; may be given often; @FILE reads them from a file,
                                         where other users of the machine do not see them
                  -X, --request METHOD   ask with this method (default GET, with -d POST)
                  -d, --data DATA        send this as a form; several are joined by &; @FILE sends a file as it is
                  -k, --insecure         do not check certificates of servers
                  -x, --proxy URL        go through a proxy: http://, https:// or socks5://HOST:PORT; env does as
                                         http_proxy, https_proxy, all_proxy and no_proxy say
                      --http1            speak HTTP/1.1 only
                      --http2            speak HTTP/2 with http servers too, which must know it; https servers are
                                         always asked
                  -i, --input FILE       also read URLs from FILE, one on each line; - is the standard input;
                                         blank lines and lines that begin with # are skipped
                  -c, --concurrency N    at most N at a time (default 100)
                      --per-host N       at most N at a time of one host and port (default: as -c)
                  -t, --timeout TIME     time for each URL, everything together (default 30s);
                                         500ms, 5s, 2m, 1h, or seconds
                      --retries N        try again up to N times, after growing pauses, what may pass: a connection
                                         refused or broken, status 408, 425, 429, 500, 502, 503, 504 (default 0);
                                         a POST or PATCH only if it cannot have arrived
                  -o, --output DIR       save each body with a status below 400 in a file of its own in DIR
                  -C, --resume           with -o: keep what has come when a download fails or is interrupted, and ask
                                         only for the rest the next time; what is whole is not asked for again
                      --json             print a JSON object for each URL: url, status, bytes, millis, error, and
                                         file with -o; status and error are null for a file that was there

                Lines come in the order of the input, so a slow URL holds up those of the next.
                      --help             print this

                Exit: 0 if all were fetched with a status below 400, 1 if not, 2 for wrong usage,
                130 after Ctrl-C, with a summary of what was done.
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
