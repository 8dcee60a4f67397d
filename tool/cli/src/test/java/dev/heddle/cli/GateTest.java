package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Jobs start within the limits for all and for each host, and waiting hosts take turns. */
final class GateTest {

    private final List<String> started = new ArrayList<>();

    private void submit(ConcurrencyGate gate, String host, String job) {
        gate.submit(host, () -> started.add(job));
    }

    @Test
    void jobsStartAtOnceUpToTheLimit() {
        ConcurrencyGate gate = new ConcurrencyGate(2, 2);
        submit(gate, "a", "a1");
        submit(gate, "b", "b1");
        assertFalse(gate.hasRoom());
        submit(gate, "a", "a2");
        assertEquals(List.of("a1", "b1"), started);

        gate.ended("b");
        assertEquals(List.of("a1", "b1", "a2"), started);
    }

    @Test
    void busyHostDoesNotHoldUpTheOthers() {
        ConcurrencyGate gate = new ConcurrencyGate(3, 1);
        submit(gate, "slow", "s1");
        submit(gate, "slow", "s2");
        submit(gate, "slow", "s3");
        assertTrue(gate.hasRoom());
        submit(gate, "fast", "f1");
        gate.ended("fast");
        submit(gate, "fast", "f2");

        assertEquals(List.of("s1", "f1", "f2"), started);
        gate.ended("slow");
        assertEquals(List.of("s1", "f1", "f2", "s2"), started);
    }

    @Test
    void waitingHostsTakeTurns() {
        ConcurrencyGate gate = new ConcurrencyGate(1, 1);
        for (String job : List.of("a1", "a2", "a3", "b1", "b2", "c1")) {
            submit(gate, job.substring(0, 1), job);
        }
        while (started.size() < 6) {
            gate.ended(started.getLast().substring(0, 1));
        }

        assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "a3"), started);
    }

    @Test
    void whatWaitsIsBounded() {
        ConcurrencyGate gate = new ConcurrencyGate(2, 1);
        for (int i = 0; i <= ConcurrencyGate.MAX_WAITING; i++) {
            assertTrue(gate.hasRoom());
            submit(gate, "slow", "s" + i);
        }
        assertFalse(gate.hasRoom());

        gate.ended("slow");
        assertTrue(gate.hasRoom());
    }

    @Test
    void stoppedGateStartsNothingMore() {
        ConcurrencyGate gate = new ConcurrencyGate(1, 1);
        submit(gate, "a", "a1");
        submit(gate, "a", "a2");
        gate.stop();
        gate.ended("a");

        assertEquals(List.of("a1"), started);
    }

    @Test
    void noLimitIsEverPassedAndNoJobIsLost() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ConcurrencyGate gate = new ConcurrencyGate(5, 2);
            Map<String, Integer> perHost = new HashMap<>();
            List<String> running = new ArrayList<>();
            int[] count = new int[1];
            for (int job = 0; job < 300 || !running.isEmpty();) {
                if (job < 300 && (running.isEmpty() || random.nextBoolean())) {
                    job++;
                    String host = "h" + random.nextInt(4);
                    gate.submit(host, () -> {
                        count[0]++;
                        running.add(host);
                        assertTrue(perHost.merge(host, 1, Integer::sum) <= 2);
                        assertTrue(running.size() <= 5);
                    });
                } else {
                    String host = running.remove(random.nextInt(running.size()));
                    perHost.merge(host, -1, Integer::sum);
                    gate.ended(host);
                }
            }
            assertEquals(300, count[0]);
            assertEquals("Gate[running 0 of 5, waiting 0, hosts 0]", gate.toString());
        }
    }
}
