// A mistake: two servers on one port.
// The message names the address; port 0 takes a free one.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

void main() {
    run(() -> {
        HttpServer.Builder app = HttpServer.builder().get("/", request -> Response.text("hello"));
        try (HttpServer first = app.start("127.0.0.1", 0)) {
            try (HttpServer second = app.start("127.0.0.1", first.port())) {
                IO.println(second.address());
            }
        }
    });
}
