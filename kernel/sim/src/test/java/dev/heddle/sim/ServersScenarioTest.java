package dev.heddle.sim;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server that crashes and starts again, and clients that ask until they are answered. */
final class ServersScenarioTest {

    private static final int CLIENTS = 3;
    private static final int REQUESTS = 3;

    @Test
    void everyRequestIsAnsweredInTheEnd() {
        SimOptions rough = SimOptions.DEFAULT
                .withMaxVirtualTime(Duration.ofDays(1))
                .withFaults(Seeds.ROUGH.withCuts(0.2, 40).withRefuseChance(0.1))
                .withFailureHandler((what, failure) -> {});
        Seeds.run(rough, sim -> {
            SimHost server = sim.network().host("server");
            Set<String> done = new HashSet<>();
            Task<?> crashes = spawn(() -> {
                for (int life = 0; life < 3; life++) {
                    server.spawn(() -> serve(done));
                    sleep(sim.random().upTo(Duration.ofSeconds(3)));
                    server.crash();
                }
            });
            List<Task<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "client-" + i;
                clients.add(sim.network().host(name).spawn(() -> {
                    for (int request = 0; request < REQUESTS; request++) {
                        askUntilAnswered(name + "/" + request);
                    }
                }));
            }
            crashes.join();
            server.spawn(() -> serve(done));
            clients.forEach(Task::join);
            server.crash();
            assertEquals(CLIENTS * REQUESTS, done.size());
        });
    }

    private static void serve(Set<String> done) {
        try (Listener listener = Tcp.listen("server", 80)) {
            listener.serve(10, stream -> {
                Optional<String> request = stream.readLine(100);
                if (request.isPresent()) {
                    done.add(request.get());
                    stream.write("done " + request.get() + "\n");
                }
            });
        }
    }

    private static void askUntilAnswered(String request) {
        boolean[] answered = new boolean[1];
        while (!answered[0]) {
            moveOnAfter(Duration.ofSeconds(5), () -> {
                try (ByteStream stream = Tcp.connect("server", 80)) {
                    stream.write(request + "\n");
                    Optional<String> answer = stream.readLine(100);
                    answered[0] = answer.isPresent();
                    assertEquals("done " + request, answer.orElse("done " + request));
                } catch (BrokenException | EndOfStreamException | ConnectFailedException e) {
                    sleep(Duration.ofMillis(500));
                }
            });
        }
    }
}
