package dev.heddle.examples;

import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.sim.Sim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first programs of the guide. */
final class HelloProgramsTest {

    @Test
    void firstProgramGreetsInTheOrderOfTheDelays() {
        assertEquals(
                List.of("hello Bob", "hello Ada"),
                Output.of(() -> Sim.run(() -> Program.document("HelloTasks").call("greetBoth"))));
    }

    @Test
    void firstServerAnswers() {
        Sim.run(() -> {
            Task<Void> server = spawn(() -> Program.document("HelloServer").call("serve"));
            try (HttpClient http = HttpClient.create()) {
                Sim.current().awaitIdle();
                assertEquals("hello\n", http.get("http://127.0.0.1:8080/").text());
                assertEquals("hello Ada\n", http.get("http://127.0.0.1:8080/hello/Ada").text());
            }
            server.cancel();
        });
    }

    @Test
    void firstServiceKeepsNotes() {
        Sim.run(() -> {
            Task<Void> server = spawn(() -> Program.document("NotesService").call("serve"));
            try (HttpClient http = HttpClient.create()) {
                Sim.current().awaitIdle();
                String notes = "http://127.0.0.1:8080/notes";
                assertEquals(204, http.request("PUT", notes + "/milk").body("two litres").send().status());
                assertEquals("two litres\n", http.get(notes + "/milk").text());
                assertEquals("{\"milk\":\"two litres\"}", http.get(notes).text());
                assertEquals("no such note\n", http.get(notes + "/bread").text());
            }
            server.cancel();
        });
    }
}
