package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.DeadlockException;
import dev.heddle.WaitReport;
import dev.heddle.examples.Output;
import dev.heddle.sim.Exploration;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on deadlocks. */
final class DeadlocksTest {

    private final Mutex noodles = Mutex.named("noodles");
    private final Mutex fork = Mutex.named("fork");

    private static void eat(Mutex first, Mutex second) {
        first.run(() -> {
            sleep(Duration.ofMillis(100));
            second.run(() -> IO.println(currentTask().name() + " eats"));
        });
    }

    @Test
    void watchdogTellsTheFailureHandler() {
        List<String> reports = Collections.synchronizedList(new ArrayList<>());
        Config config = Config.DEFAULT.withFailureHandler((what, failure) -> {
            reports.add(what);                          // who
            reports.add(failure.getMessage());          // the report
        });
        run(config.withBlockedAfter(Duration.ofMinutes(1)), () -> {   // no other report, however slow the machine
            var egon = spawn("egon", () -> eat(noodles, fork));
            spawn("yuan", () -> eat(fork, noodles));
            while (reports.size() < 2) {
                sleep(Duration.ofMillis(20));
            }
            egon.cancel();
        });
        assertTrue(reports.getFirst().startsWith("these wait for each other and none can go on: task "));
        String page = reports.get(1);
        assertTrue(page.startsWith("1 cycle, 0 starved loops, "), page);
        assertTrue(page.contains("cycle of 2: each waits for the next, the last for the first"), page);
        assertTrue(page.contains("task egon (loop, running): acquiring mutex fork, held by task yuan (loop, running)"),
                page);
    }

    @Test
    void reportIsTakenAtAnyTime() {
        List<String> lines = Output.of(() -> run(() -> {
            spawn("warehouse", () -> Channel.of(0).receive());
            sleep(Duration.ofMillis(1));
            WaitReport report = offload(WaitReport::capture);
            IO.println(report);                                  // a page for people
            for (WaitReport.Wait wait : report.waits()) {        // or parts of it, for programs
                IO.println(wait.who() + " waits for " + wait.what());
            }
        }));
        assertTrue(lines.getFirst().startsWith("0 cycles, 0 starved loops, "), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("task warehouse (loop, running) waits for ")),
                lines.toString());
    }

    @Test
    void simulationFails() {
        DeadlockException e = assertThrows(DeadlockException.class, () -> Sim.run(() -> gather(
                () -> eat(noodles, fork),
                () -> eat(fork, noodles))));
        assertTrue(e.getMessage().contains("cycle of 2: each waits for the next, the last for the first"),
                e.getMessage());
    }

    private static void eatSoon(Mutex first, Mutex second) {
        first.run(() -> {
            checkpoint();
            second.run(() -> {});
        });
    }

    @Test
    void someOrdersOfStepsEndInADeadlock() {
        List<String> lines = Output.of(() -> {
            Exploration found = Sim.explore(SimOptions.DEFAULT, 1000, sim -> {
                var noodles = Mutex.named("noodles");
                var fork = Mutex.named("fork");
                gather(
                        () -> eatSoon(noodles, fork),
                        () -> eatSoon(fork, noodles));
            });
            IO.println(found);                          // 80 of all 82 orders failed
        });
        assertTrue(lines.getFirst().matches("[1-9]\\d* of all \\d+ orders failed"), lines.toString());
    }

    @Test
    void noneDoesIfAllTakeTheLocksInOneOrder() {
        Sim.inEveryOrder(() -> {
            var noodles = Mutex.named("noodles");
            var fork = Mutex.named("fork");
            gather(
                    () -> eatSoon(noodles, fork),
                    () -> eatSoon(noodles, fork));
        });
    }
}
