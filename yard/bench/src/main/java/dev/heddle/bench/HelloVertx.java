package dev.heddle.bench;

import io.vertx.core.Vertx;

/** The smallest server by Vert.x; for {@link Launching}. */
final class HelloVertx {

    private HelloVertx() {}

    /** Serves on the port that is the argument, until the process is killed. */
    public static void main(String[] args) {
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> request.response().end("Hello"))
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
