package dev.heddle.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The site by Jetty, with its own pool of threads and a handler that does not block. */
final class SiteJetty {

    private SiteJetty() {}

    static EchoMain.Ready start(SiteMode mode) throws IOException, GeneralSecurityException {
        var server = new Server();
        var connector = new ServerConnector(server, 1, 1, factories(mode));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(EchoMain.BACKLOG);
        server.addConnector(connector);
        server.setHandler(mode == SiteMode.WEB_SOCKET ? echoes(server) : new Pages());
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new EchoMain.Ready(connector.getLocalPort(), "jetty");
    }

    private static Handler echoes(Server server) {
        return WebSocketUpgradeHandler.from(
                server, sockets -> sockets.addMapping(Site.ECHO_PATH, (request, response, callback) -> new Echo()));
    }

    private static ConnectionFactory[] factories(SiteMode mode) throws IOException, GeneralSecurityException {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        var http = new HttpConnectionFactory(configuration);
        return switch (mode) {
            case PLAIN, WEB_SOCKET -> new ConnectionFactory[]{http};
            case HTTP_2 -> new ConnectionFactory[]{http, new HTTP2CServerConnectionFactory(configuration)};
            case TLS -> {
                var tls = new SslContextFactory.Server();
                tls.setSslContext(TlsCertificate.load().server());
                // The load asks for an address, and Jetty's default refuses what names no host.
                configuration.addCustomizer(new SecureRequestCustomizer(false));
                yield new ConnectionFactory[]{new SslConnectionFactory(tls, http.getProtocol()), http};
            }
        };
    }

    private static final class Pages extends Handler.Abstract.NonBlocking {

        private final byte[] text = Site.text();
        private final byte[] large = Site.large();

        @Override
        public boolean handle(Request request, Response response, org.eclipse.jetty.util.Callback callback) {
            switch (Request.getPathInContext(request)) {
                case Site.TEXT_PATH -> send(response, Site.TEXT_TYPE, text, callback);
                case Site.JSON_PATH -> send(
                        response,
                        Site.JSON_TYPE,
                        Site.json(new Site.Greeting(Site.TEXT)).getBytes(StandardCharsets.UTF_8),
                        callback);
                case Site.LARGE_PATH -> send(response, Site.LARGE_TYPE, large, callback);
                default -> Response.writeError(request, response, callback, 404);
            }
            return true;
        }

        private static void send(
                Response response, String type, byte[] body, org.eclipse.jetty.util.Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }

    /** Asks for the next message when the last one is on its way. Public, since Jetty looks its methods up. */
    public static final class Echo extends Session.Listener.Abstract {

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            session.demand();
        }

        @Override
        public void onWebSocketText(String message) {
            Session session = getSession();
            session.sendText(message, Callback.from(session::demand, failure -> session.disconnect()));
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            Session session = getSession();
            session.sendBinary(payload, Callback.from(() -> {
                callback.succeed();
                session.demand();
            }, failure -> {
                callback.fail(failure);
                session.disconnect();
            }));
        }
    }
}
