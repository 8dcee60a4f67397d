package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.engine.ListenOptions;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Overflow;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The main program of a server of Heddle that sends what it is told to all readers of its events; it does as {@link
 * EchoMain} does.
 */
final class EventsMain {

    private static final int WAITING = 64;

    private EventsMain() {}

    /** Takes how many connections it must hold. */
    public static void main(String[] args) throws IOException {
        EchoMain.serve(start(Integer.parseInt(args[0])));
    }

    private static EchoMain.Ready start(int connections) {
        var port = new CompletableFuture<Integer>();
        Loop loop = Loop.start(Loops.PATIENT);
        loop.spawn(() -> {
            Broadcast<ServerSentEvent> news = Broadcast.create();
            HttpServer server = HttpServer.builder()
                    .limits(ServerLimits.DEFAULT.withMaxConnections(2 * connections)
                            .withMaxRequests(Integer.MAX_VALUE))
                    // Neither do the peers send comments, and the load takes every byte for one of an event.
                    .get(Site.EVENTS_PATH, request -> Response.events(Duration.ofDays(1), events -> {
                        try (var mine = news.subscribe(WAITING, Overflow.DROP_OLDEST)) {
                            for (ServerSentEvent event : mine) {
                                events.send(event);
                            }
                        }
                    }))
                    .post(Site.SAY_PATH, request -> {
                        news.send(ServerSentEvent.of(request.text(Site.LARGE_BYTES)));
                        return Response.empty();
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
