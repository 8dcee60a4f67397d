package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;

/** The site by Heddle, on one loop. */
final class SiteHeddle {

    /** Names how many tasks wait on the server's loop besides. */
    static final String PARKED = "heddle.bench.parked";

    private static final int MAX_CONNECTIONS = 1_000_000;

    private SiteHeddle() {}

    static EchoMain.Ready start(SiteMode mode) throws IOException, GeneralSecurityException {
        byte[] large = Site.large();
        HttpServer.Builder builder = HttpServer.builder()
                .limits(ServerLimits.DEFAULT
                        .withMaxRequests(Integer.MAX_VALUE).withMaxLifetime(ServerLimits.DEFAULT.maxLifetime())
                        .withMaxConnections(MAX_CONNECTIONS))
                .get(Site.TEXT_PATH, request -> Response.text(Site.TEXT))
                .get(Site.JSON_PATH, request -> Response.json(Site.json(new Site.Greeting(Site.TEXT))))
                .get(Site.LARGE_PATH, request -> Response.bytes(Site.LARGE_TYPE, large))
                .webSocket(Site.ECHO_PATH, (request, socket) -> {
                    for (WebSocketMessage message : socket) {
                        socket.send(message);
                    }
                });
        if (mode == SiteMode.TLS) {
            TlsCertificate certificate = TlsCertificate.load();
            builder.tls(ServerTls.of(TlsIdentity.of(certificate.key(), certificate.certificate())));
        }
        HttpServer server = builder.build();
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG).withDeferAccept(true));
            for (int i = Integer.getInteger(PARKED, 0); i > 0; i--) {
                Heddle.spawn(() -> new Waiter("the end of the process").await());
            }
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }
}
