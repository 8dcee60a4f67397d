package dev.heddle.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All the sites that the documents ask, as one server of the JDK on the loopback device. It lets each request wait as
 * far sites do, and answers with a page of {@value #PAGE_BYTES} bytes, whatever its path.
 */
final class OriginalsSite implements AutoCloseable {

    static final Duration DELAY = Duration.ofMillis(50);

    private static final int PAGE_BYTES = 10_000;
    private static final Duration LONG_DELAY = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int FAILED = 500;

    private final AtomicLong asked = new AtomicLong();
    private final byte[] page = new byte[PAGE_BYTES];
    private final HttpServer server;

    OriginalsSite() {
        // Or an answer waits for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Arrays.fill(page, (byte) 'x');
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), EchoMain.BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How many requests have come. */
    long asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String path = exchange.getRequestURI().getPath();
        try {
            Thread.sleep(path.startsWith("/delay") ? LONG_DELAY : DELAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(path.startsWith("/status") ? FAILED : OK, page.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(page);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
