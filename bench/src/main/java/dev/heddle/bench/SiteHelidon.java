package dev.heddle.bench;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
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
                .routing(SiteHelidon::routes);
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
}
