package dev.heddle.process;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.ManagerStatistics;
import dev.heddle.process.shared.SharedSemaphore;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Pools of processes and managers, each used by a program that counts by itself; by the type of their figures. */
final class CountedPools extends Ledgers {

    private static final int CALLS = 200;
    private static final int WORKERS = 2;
    private static final Duration HOLD = Duration.ofNanos(1_300_000);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private long asked;
    private long ended;
    private long died;
    private long inside;
    private long calls;

    CountedPools() {
        add(ManagerStatistics.class, seed -> new CountedPools().manager(seed));
        add(ProcessPoolStatistics.class, seed -> Heddle.run(() -> new CountedPools().pool()));
    }

    @Override
    public void run(Body body, long seed) {
        try {
            body.run(seed);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- managers, in a simulation ----

    private void manager(long seed) {
        Sim.run(SimOptions.DEFAULT.withSeed(seed), sim -> {
            try (Manager manager = Manager.open()) {
                SharedSemaphore semaphore = manager.semaphore(2);
                new Ledger(ManagerStatistics.class, manager::statistics)
                        .row("objects", () -> 1)
                        .row("processes", () -> 0)
                        .row("callsUnderWay", () -> inside)
                        .row("callsDone", () -> calls)
                        .run(seed, CALLS, List.of(() -> {
                            call(semaphore::acquire);
                            try {
                                Heddle.sleep(HOLD);
                            } finally {
                                call(semaphore::release);
                            }
                        }));
            }
        });
    }

    private void call(Action call) throws Exception {
        inside++;
        try {
            call.run();
        } finally {
            inside--;
            calls++;
        }
    }

    // ---- pools, with real children: those of a simulation are tasks of who asks ----

    private void pool() throws IOException {
        Path let = Files.createTempFile("let", "");
        String place = let.toString();
        try (ProcessPool pool = ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(WORKERS))) {
            Ledger ledger = new Ledger(ProcessPoolStatistics.class, pool::statistics)
                    .between("alive", () -> Math.min(WORKERS, asked) - died, () -> Math.min(WORKERS, asked))
                    .row("busy", () -> Math.min(WORKERS, asked - ended))
                    .row("queued", () -> Math.max(0, asked - ended - WORKERS))
                    .row("done", () -> ended)
                    .between("started", () -> Math.min(WORKERS, asked), () -> Math.min(WORKERS, asked) + died)
                    .row("died", () -> died)
                    .row("killed", () -> 0);
            Heddle.group(group -> {
                for (; asked < 5; asked++) {
                    agrees(ledger);
                    group.spawn(() -> pool.run(() -> awaitGone(place)));
                }
                agrees(ledger);
                Files.delete(let);
            });
            ended = asked;
            agrees(ledger);
            asked++;
            try {
                pool.run(() -> Runtime.getRuntime().halt(1));
            } catch (WorkerDiedException expected) {
                ended++;
                died++;
            }
            asked++;
            pool.run(() -> {});
            ended++;
            agrees(ledger);
        } finally {
            Files.deleteIfExists(let);
        }
    }

    private static void awaitGone(String place) throws InterruptedException {
        while (Files.exists(Path.of(place))) {
            Thread.sleep(5);
        }
    }

    /** Children are a moment behind. */
    private static void agrees(Ledger ledger) {
        long begin = System.nanoTime();
        while (true) {
            try {
                ledger.check();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw notYet;
                }
                Heddle.sleep(Duration.ofMillis(1));
            }
        }
    }
}
