package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The main program of a server of Heddle that makes no page itself; it does as {@link EchoMain} does. */
final class FrontMain {

    private FrontMain() {}

    /** Takes the URL of a server to pass all on to, or the directory of files to serve. */
    public static void main(String[] args) throws IOException {
        EchoMain.serve(start(args[0]));
    }

    private static EchoMain.Ready start(String what) {
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            HttpServer.Builder builder = HttpServer.builder()
                    .limits(ServerLimits.DEFAULT.withMaxRequests(Integer.MAX_VALUE));
            HttpServer server = what.startsWith("http://")
                    ? builder.any("/{path...}", Proxying.to(Upstreams.of(what).withMaxInFlight(Fronting.MANY))).build()
                    : builder.files("/", Path.of(what)).build();
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG));
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }
}
