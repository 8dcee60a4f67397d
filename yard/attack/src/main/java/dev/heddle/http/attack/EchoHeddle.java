package dev.heddle.http.attack;

import dev.heddle.Heddle;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import java.nio.file.Path;
import java.util.List;

/** A Heddle server in a process of its own: it tells what it saw of each request. */
final class EchoHeddle {

    /** A limit on open connections that leaves room for the attackers and for the good. */
    private static final int MAX_CONNECTIONS = 9_000;

    private EchoHeddle() {}

    static void main(String... arguments) {
        int port = Integer.parseInt(arguments[0]);
        var server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMaxConnections(MAX_CONNECTIONS))
                .files("/files", Path.of(arguments[1]));
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            server.route(method, "/", EchoHeddle::echo).route(method, "/{path...}", EchoHeddle::echo);
        }
        Heddle.run(() -> server.build().serve("127.0.0.1", port));
    }

    private static Response echo(Request request) {
        int length = request.bytes(1 << 24).length;
        return Response.text("ok").withHeader("X-Seen", request.method() + " " + request.target() + " " + length);
    }
}
