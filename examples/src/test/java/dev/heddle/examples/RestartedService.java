package dev.heddle.examples;

import dev.heddle.Heddle;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.InheritedSockets;
import dev.heddle.net.Listener;
import dev.heddle.net.SocketHandover;
import dev.heddle.net.Tcp;
import dev.heddle.os.ServiceManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A service that is restarted under load. It answers with its own process's number.
 *
 * <p>Arguments: the path of the hand-over and the port of the first; none to serve the sockets of a service manager.
 */
final class RestartedService {

    private RestartedService() {}

    static void main(String... arguments) {
        HttpServer.Builder app = HttpServer.builder()
                .get("/", request -> Response.text(Long.toString(ProcessHandle.current().pid())))
                .drainDelay(Duration.ofSeconds(1));
        if (arguments.length == 0) {
            Heddle.run(() -> inherited(app));
        } else {
            Heddle.run(() -> handedOver(app, Path.of(arguments[0]), Integer.parseInt(arguments[1])));
        }
    }

    private static void inherited(HttpServer.Builder app) {
        try (InheritedSockets sockets = InheritedSockets.current()) {
            Listener listener = sockets.take("web").orElseThrow();
            ServiceManager.current().ready();
            app.build().serve(listener);
        }
    }

    private static void handedOver(HttpServer.Builder app, Path path, int port) {
        try (SocketHandover handOver = SocketHandover.at(path)) {
            Listener listener = handOver.sockets().take("web").orElseGet(() -> Tcp.listen("127.0.0.1", port));
            try (HttpServer server = app.build().start(listener)) {
                handOver.serving(Map.of("web", listener));
                System.out.println("serving " + server.address());
                handOver.awaitSuccessor();
            }
        }
    }
}
