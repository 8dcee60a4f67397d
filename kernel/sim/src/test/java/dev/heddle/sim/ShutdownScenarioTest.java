package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ends at any moment: of a program with work under way, and of a server that is asked. */
final class ShutdownScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(20);

    @Test
    void programThatEndsAtAnyMomentClosesEverythingOnce() {
        int[] opened = new int[1];
        int[] closed = new int[1];
        SimOptions stalling = SimOptions.DEFAULT.withFaults(FaultPlan.NONE.withStalls(0.1, MOMENT));
        Seeds.run(stalling, sim -> {
            opened[0] = 0;
            closed[0] = 0;
            for (int i = 0; i < 10; i++) {
                currentLoop().spawn(() -> {
                    opened[0]++;
                    try {
                        sleep(sim.random().upTo(MOMENT));
                        spawn(() -> sleep(Duration.ofDays(1)));
                        sleep(Duration.ofDays(1));
                    } finally {
                        shield(() -> sleep(sim.random().upTo(MOMENT)));
                        closed[0]++;
                    }
                });
            }
            sleep(sim.random().upTo(MOMENT));
        });
        assertEquals(opened[0], closed[0]);
    }

    @Test
    void serverThatIsCancelledAtAnyMomentAnswersOrBreaksAndLeavesNothingOpen() {
        SimOptions rough = SimOptions.DEFAULT
                .withFaults(Seeds.ROUGH)
                .withFailureHandler((what, failure) -> {});
        Seeds.run(rough, sim -> {
            int[] begun = new int[1];
            int[] ended = new int[1];
            SimHost host = sim.network().host("server");
            Task<Void> server = host.spawn(() -> {
                try (Listener listener = Tcp.listen("server", 80)) {
                    listener.serve(10, stream -> {
                        begun[0]++;
                        try {
                            String line = stream.readLine(100).orElse("nothing");
                            sleep(sim.random().upTo(MOMENT));
                            stream.write(line + "\n");
                        } finally {
                            ended[0]++;
                        }
                    });
                }
            });
            List<Task<Boolean>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(sim.network().host("client-" + i).spawn(ShutdownScenarioTest::isAnswered));
            }
            sleep(sim.random().upTo(MOMENT.multipliedBy(3)));
            server.cancel("going down");
            for (Task<Boolean> each : clients) {
                each.join();
            }
            sim.awaitIdle();
            sleep(Duration.ofMinutes(1));
            assertTrue(server.isDone());
            assertEquals(begun[0], ended[0]);
        });
    }

    private static boolean isAnswered() {
        try (ByteStream stream = Tcp.connect("server", 80)) {
            stream.write("hello\n");
            String answer = stream.readLine(100).orElse("");
            assertTrue(answer.equals("hello") || answer.isEmpty(), answer);
            return answer.equals("hello");
        } catch (BrokenException | EndOfStreamException | ConnectFailedException | CancelledException e) {
            return false;
        }
    }
}
