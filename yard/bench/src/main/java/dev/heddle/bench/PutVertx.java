package dev.heddle.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A server that takes bodies by Vert.x, on one event loop; it writes files on workers. */
final class PutVertx {

    private PutVertx() {}

    static EchoMain.Ready start(SiteMode mode, Path files) throws IOException, GeneralSecurityException {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0)
                .setAcceptBacklog(EchoMain.BACKLOG).setMaxChunkSize(PutMain.BUFFER_BYTES);
        if (mode == SiteMode.TLS) {
            String pem = OpenSsl.certificate().toString();
            options.setSsl(true).setUseAlpn(false)
                    .setKeyCertOptions(new PemKeyCertOptions().setKeyPath(pem).setCertPath(pem));
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(request -> take(vertx, request, files))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new EchoMain.Ready(server.actualPort(), vertx.isNativeTransportEnabled() ? "vertx-native" : "vertx-nio");
    }

    private static void take(Vertx vertx, HttpServerRequest request, Path files) {
        String path = request.uri();
        if (path.startsWith(PutMain.DISCARD_PATH)) {
            discard(request);
        } else if (path.startsWith(PutMain.HASH_PATH)) {
            hash(request);
        } else {
            save(vertx, request, files.resolve(PutMain.name(path)).toString());
        }
    }

    private static void discard(HttpServerRequest request) {
        long[] total = new long[1];
        request.handler(bytes -> total[0] += bytes.length());
        request.endHandler(_ -> request.response().end(Long.toString(total[0])));
    }

    private static void hash(HttpServerRequest request) {
        MessageDigest digest = digest();
        request.handler(bytes -> digest.update(bytes.getBytes()));
        request.endHandler(_ -> request.response().end(PutMain.hex(digest.digest())));
    }

    private static void save(Vertx vertx, HttpServerRequest request, String file) {
        request.pause();
        vertx.fileSystem()
                .open(file, new OpenOptions())
                .compose(request::pipeTo)
                .onSuccess(_ -> request.response().setStatusCode(201).end())
                .onFailure(_ -> request.response().setStatusCode(500).end());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance(PutMain.DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
