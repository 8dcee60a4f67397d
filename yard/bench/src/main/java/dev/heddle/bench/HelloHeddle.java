package dev.heddle.bench;

import static dev.heddle.Heddle.run;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

/** The smallest server by Heddle, as its guide shows it; for {@link Launching}. */
final class HelloHeddle {

    private HelloHeddle() {}

    /** Serves on the port that is the argument, until the process is killed. */
    public static void main(String[] args) {
        run(() -> HttpServer.builder()
                .get("/", request -> Response.text("Hello"))
                .build()
                .serve("127.0.0.1", Integer.parseInt(args[0])));
    }
}
