package dev.heddle.bench;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The site by Helidon: blocking virtual threads. */
final class SiteHelidon {

    /** Kept, or its level would be forgotten with it. */
    private static final Logger LOG = Logger.getLogger("io.helidon");

    private static final byte[] TEXT = Site.text();
    private static final byte[] LARGE = Site.large();

    private SiteHelidon() {}

    static EchoMain.Ready start(SiteMode mode) throws IOException, GeneralSecurityException {
        LOG.setLevel(Level.WARNING);
        WebServerConfig.Builder builder = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .backlog(EchoMain.BACKLOG)
                .routing(SiteHelidon::routes)
                .addRouting(WsRouting.builder().endpoint(Site.ECHO_PATH, Echo::new));
        if (mode == SiteMode.TLS) {
            builder.tls(Tls.builder().sslContext(TlsCertificate.load().server()).build());
        }
        WebServer server = builder.build().start();
        return new EchoMain.Ready(server.port(), "helidon");
    }

    private static void routes(HttpRouting.Builder routes) {
        routes.get(Site.TEXT_PATH, (request, response) -> send(response, Site.TEXT_TYPE, TEXT))
                .get(Site.JSON_PATH, (request, response) -> send(
                        response,
                        Site.JSON_TYPE,
                        Site.json(new Site.Greeting(Site.TEXT)).getBytes(StandardCharsets.UTF_8)))
                .get(Site.LARGE_PATH, (request, response) -> send(response, Site.LARGE_TYPE, LARGE));
    }

    private static void send(ServerResponse response, String type, byte[] body) {
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, type));
        response.send(body);
    }

    /** Sends each message back; fragments come as they are, one by one. */
    private static final class Echo implements WsListener {

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            session.send(buffer, last);
        }
    }
}
