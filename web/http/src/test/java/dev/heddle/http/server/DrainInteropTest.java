package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.OtherProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop under the load of wrk, which knows nothing of readiness and asks again as soon as it has its answer. */
@LeavesNothing
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class DrainInteropTest {

    private static final String WRK = "/usr/bin/wrk";
    private static final int CONNECTIONS = 20;

    @BeforeAll
    static void wrkIsInstalled() {
        OtherProgram.assumeInstalled(WRK);
    }

    private static HttpServer.Builder server() {
        return HttpServer.builder().get("/", request -> {
            Heddle.sleep(Duration.ofMillis(5));
            return Response.text("whole");
        });
    }

    private static OtherProgram wrk(HttpServer server, int seconds) {
        return new OtherProgram(Path.of("."), WRK, "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--latency",
                "http://" + server.address() + "/");
    }

    private static void awaitLoad(HttpServer server) {
        while (server.statistics().requests() < CONNECTIONS) {
            Heddle.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    @Tag("full")
    void notOneRequestFailsWhileTheServerDrains() {
        Heddle.run(() -> {
            HttpServer server = server().drainDelay(Duration.ofMinutes(1)).start("127.0.0.1", 0);
            Task<String> load = Heddle.spawn(() -> Heddle.offload(() -> wrk(server, 2).output()));
            awaitLoad(server);
            Task<Void> stopping = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
            String report = load.join();
            assertTrue(report.contains("requests in"), report);
            assertFalse(report.contains("Socket errors"), report);
            assertFalse(report.contains("Non-2xx"), report);
            ServerStatistics statistics = server.statistics();
            assertTrue(statistics.accepted() > CONNECTIONS, "answers end their connections: " + statistics);
            assertFalse(stopping.isDone());
            while (server.statistics().inFlight() > 0) { // wrk has left without waiting for the last ones
                Heddle.sleep(Duration.ofMillis(5));
            }
            stopping.cancel();
            stopping.awaitOutcome();
        });
    }

    @Test
    void everyRequestThatTheServerHasBegunIsAnswered() {
        Heddle.run(() -> {
            HttpServer server = server().start("127.0.0.1", 0);
            Process load = Heddle.offload(() -> wrk(server, 30).start());
            try {
                awaitLoad(server);
                server.stop(Duration.ofSeconds(30));
                ServerStatistics statistics = server.statistics();
                assertEquals(0, statistics.unanswered(), statistics.toString());
                assertEquals(statistics.requests(), statistics.successes(), statistics.toString());
                assertEquals(0, statistics.connections(), statistics.toString());
            } finally {
                load.destroyForcibly().onExit().join();
            }
        });
    }
}
