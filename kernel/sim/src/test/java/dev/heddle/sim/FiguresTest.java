package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.WorkerPoolStatistics;
import dev.heddle.conformance.FaultProxyStatistics;
import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.PlantedBug;
import dev.heddle.net.ResolverStatistics;
import dev.heddle.net.Udp;
import dev.heddle.sync.Event;
import dev.heddle.sync.EventStatistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each figure of a part is what a program that counts by itself knows of it, at each moment when every task waits. */
final class FiguresTest {

    private static final int SEEDS = 2;
    private static final int MANY_SEEDS = 8;

    /** What a program of one loop cannot count beside them, and where their tests are. */
    private static final Set<Class<?>> ELSEWHERE = Set.of(
            FaultProxyStatistics.class, // FaultProxyTimeTest
            ResolverStatistics.class, // ResolverTest
            SimNetworkStatistics.class, // FaultsTest
            StoreStatistics.class); // StoreFaultsTest

    @TestFactory
    Stream<DynamicTest> eachFigureIsTheLedgers() {
        return new CountedParts().all().entrySet().stream()
                .map(part -> DynamicTest.dynamicTest(part.getKey().getSimpleName(), () -> {
                    for (long seed = 1; seed <= SEEDS; seed++) {
                        long now = seed;
                        Sim.run(SimOptions.DEFAULT.withSeed(now), sim -> part.getValue().run(now));
                    }
                }));
    }

    @Test
    void workersAreWhatTheirBodiesKnow() {
        Heddle.run(() -> {
            try (WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withWorkers(2).withMaxQueued(3))) {
                var let = new CountDownLatch(1);
                long[] submitted = new long[1];
                boolean[] over = new boolean[1];
                Ledger ledger = new Ledger(WorkerPoolStatistics.class, pool::statistics)
                        .row("workers", () -> Math.min(2, submitted[0]))
                        .row("busy", () -> over[0] ? 0 : Math.min(2, submitted[0]))
                        .row("queued", () -> over[0] ? 0 : Math.clamp(submitted[0] - 2, 0, 3))
                        .row("waitingSubmitters", () -> over[0] ? 0 : Math.max(0, submitted[0] - 5))
                        .row("ended", () -> over[0] ? submitted[0] : 0);
                Heddle.group(group -> {
                    for (; submitted[0] < 8; submitted[0]++) {
                        agrees(ledger);
                        group.spawn(() -> pool.call(() -> {
                            let.await();
                        }));
                    }
                    agrees(ledger);
                    let.countDown();
                });
                over[0] = true;
                agrees(ledger);
            }
        });
    }

    /** Other threads are a moment behind. */
    private static void agrees(Ledger ledger) {
        Heddle.timeout(Duration.ofSeconds(30), () -> {
            while (true) {
                try {
                    ledger.check();
                    return;
                } catch (AssertionError notYet) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
            }
        });
    }

    @Test
    void eachTypeOfFiguresHasALedger() {
        Set<Class<?>> known = new HashSet<>(new CountedParts().all().keySet());
        known.addAll(ELSEWHERE);
        known.add(WorkerPoolStatistics.class);
        for (Class<?> inModule : List.of(Heddle.class, Udp.class, Sim.class, Ledger.class)) {
            assertEquals(Set.of(), Ledger.missing(inModule, known));
        }
        known.remove(EventStatistics.class);
        assertEquals(Set.of(EventStatistics.class.getName()), Ledger.missing(Heddle.class, known));
    }

    @Test
    void figureWithoutARowIsNamed() {
        Ledger ledger = new Ledger(EventStatistics.class, Event.create()::statistics).row("set", () -> false);
        AssertionError told = assertThrows(AssertionError.class, ledger::check);
        assertEquals("no ledger for EventStatistics.waiting", told.getMessage());
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({
            "counter counted twice, TaskPool, spawned++;, spawned += 2;, TaskPoolStatistics.spawned",
            "gauge never decremented, TaskPool, running--;, running += 0;, TaskPoolStatistics.running",
            "counter forgotten, sync/CircuitBreaker, refused++;, refused += 0;, CircuitBreakerStatistics.refused"
    })
    void plantedFigureIsFound(String words, String file, String right, String wrong, String figure) throws Exception {
        var bug = new PlantedBug(words, Path.of("../core/src/main/java"), "dev/heddle/" + file + ".java", right, wrong);
        String found = bug.foundBy(CountedParts.class, MANY_SEEDS);
        assertTrue(found.contains(figure), found);
    }
}
