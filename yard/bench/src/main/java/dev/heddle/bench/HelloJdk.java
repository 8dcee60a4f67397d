package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The smallest server by the JDK's own, with a virtual thread for each request; for {@link Launching}. */
final class HelloJdk {

    private static final int BACKLOG = 1024;
    private static final int OK = 200;

    private HelloJdk() {}

    /** Serves on the port that is the argument, until the process is killed. */
    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), BACKLOG);
        server.createContext("/", exchange -> {
            byte[] body = "Hello".getBytes(US_ASCII);
            exchange.sendResponseHeaders(OK, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }
}
