package dev.heddle.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** The site by Vert.x, on one event loop with Netty's transport on epoll. */
final class SiteVertx {

    private static final long DATE_MILLIS = 1000;

    private final Buffer text = Buffer.buffer(Site.text());
    private final Buffer large = Buffer.buffer(Site.large());
    private CharSequence date = HttpHeaders.createOptimized(Site.date());

    private SiteVertx() {}

    static EchoMain.Ready start(SiteMode mode) throws IOException, GeneralSecurityException {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0)
                .setAcceptBacklog(EchoMain.BACKLOG);
        if (mode == SiteMode.TLS) {
            String pem = OpenSsl.certificate().toString();
            options.setSsl(true).setUseAlpn(false)
                    .setKeyCertOptions(new PemKeyCertOptions().setKeyPath(pem).setCertPath(pem));
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        var site = new SiteVertx();
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(site::answer)
                .webSocketHandler(socket -> {
                    socket.textMessageHandler(socket::writeTextMessage);
                    socket.binaryMessageHandler(socket::writeBinaryMessage);
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        // All on the one event loop.
        vertx.setPeriodic(DATE_MILLIS, timer -> site.date = HttpHeaders.createOptimized(Site.date()));
        return new EchoMain.Ready(server.actualPort(), vertx.isNativeTransportEnabled() ? "vertx-native" : "vertx-nio");
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader(HttpHeaders.DATE, date);
        switch (request.uri()) {
            case Site.TEXT_PATH -> response.putHeader(HttpHeaders.CONTENT_TYPE, Site.TEXT_TYPE).end(text);
            case Site.JSON_PATH -> response.putHeader(HttpHeaders.CONTENT_TYPE, Site.JSON_TYPE)
                    .end(new JsonObject().put("message", Site.TEXT).toBuffer());
            case Site.LARGE_PATH -> response.putHeader(HttpHeaders.CONTENT_TYPE, Site.LARGE_TYPE).end(large);
            default -> response.setStatusCode(404).end();
        }
    }
}
