// A web server with two handlers: the index answers with its path and status 201, the other with what stands in the place {id}.
// Answers Asyncio and gevent, program 6: an aiohttp server with add_get and run_app. Arguments: [port]. Ctrl-C stops it.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9977;
    run(() -> serve(port));
}

void serve(int port) {
    IO.println("running on 127.0.0.1, port " + port);
    app().serve("127.0.0.1", port);
}

HttpServer.Builder app() {
    return HttpServer.builder()
            .get("/", this::index)
            .get("/{id}", this::handle);
}

Response index(Request request) {
    return Response.text(request.path()).withStatus(201);
}

Response handle(Request request) {
    IO.println("id " + request.path("id"));
    IO.println("query " + request.queryString().orElse(""));
    return Response.text(request.path("id"));
}
