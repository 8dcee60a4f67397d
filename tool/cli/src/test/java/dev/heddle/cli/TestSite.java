package dev.heddle.cli;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.http.server.HttpServer;
import java.util.concurrent.CompletableFuture;

/** A server on a loop of its own, for commands that run on another. */
public final class TestSite implements AutoCloseable {

    private final Loop loop = Loop.start(CommandLoops.CONFIG.withName("site").withSignals(false));
    private final String address;

    public TestSite(HttpServer.Builder routes) throws Exception {
        CompletableFuture<String> started = new CompletableFuture<>();
        loop.spawn(() -> {
            started.complete(routes.start("127.0.0.1", 0).address());
            new Waiter("the end of the test").await();
        });
        address = started.get();
    }

    /** The absolute URL of a path on it. */
    public String url(String path) {
        return "http://" + address + path;
    }

    @Override
    public void close() {
        loop.close();
    }
}
