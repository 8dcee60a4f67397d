package dev.heddle.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executors;

/** The site by the server in the JDK, a virtual thread for each request. */
final class SiteJdk {

    /**
     * Or an answer waits for the client's delayed acknowledgement, and connections above 200 are closed when they wait.
     */
    static final List<String> OPTIONS = List.of(
            "-Dsun.net.httpserver.nodelay=true", "-Dsun.net.httpserver.maxIdleConnections=10000");

    private static final byte[] TEXT = Site.text();
    private static final byte[] LARGE = Site.large();

    private SiteJdk() {}

    static EchoMain.Ready start(SiteMode mode) throws IOException, GeneralSecurityException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server;
        if (mode == SiteMode.TLS) {
            HttpsServer secure = HttpsServer.create(address, EchoMain.BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(TlsCertificate.load().server()));
            server = secure;
        } else {
            server = HttpServer.create(address, EchoMain.BACKLOG);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(Site.TEXT_PATH, exchange -> answer(exchange, Site.TEXT_TYPE, TEXT));
        server.createContext(Site.JSON_PATH, exchange -> answer(
                exchange,
                Site.JSON_TYPE,
                Site.json(new Site.Greeting(Site.TEXT)).getBytes(StandardCharsets.UTF_8)));
        server.createContext(Site.LARGE_PATH, exchange -> answer(exchange, Site.LARGE_TYPE, LARGE));
        server.start();
        return new EchoMain.Ready(server.getAddress().getPort(), "jdk");
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
            // It ends the connection without a word, and clients see a failure.
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
