package ${package};

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.Response;
import dev.heddle.http.testing.TestClient;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.Sim;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The service, in simulated time and with a simulated network: nothing here waits, and no port is taken. */
final class ServiceTest {

    private static final String URL = "http://127.0.0.1:8080";

    @Test
    void greets() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(Service.app().build())) {
                assertEquals("{\"hello\":\"Ada\"}", client.get("/hello/Ada").text());
                assertEquals(404, client.get("/nothing").status());
            }
        });
    }

    @Test
    void isAliveAndReadyAndCounted() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(Service.app().build())) {
                assertEquals(200, client.get("/alive").status());
                assertEquals(200, client.get("/ready").status());
                assertTrue(client.get("/metrics").text().contains("jvm_memory_used_bytes"));
            }
        });
    }

    /** Three seconds of work, and the stop comes in the middle of them. */
    @Test
    void answersWhatIsUnderWayBeforeItStops() {
        Sim.run(() -> {
            Task<Void> service = spawn(() -> Service.app().get("/slow", request -> {
                sleep(Duration.ofSeconds(3));
                return Response.text("done");
            }).serve("127.0.0.1", 8080));
            try (HttpClient http = HttpClient.create()) {
                Sim.current().awaitIdle();
                Task<String> slow = spawn(() -> http.get(URL + "/slow").text());
                sleep(Duration.ofSeconds(1));
                service.cancel();
                sleep(Duration.ofSeconds(1));
                assertEquals(503, http.get(URL + "/ready").status());
                assertEquals("done", slow.join());
                sleep(Duration.ofSeconds(1));
                assertThrows(ConnectFailedException.class, () -> http.get(URL + "/alive"));
            }
        });
    }
}
