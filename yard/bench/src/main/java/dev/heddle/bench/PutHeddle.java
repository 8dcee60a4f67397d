package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;

/** A server that takes bodies by Heddle, on one loop. */
final class PutHeddle {

    private PutHeddle() {}

    static EchoMain.Ready start(SiteMode mode, Path files) throws IOException, GeneralSecurityException {
        HttpServer.Builder builder = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxBodyBytes(Long.MAX_VALUE))
                .put(PutMain.DISCARD_PATH + "{name}", PutHeddle::discard)
                .put(PutMain.HASH_PATH + "{name}", PutHeddle::hash)
                .put(PutMain.SAVE_PATH + "{name}", request -> {
                    request.saveTo(files.resolve(request.path("name")));
                    return Response.empty(201);
                });
        if (mode == SiteMode.TLS) {
            TlsCertificate certificate = TlsCertificate.load();
            builder.tls(ServerTls.of(TlsIdentity.of(certificate.key(), certificate.certificate())));
        }
        HttpServer server = builder.build();
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG));
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }

    private static Response discard(Request request) {
        byte[] buffer = new byte[PutMain.BUFFER_BYTES];
        long total = 0;
        for (int count = request.read(buffer); count >= 0; count = request.read(buffer)) {
            total += count;
        }
        return Response.text(Long.toString(total));
    }

    private static Response hash(Request request) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(PutMain.DIGEST);
        byte[] buffer = new byte[PutMain.BUFFER_BYTES];
        for (int count = request.read(buffer); count >= 0; count = request.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return Response.text(PutMain.hex(digest.digest()));
    }
}
