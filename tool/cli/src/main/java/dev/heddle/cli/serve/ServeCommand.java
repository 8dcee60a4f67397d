package dev.heddle.cli.serve;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.net.ListenFailedException;
import dev.heddle.net.ResolveException;
import java.io.IOException;
import java.util.List;

/** The command {@code heddle serve}: serves the files of a directory. */
public final class ServeCommand extends Command {

    public ServeCommand() {
        super("serve", "serve the files of a directory over HTTP", """
                Usage: heddle serve [DIR] [OPTION...]

                Serves the files of DIR, by default the current directory, over HTTP. Nothing outside of DIR is
                reachable, not even by symbolic links.

                  -p, --port PORT    the port (default 8080); 0 picks a free one
                      --host HOST    the address to listen on (default 127.0.0.1: this machine only);
                                     0.0.0.0 is open to everybody
                      --tls          serve HTTPS, with a certificate made for this run unless --cert is given;
                                     prints how clients can trust it
                      --cert FILE    serve HTTPS with this certificate: PEM, the server's own first
                      --key FILE     the key of the certificate: PEM, not encrypted (default: in the file of --cert)
                      --compress     compress text with gzip; send FILE.br, FILE.zst or FILE.gz instead of FILE
                                     if it exists
                      --spa          send index.html, with status 200, for pages that do not exist
                      --cache N      Cache-Control: max-age of N seconds (default: no such field)
                      --log FILE     append a line for each request, in the combined log format; - is the standard
                                     output. Lines contain query strings, which may hold secrets
                      --loops N      serve with N threads (default 1)
                      --grace TIME   how long a stop waits for running downloads (default 30s)
                      --help         print this

                With socket activation (systemd, LISTEN_FDS) it serves the inherited sockets; then --port, --host
                and --loops are refused. It notifies a service manager when it is ready and when it stops.

                Ctrl-C stops it and completes running downloads; a second Ctrl-C cuts them off.

                Exit: 130 after Ctrl-C, 143 after SIGTERM, 1 if the address cannot be used, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws IOException {
        var place = ServicePlace.current();
        ServeArguments options = ServeArguments.parse(arguments, place.hasSockets());
        try (var run = new ServeProgram(options, stdio, place)) {
            run.untilSignal();
        } catch (ListenFailedException | ResolveException e) {
            throw new FailureException(ErrorText.of(e), e);
        }
        return Exit.FINE;
    }
}
