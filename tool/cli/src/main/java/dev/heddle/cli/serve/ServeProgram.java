package dev.heddle.cli.serve;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.shield;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.http.server.AccessLog;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.FileOptions;
import dev.heddle.http.server.HttpServer;
import dev.heddle.net.Listener;
import dev.heddle.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code heddle serve}: puts the server together, and stops it in peace.
 *
 * <p>Threads: the program's main thread.
 */
final class ServeProgram implements AutoCloseable {

    private final ServeArguments options;
    private final CommandStreams stdio;
    private final ServicePlace place;
    private final @Nullable AccessLog log;
    private final @Nullable Path trustFile;

    /** Opens the files it needs beside those it serves. */
    ServeProgram(ServeArguments options, CommandStreams stdio, ServicePlace place) {
        this.options = options;
        this.stdio = stdio;
        this.place = place;
        this.log = options.log() == null ? null : openLog(options.log(), stdio);
        this.trustFile = trustFile(options.certificate());
    }

    private static AccessLog openLog(String name, CommandStreams stdio) {
        if (name.equals("-")) {
            return AccessLog.combined(stdio.out());
        }
        try {
            return AccessLog.combined(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new UsageException("--log: cannot write " + HumanFormat.printable(name) + ": " + ErrorText.of(e));
        }
    }

    private static @Nullable Path trustFile(@Nullable ServeCertificate certificate) {
        if (certificate == null || !certificate.fresh()) {
            return null;
        }
        try {
            return certificate.toTemporaryFile();
        } catch (IOException noPlace) {
            // The fingerprint has to do.
            return null;
        }
    }

    /** Serves until a signal comes, and the downloads that run then have ended. */
    void untilSignal() {
        HttpServer server = server(options, log);
        Heddle.run(CommandLoops.withGrace(options.grace()).withLoops(options.loops()), () -> untilSignal(server));
    }

    /** The server, not started. */
    static HttpServer server(ServeArguments options, @Nullable AccessLog log) {
        FileOptions files = FileOptions.DEFAULT
                .withListing(true)
                .withPrecompressed(options.compress())
                .withFallback(options.spa() ? "index.html" : "")
                .withCacheControl(options.cacheSeconds() < 0 ? "" : "max-age=" + options.cacheSeconds());
        HttpServer.Builder builder = HttpServer.builder().files("/", options.directory(), files);
        if (options.compress()) {
            builder.use(Compression.DEFAULT);
        }
        if (options.certificate() != null) {
            builder.tls(tls(options.certificate()));
        }
        if (log != null) {
            builder.accessLog(log);
        }
        return builder.build();
    }

    private static ServerTls tls(ServeCertificate certificate) {
        return ServerTls.of(certificate.identity());
    }

    /** The server is a task of the loop, not of the main task, so that a signal reaches it only as the wish to stop. */
    private void untilSignal(HttpServer server) {
        var stop = new Waiter("a signal to stop");
        Task<Void> serving = currentLoop().spawn(() -> {
            start(server);
            stdio.tell(greeting(server));
            place.during(() -> {
                try {
                    place.ready();
                    stop.await();
                    place.stopping();
                } finally {
                    server.stop(options.grace());
                }
            });
        });
        try {
            serving.join();
        } catch (CancelledException e) {
            stdio.tell("stopping; running downloads have " + HumanFormat.time(options.grace().toNanos())
                    + " (Ctrl-C again cuts them off)\n");
            stop.complete();
            shield(() -> {
                serving.join();
            });
            throw e;
        }
    }

    private void start(HttpServer server) {
        if (place.hasSockets()) {
            List<Listener> listeners = place.take(options.certificate() == null ? null : tls(options.certificate()));
            server.start(
                    listeners.getFirst(),
                    listeners.subList(1, listeners.size()).toArray(Listener[]::new));
        } else if (options.loops() > 1) {
            server.startOnAllLoops(options.host(), options.port());
        } else {
            server.start(options.host(), options.port());
        }
    }

    private String greeting(HttpServer server) {
        ServeCertificate certificate = options.certificate();
        String line = "serving on " + (certificate == null ? "http://" : "https://") + server.address()
                + "/ (Ctrl-C stops)\n";
        if (certificate == null || !certificate.fresh()) {
            return line;
        }
        // The certificate does not name the address that stands for all.
        String place = certificate.names().contains(options.host()) ? server.address() : "localhost:" + server.port();
        return line + "its certificate was made for this run, SHA-256 " + certificate.fingerprint() + "\n"
                + (trustFile == null ? "" : "to trust it: curl --cacert " + trustFile + " https://" + place + "/\n");
    }

    /** Ends the log and removes the file with the certificate. */
    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
        }
        if (trustFile != null) {
            Files.deleteIfExists(trustFile);
        }
    }
}
