package dev.heddle;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.sight.Kernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The time that parts of a loop have to stop in order when the loop ends; what is told of tasks that have not ended then. */
final class StopTimeTest {

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private Config config() {
        return ManualEngine.config()
                .withShutdownTimeout(ofSeconds(8))
                .withFailureHandler((what, failure) -> log.add(what));
    }

    /** Ends a loop while a task of it has a clean-up to do. */
    private void end(Action cleanUp) {
        Heddle.run(config(), () -> {
            Heddle.currentLoop().spawn("part", () -> {
                try {
                    Heddle.sleep(ofHours(1));
                } finally {
                    Heddle.shield(() -> cleanUp.run());
                }
            });
            Heddle.sleep(ofSeconds(1));
        });
    }

    @Test
    void loopThatGoesOnLeavesAnyGraceAsItIs() {
        ManualEngine.run(() -> assertEquals(ofHours(9), Kernel.withinStop(ofHours(9))));
    }

    @Test
    void threadThatIsNoTaskHasAllItsGrace() {
        ManualEngine.run(() -> {});
        assertEquals(ofHours(9), Kernel.withinStop(ofHours(9)));
    }

    @Test
    void threeQuartersAreForWhoBeginsWithTheEnd() {
        end(() -> {
            assertEquals(ofSeconds(6), Kernel.stopTime());
            assertEquals(ofSeconds(6), Kernel.longestStop(Heddle.currentLoop()));
            assertEquals(ofSeconds(5), Kernel.withinStop(ofSeconds(5)));
            log.add("asked");
        });
        assertEquals(List.of("asked"), log);
    }

    @Test
    void partsThatStopOneBehindTheOtherAllEndInTime() {
        end(() -> {
            for (int i = 0; i < 10; i++) {
                Heddle.sleep(Kernel.withinStop(ofHours(1)));
            }
            log.add("ended");
        });
        assertEquals(List.of("ended"), log);
    }

    @Test
    void partsOfAnyLengthEndInTime() {
        var random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            end(() -> {
                for (int part = 0; part < 4; part++) {
                    Heddle.sleep(Kernel.withinStop(Duration.ofMillis(random.nextInt(10_000))));
                }
                log.add("ended");
            });
        }
        assertEquals(1_000, log.size());
        assertTrue(log.stream().allMatch("ended"::equals), log.toString());
    }

    @Test
    void interruptedRunTellsItsMainTaskHowLongItHas() throws Exception {
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                Heddle.run(Config.DEFAULT.withShutdownTimeout(ofHours(8)), () -> {
                    log.add("ready");
                    try {
                        Heddle.sleep(ofHours(1));
                    } catch (CancelledException e) {
                        log.add(Kernel.stopTime().plusMinutes(1).toHours() + " h");
                        throw e;
                    }
                });
            } catch (CancelledException e) {
                log.add("cancelled");
            }
        });
        while (log.isEmpty()) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join();
        assertEquals(List.of("ready", "6 h", "cancelled"), log);
    }

    private void work(String name, Duration time) {
        try {
            Heddle.sleep(time);
        } finally {
            log.add(name);
        }
    }

    @Test
    void serviceOfALoopIsCancelledWhenAllElseHasEnded() {
        Heddle.run(config(), () -> {
            Loop loop = Heddle.currentLoop();
            Kernel.get().spawnService(loop, "service", () -> work("service", ofHours(1)));
            Kernel.get().spawnService(loop, "short", () -> work("short", ofSeconds(2)));
            loop.spawn("part", () -> Heddle.shield(() -> work("part", ofSeconds(4))));
            Heddle.sleep(ofSeconds(1));
        });
        assertEquals(List.of("short", "part", "service"), log);
    }

    @Test
    void serviceOfALoopHearsOfTheEndAlsoBehindATaskThatDoesNotEnd() {
        Heddle.run(config(), () -> {
            Loop loop = Heddle.currentLoop();
            Kernel.get().spawnService(loop, "service", () -> work("service", ofHours(1)));
            loop.spawn("part", () -> Heddle.shield(() -> work("part", ofHours(1))));
            Heddle.sleep(ofSeconds(1));
        });
        assertEquals("service", log.getFirst());
        assertTrue(log.get(1).contains("left behind"), log.toString());
    }

    @Test
    void serviceOfALoopThatFailsIsReportedAndCanBeCancelled() {
        Heddle.run(config(), () -> {
            Loop loop = Heddle.currentLoop();
            Kernel.get().spawnService(loop, "service", () -> work("service", ofHours(1))).cancel("enough");
            Kernel.get().spawnService(loop, "bad", () -> {
                throw new IllegalStateException("bad luck");
            });
            Heddle.sleep(ofSeconds(1));
        });
        assertEquals("service", log.getFirst());
        assertTrue(log.getLast().contains("bad"), log.toString());
    }

    @Test
    void taskThatNoCancelHasReachedIsNotSaidToIgnoreIt() {
        end(() -> Heddle.group(g -> g.spawn("inner", () -> Heddle.sleep(ofHours(1)))));
        String told = log.getFirst();
        assertFalse(told.contains("ignore"), told);
        assertTrue(told.contains("its time was over") && told.contains("inner"), told);
        assertFalse(told.contains("task part"), told);
    }

    @Test
    void taskThatHearsItsCancelAndGoesOnIsSaidToIgnoreIt() {
        end(() -> Heddle.sleep(ofHours(1)));
        assertTrue(log.getFirst().contains("these tasks ignore their cancel"), log.getFirst());
    }
}
