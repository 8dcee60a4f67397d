package dev.heddle.cli.bench;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import java.util.List;

/** The command {@code heddle bench}: loads a server with requests for one URL and tells how it bears it. */
public final class BenchCommand extends Command {

    public BenchCommand() {
        super("bench", "load a server and measure its latency", """
                Usage: heddle bench [OPTION...] URL

                Requests one URL repeatedly over persistent connections, and reports requests and bytes per second,
                statuses, failures by reason, percentiles and a histogram of the latency.

                Without -r each connection sends its next request after the answer, which finds the highest rate.
                With -r requests are due at a fixed rate, whatever the server does. Their latency counts from when
                they were due, which is what users see. Measure latency with -r, below the highest rate.

                  -c, --connections N    N requests at a time (default 50)
                  -z, --duration TIME    how long to measure (default 10s); 500ms, 5s, 2m, 1h, or seconds
                  -n, --requests N       or: send N requests
                  -r, --rate N           N requests per second
                  -w, --warmup TIME      time before that, not counted (default 1s, with -n 0)
                  -t, --timeout TIME     time for each request (default 10s)
                      --loops N          send from N threads (default 1), each with its share of the connections
                  -H, --header FIELD     send a field, 'Name: value'; repeatable; @FILE reads them from a file
                  -X, --request METHOD   the request method (default GET, with -d POST)
                  -d, --data DATA        send this as a form; @FILE sends a file unchanged
                  -k, --insecure         do not verify certificates of servers
                      --http1            HTTP/1.1, the default
                      --http2            HTTP/2: the requests share connections; http servers must support it
                      --json             print a JSON object instead: times in microseconds
                      --help             print this

                Redirects are not followed, bodies not decoded, bytes are those of bodies. Requests in flight at the
                end are awaited. Only load servers that you may load.

                Exit: 0 if every request had a reply with a status below 400, 1 if not, 2 for wrong usage,
                130 after Ctrl-C, with a report of the completed ones.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) {
        return new BenchRun(BenchOptions.parse(arguments), stdio).toEnd();
    }
}
