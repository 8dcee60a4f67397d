// A gateway: passes requests on to servers that are alike, up to 4 GB each, and leaves alone who fails.
// Run it as: heddle run Gateway.java http://127.0.0.1:8081 http://127.0.0.1:8082

import static dev.heddle.Heddle.*;

import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.RouteOptions;

void main(String... upstreams) {
    run(() -> {
        try (var behind = Proxying.to(Upstreams.of(upstreams))) {
            gateway(behind).serve("127.0.0.1", 8080);
        }
    });
}

HttpServer.Builder gateway(Proxying behind) {
    return HttpServer.builder().any("/{path...}", RouteOptions.DEFAULT.withMaxBodyBytes(4_000_000_000L), behind);
}
