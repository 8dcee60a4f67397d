import static dev.heddle.Heddle.*;

import dev.heddle.http.StatusException;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

final Map<String, String> notes = new TreeMap<>();       // without a lock: all requests are on one loop

void main() {
    run(this::serve);
}

void serve() {
    HttpServer.builder()
            .get("/notes", request -> Response.json(notes))
            .get("/notes/{name}", this::read)
            .put("/notes/{name}", this::write)
            .build()
            .serve("127.0.0.1", 8080);
}

Response read(Request request) {
    String note = notes.get(request.path("name"));
    if (note == null) {
        throw new StatusException(404, "no such note");
    }
    return Response.text(note + "\n");
}

Response write(Request request) {
    notes.put(request.path("name"), request.text(1_000));
    return Response.empty(204);
}
