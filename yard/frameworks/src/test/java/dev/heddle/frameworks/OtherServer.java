package dev.heddle.frameworks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of somebody else, which knows nothing of Heddle. Each page is its own path; one takes until it is told to
 * end.
 */
public final class OtherServer implements AutoCloseable {

    public static final String NEWS = "/news";
    public static final String SLOW = "/slow";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch slowIsAsked = new CountDownLatch(1);
    private final CountDownLatch slowMayAnswer = new CountDownLatch(1);
    private final HttpServer server;
    private volatile Runnable newsWatcher = () -> {};

    public OtherServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", OtherServer::answer);
        server.createContext(NEWS, exchange -> {
            newsWatcher.run();
            answer(exchange);
        });
        server.createContext(SLOW, exchange -> {
            slowIsAsked.countDown();
            await(slowMayAnswer);
            answer(exchange);
        });
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Tells somebody of each request for the news. */
    public void onNews(Runnable watcher) {
        newsWatcher = watcher;
    }

    /** Waits until somebody asks for the slow page. */
    public void awaitSlowRequest() {
        await(slowIsAsked);
    }

    /** Answers those who ask for the slow page. */
    public void answerSlowRequest() {
        slowMayAnswer.countDown();
    }

    @Override
    public void close() {
        answerSlowRequest();
        server.stop(0);
        threads.close();
    }
}
