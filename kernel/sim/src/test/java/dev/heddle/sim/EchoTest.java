package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
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
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** An echo server and its clients, on bad days. */
final class EchoTest {

    private static final int SEEDS = 100;
    private static final int CLIENTS = 4;
    private static final int MESSAGES = 5;

    private static final LinkOptions BYTE_BY_BYTE = LinkOptions.ROUGH.withLatency(Duration.ofMillis(20));
    private static final FaultPlan CUTS = FaultPlan.NONE
            .withCuts(0.3, 200)
            .withRefuseChance(0.1)
            .withOutages(Duration.ofSeconds(5), Duration.ofSeconds(2));

    @Test
    void everySeedRepeatsItsRunAndLeavesNothingOver() {
        Set<Long> hashes = new HashSet<>();
        int answered = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run first = run(seed);
            Run second = run(seed);
            assertEquals(first, second);
            hashes.add(first.result.traceHash());
            answered += first.answered;
        }
        assertEquals(SEEDS, hashes.size());
        assertTrue(answered > SEEDS * CLIENTS * MESSAGES / 2, "answered: " + answered);
        assertTrue(answered < SEEDS * CLIENTS * MESSAGES, "no fault was seen");
    }

    record Run(Sim.Result result, int answered) {}

    /** One run with all faults; the same seed gives the same result. */
    static Run run(long seed) {
        SimOptions options = SimOptions.DEFAULT
                .withSeed(seed)
                .withLink(BYTE_BY_BYTE)
                .withFaults(CUTS)
                .withFailureHandler((what, failure) -> {});
        int[] answered = new int[1];
        Sim.Result result = Sim.run(options, sim -> {
            Task<Void> server = sim.network().host("server").spawn(EchoTest::serve);
            sleep(Duration.ofSeconds(1));
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                SimHost host = sim.network().host("client-" + i);
                clients.add(() -> host.run(() -> talk(sim)));
            }
            for (int each : gather(clients)) {
                answered[0] += each;
            }
            server.cancel("all clients are done");
        });
        return new Run(result, answered[0]);
    }

    private static void serve() {
        try (Listener listener = Tcp.listen("server", 7)) {
            listener.serve(100, EchoTest::echo);
        }
    }

    private static void echo(ByteStream stream) {
        byte[] bytes = new byte[50];
        while (true) {
            int count = stream.read(bytes);
            if (count < 0) {
                return;
            }
            stream.write(bytes, 0, count);
        }
    }

    private static int talk(Sim sim) {
        int answered = 0;
        for (int i = 0; i < MESSAGES; i++) {
            try (ByteStream stream = Tcp.connect("server", 7)) {
                byte[] message = Long.toHexString(sim.random().nextLong()).getBytes();
                stream.write(message);
                stream.closeOutput();
                assertArrayEquals(message, stream.readExactly(message.length));
                answered++;
            } catch (BrokenException | EndOfStreamException | ConnectFailedException e) {
                Heddle.sleep(sim.random().upTo(Duration.ofSeconds(1)));
            }
        }
        return answered;
    }
}
