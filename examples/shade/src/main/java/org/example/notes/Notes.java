package org.example.notes;

import static dev.heddle.Heddle.run;

import dev.heddle.engine.Engines;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.util.List;

/** Serves a note as JSON and asks for it: engines and JSON are services, which one jar has to keep. */
public final class Notes {

    private Notes() {}

    /** What is served. */
    public record Note(String title, List<String> lines) {}

    /** Prints what it has asked for, and the engine. */
    public static void main(String[] lines) {
        run(() -> {
            var app = HttpServer.builder().get("/note", _ -> Response.json(new Note("today", List.of(lines)))).build();
            try (var server = app.start("127.0.0.1", 0); var http = HttpClient.create()) {
                IO.println(http.get("http://" + server.address() + "/note").expectSuccess().json(Note.class));
                IO.println("engine " + Engines.chosen());
            }
        });
    }
}
