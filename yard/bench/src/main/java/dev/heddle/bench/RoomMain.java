package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.http.server.WebSocketBroadcast;
import dev.heddle.sync.Overflow;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The main program of a server of Heddle with a room of WebSockets; it does as {@link EchoMain} does. */
final class RoomMain {

    private static final int WAITING = 1_000;

    private RoomMain() {}

    /** Takes how many connections it must hold. */
    public static void main(String[] args) throws IOException {
        EchoMain.serve(start(Integer.parseInt(args[0])));
    }

    private static EchoMain.Ready start(int connections) {
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            var room = WebSocketBroadcast.create(WAITING, Overflow.DISCONNECT);
            // Neither does the peer ping, and the load takes every byte for one of a message.
            var options = WebSocketOptions.DEFAULT.withPingInterval(Duration.ZERO)
                    .withIdleTime(Duration.ofDays(1));
            HttpServer server = HttpServer.builder()
                    .limits(ServerLimits.DEFAULT.withMaxConnections(2 * connections))
                    .webSocket(Site.ROOM_PATH, options, (request, socket) -> {
                        try (var _ = room.join(socket)) {
                            for (WebSocketMessage message : socket) {
                                room.send(message);
                            }
                        }
                    })
                    .build();
            server.start("127.0.0.1", 0, ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG));
            port.complete(server.port());
            // The server lives as long as this task.
            new Waiter("the end of the process").await();
        });
        return new EchoMain.Ready(port.join(), loop.engine().name());
    }
}
