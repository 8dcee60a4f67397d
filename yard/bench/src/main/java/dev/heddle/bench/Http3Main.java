package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The main program of a server of two pages under TLS, by HTTP/2 or HTTP/3; it does as {@link EchoMain} does. */
final class Http3Main {

    static final String SMALL_PATH = "/small";
    static final String LARGE_PATH = "/large";
    static final int SMALL_BYTES = 1024;
    static final int LARGE_BYTES = 1024 * 1024;
    static final String TYPE = "application/octet-stream";

    /** A connection that does nothing for so long ends: longer than it takes to open all. */
    static final Duration IDLE_TIME = Duration.ofMinutes(10);

    private static final ServerLimits LIMITS = ServerLimits.DEFAULT.withMaxRequests(Integer.MAX_VALUE)
            .withIdleTime(IDLE_TIME);

    private Http3Main() {}

    /** Takes the kind of the server and the file of its key and certificates. */
    public static void main(String[] args) throws Exception {
        Path identity = Path.of(args[1]);
        EchoMain.serve(switch (args[0]) {
            case "heddle-2" -> heddle(HttpServer.builder(), identity);
            case "heddle-3" -> heddle(HttpServer.builder().http3(), identity);
            case "netty-3" -> Http3Netty.start(identity.toFile());
            default -> throw new IllegalArgumentException("no server is named " + args[0]);
        });
    }

    private static EchoMain.Ready heddle(HttpServer.Builder builder, Path identity) {
        byte[] small = new byte[SMALL_BYTES];
        byte[] large = new byte[LARGE_BYTES];
        HttpServer server = builder.tls(ServerTls.of(TlsIdentity.pem(identity, identity)))
                .limits(LIMITS)
                .get(SMALL_PATH, request -> Response.bytes(TYPE, small))
                .get(LARGE_PATH, request -> Response.bytes(TYPE, large))
                .build();
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            server.start("127.0.0.1", 0);
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }
}
