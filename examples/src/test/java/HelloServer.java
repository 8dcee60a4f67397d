import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

void main() {
    run(this::serve);
}

void serve() {
    HttpServer.builder()
            .get("/", request -> Response.text("hello\n"))
            .get("/hello/{name}", request -> Response.text("hello " + request.path("name") + "\n"))
            .build()
            .serve("127.0.0.1", 8080);
}
