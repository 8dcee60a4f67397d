package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the README. */
final class ReadmeTest {

    private final List<String> stored = new ArrayList<>();

    private static void readInto(Channel<String> lines) {
        for (int i = 1; i <= 1000; i++) {
            lines.send("line " + i);
        }
    }

    private void store(String line) {
        stored.add(line);
    }

    @Test
    void quickerMirrorAnswers() {
        Sim.run(() -> {
            var mirrors = HttpServer.builder()
                    .get("/quick", request -> Response.text("quick"))
                    .get("/slow", request -> {
                        sleep(Duration.ofHours(1));
                        return Response.text("slow");
                    });
            try (var server = mirrors.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String mirrorA = "http://" + server.address() + "/slow";
                String mirrorB = "http://" + server.address() + "/quick";
                // The first that succeeds wins, the others are cancelled.
                String answer = timeout(Duration.ofSeconds(2), () -> race(
                        () -> http.get(mirrorA).text(),
                        () -> http.get(mirrorB).text()));
                assertEquals("quick", answer);
            }
        });
    }

    @Test
    void readerAndAWriterShareAChannel() {
        Sim.run(() -> {
            group(g -> { // ends when all its tasks have ended
                Channel<String> lines = Channel.of(100); // bound: the faster side waits
                g.spawn(() -> {
                    readInto(lines);
                    lines.close();
                });
                g.spawn(() -> {
                    for (String line : lines) {
                        store(line);
                    }
                });
            });
            assertEquals(1000, stored.size());
        });
    }
}
