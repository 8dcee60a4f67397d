package dev.heddle.bench;

import io.helidon.webserver.WebServer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The smallest server by Helidon; for {@link Launching}. */
final class HelloHelidon {

    /** Kept, or its level would be forgotten with it. */
    private static final Logger LOG = Logger.getLogger("io.helidon");

    private HelloHelidon() {}

    /** Serves on the port that is the argument, until the process is killed. */
    public static void main(String[] args) {
        LOG.setLevel(Level.WARNING);
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .routing(routes -> routes.get("/", (request, response) -> response.send("Hello")))
                .build()
                .start();
    }
}
