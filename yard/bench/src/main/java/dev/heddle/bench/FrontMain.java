package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.FileOptions;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The main program of a server of Heddle that makes no page itself; it does as {@link EchoMain} does. */
final class FrontMain {

    /** Compressed files are sent in place of those beside which they lie. */
    static final String PRECOMPRESSED = "precompressed";

    private FrontMain() {}

    /** Takes the URL of a server to pass all on to, or the directory of files to serve; and the mode, plain if it lacks, or {@link #PRECOMPRESSED}. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        HttpServer.Builder builder = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxRequests(Integer.MAX_VALUE));
        if (args.length > 1 && args[1].equals(SiteMode.TLS.argument())) {
            TlsCertificate certificate = TlsCertificate.load();
            builder.tls(ServerTls.of(TlsIdentity.of(certificate.key(), certificate.certificate())));
        }
        FileOptions options = FileOptions.DEFAULT.withPrecompressed(List.of(args).contains(PRECOMPRESSED));
        EchoMain.serve(start(args[0], builder, options));
    }

    private static EchoMain.Ready start(String what, HttpServer.Builder builder, FileOptions options) {
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            HttpServer server = what.startsWith("http://")
                    ? builder.any("/{path...}", Proxying.to(Upstreams.of(what).withMaxInFlight(Fronting.MANY))).build()
                    : builder.files("/", Path.of(what), options).build();
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG));
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }
}
