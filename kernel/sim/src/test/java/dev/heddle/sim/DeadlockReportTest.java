package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.DeadlockException;
import dev.heddle.WaitReport;
import dev.heddle.Waiter;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A simulation in which nothing can happen any more fails with who waits for whom, and with the cycles among them. */
final class DeadlockReportTest {

    private static final SimOptions QUIET = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});

    private static String messageOf(Action body) {
        return assertThrows(DeadlockException.class, () -> Sim.run(QUIET, sim -> {
            body.run();
        })).getMessage();
    }

    @Test
    void locksTakenCrosswiseAreACycleInTheMessage() {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        String message = messageOf(() -> {
            spawn("ann", () -> lockBoth(first, second));
            spawn("bob", () -> lockBoth(second, first)).join();
        });
        assertTrue(message.startsWith("everything on "), message);
        assertTrue(message.contains("cycle of 2: each waits for the next, the last for the first"), message);
        assertTrue(message.contains("task ann (sim, running): ReentrantLock@"), message);
        assertTrue(message.contains("held by task bob (sim, running)"), message);
        assertTrue(message.contains("DeadlockReportTest.lockBoth(DeadlockReportTest.java:"), message);
        assertTrue(message.contains("task main (sim, running): joining task bob"), message);
    }

    @Test
    void monitorsEnteredCrosswiseAreACycleInTheMessage() {
        Object first = new StringBuffer();
        Object second = new StringBuffer();
        String message = messageOf(() -> {
            currentLoop().spawn(() -> enterBoth(first, second));
            currentLoop().spawn(() -> enterBoth(second, first));
            sleep(Duration.ofSeconds(2));
            new Waiter("both").await();
        });
        assertTrue(message.contains("cycle of 2"), message);
        assertTrue(message.contains("the monitor of StringBuffer@"), message);
    }

    @Test
    void tasksThatWaitForNobodyAreNoCycle() {
        Channel<String> empty = Channel.of(1);
        String message = messageOf(() -> empty.receive());
        assertTrue(message.contains("0 cycles"), message);
        assertTrue(message.contains("task main (sim, running): receiving from a channel of 1"), message);
    }

    @Test
    void toStringThatWaitsDoesNotHangTheSimulation() {
        Object wordless = new Object() {
            @Override
            public String toString() {
                new Waiter("nothing").await();
                return "";
            }
        };
        String message = messageOf(() -> new Waiter(wordless).await());
        assertTrue(message.contains("does not return"), message);
    }

    @Test
    void taskOfTheSimulationMayAskAtAnyTime() {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        List<WaitReport> reports = new ArrayList<>();
        Sim.run(QUIET, sim -> {
            spawn("ann", () -> lockBoth(first, second));
            spawn("bob", () -> lockBoth(second, first));
            sleep(Duration.ofSeconds(2));
            reports.add(WaitReport.capture());
        });
        assertEquals(1, reports.getFirst().cycles().size(), reports::toString);
        assertFalse(reports.toString().contains("starved: sim"), reports::toString);
    }

    private static void lockBoth(ReentrantLock one, ReentrantLock other) throws InterruptedException {
        one.lockInterruptibly();
        try {
            sleep(Duration.ofSeconds(1));
            other.lockInterruptibly();
            other.unlock();
        } finally {
            one.unlock();
        }
    }

    private static void enterBoth(Object one, Object other) {
        synchronized (one) {
            sleep(Duration.ofSeconds(1));
            synchronized (other) {
                other.notifyAll();
            }
        }
    }
}
