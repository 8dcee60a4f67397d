package dev.heddle.cli.bench;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import java.util.List;

/** The command {@code heddle bench}: loads a server with requests for one URL and tells how it bears it. */
public final class BenchCommand extends Command {

    public BenchCommand() {
        super("bench", "load a server and measure its answers", """
                Usage: heddle bench [OPTION...] URL

                Asks for one URL again and again over connections that are kept open, and reports requests and
                bytes per second, statuses, failures by reason, percentiles and a histogram of the times.

                Without -r each connection asks again when it has its answer, which finds the highest rate. With
                -r requests are due at a fixed rate, whatever the server does, and their times count from when
                they were due, which shows what users would see. Measure times with -r, below the highest rate.

                  -c, --connections N    so many requests at a time (default 50)
                  -z, --duration TIME    measure so long (default 10s); 500ms, 5s, 2m, 1h, or seconds
                  -n, --requests N       or: send so many requests
                  -r, --rate N           N requests per second
                  -w, --warmup TIME      before, which is not counted (default 1s, with -n 0)
                  -t, --timeout TIME     time for each request (default 10s)
                      --loops N          send from N threads (default 1), each with its share of the connections
                  -H, --header FIELD     send a field, 'Name: value'; may be given often; @FILE reads them from a file
                  -X, --request METHOD   ask with this method (default GET, with -d POST)
                  -d, --data DATA        send this as a form; @FILE sends a file as it is
                  -k, --insecure         do not check certificates of servers
                      --http1            speak HTTP/1.1, as by default
                      --http2            speak HTTP/2: the requests share connections; http servers must know it
                      --json             print a JSON object instead: times in microseconds
                      --help             print this

                Redirects are not followed, bodies not decoded, bytes are those of bodies. Requests that are
                under way at the end are waited for. Only load servers that you may load.

                Exit: 0 if every request had a reply with a status below 400, 1 if not, 2 for wrong usage,
                130 after Ctrl-C, with a report of what was done.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) {
        return new BenchRun(BenchOptions.parse(arguments), stdio).toEnd();
    }
}
