package dev.heddle.examples;

import dev.heddle.Heddle;
import dev.heddle.Waiter;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import java.util.Arrays;

/**
 * The gateway of twenty lines in a process of its own, on a free port, which it prints.
 *
 * <p>Arguments: {@code http1} or {@code http2}, which it speaks with its upstreams, and these.
 */
final class GatewayProgram {

    private GatewayProgram() {}

    static void main(String... arguments) {
        Upstreams upstreams = Upstreams.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        Heddle.run(() -> {
            try (HttpClient http = HttpClient.builder().http2PriorKnowledge().build();
                    Proxying behind = arguments[0].equals("http2")
                            ? Proxying.to(upstreams, http)
                            : Proxying.to(upstreams);
                    HttpServer gateway = ((HttpServer.Builder) Program.example("Gateway").result("gateway", behind))
                            .start("127.0.0.1", 0)) {
                System.out.println(gateway.port());
                new Waiter("the end of the gateway").await();
            }
        });
    }
}
