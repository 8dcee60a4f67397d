package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.diagnosis.LongHolds;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitGraph;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Permits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task that waits for long while it holds what others wait for is reported once. */
final class LongHoldsTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final LongHolds holds = new LongHolds();
    private final Mutex mutex = Mutex.named("noodles");

    @Test
    void taskThatHoldsAMutexIsReportedOnceWithItsWaitAndItsLine() {
        simulate(() -> {
            spawn("slow", () -> mutex.run(() -> sleep(ofHours(1))));
            checkpoint();
            spawn("hungry", mutex::acquire);
            look(ofSeconds(9));
            assertEquals(List.of(), reports);
            look(ofSeconds(2));
            look(ofSeconds(60));
            assertEquals(1, reports.size(), reports::toString);
            String report = reports.getFirst();
            assertTrue(report.startsWith("task slow (loop, running) has waited for 11 s and holds what others wait for"
                    + " (acquiring mutex noodles): sleeping 1 h, at "), report);
        });
    }

    /** Who waits behind a thread that is no task looks again and again whether it lives. */
    @Test
    void waitBehindAThreadCountsFromItsBegin() {
        simulate(() -> {
            spawn("slow", () -> mutex.run(() -> sleep(ofHours(1))));
            checkpoint();
            Thread.ofPlatform().daemon().start(() -> mutex.run(() -> {}));
            while (mutex.statistics().waiting() == 0) {
                Thread.onSpinWait();
            }
            Task<Void> hungry = spawn("hungry", mutex::acquire);
            look(ofSeconds(9));
            assertEquals(List.of(), reports);
            look(ofMillis(2_500)); // between two of its looks
            assertEquals(1, reports.size(), reports::toString);
            assertEquals(Optional.of(ofMillis(11_500)), hungry.waitingTime());
        });
    }

    @Test
    void whatNobodyElseWantsMayBeHeldForAsLongAsOneLikes() {
        simulate(() -> {
            spawn(() -> mutex.run(() -> sleep(ofHours(1))));
            look(ofSeconds(60));
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void holderIsNotBlamedForOneWhoHasJustCome() {
        simulate(() -> {
            spawn(() -> mutex.run(() -> sleep(ofHours(1))));
            sleep(ofSeconds(60));
            spawn(mutex::acquire);
            look(ofSeconds(5));
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void holdersThatTakeTurnsAreNotReportedThoughSomebodyAlwaysWaits() {
        simulate(() -> {
            for (int i = 0; i < 10; i++) {
                spawn(() -> mutex.run(() -> sleep(ofSeconds(5))));
            }
            for (int i = 0; i < 20; i++) {
                look(ofSeconds(2));
            }
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void tokensAreReportedWhenNoneOfThemMoves() {
        simulate(() -> {
            ConcurrencyLimiter tables = ConcurrencyLimiter.named("tables", 2);
            spawn("first", () -> tables.run(() -> sleep(ofHours(1))));
            spawn("second", () -> tables.run(() -> {
                sleep(ofSeconds(8));
                sleep(ofHours(1));
            }));
            spawn(tables::acquire);
            look(ofSeconds(12));
            assertEquals(List.of(), reports);
            look(ofSeconds(8));
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(reports.getFirst().contains("a token of limiter tables"), reports::toString);
        });
    }

    @Test
    void lockOfTheJdkIsReportedToo() {
        simulate(() -> {
            var lock = new ReentrantLock();
            spawn("slow", () -> {
                lock.lock();
                sleep(ofHours(1));
            });
            checkpoint();
            Task<Void> hungry = spawn(lock::lockInterruptibly);
            look(ofSeconds(11));
            assertTrue(reports.getFirst().contains("(ReentrantLock@"), reports::toString);
            hungry.cancel();
        });
    }

    @Test
    void nextContentionIsReportedAgain() {
        simulate(() -> {
            for (int round = 1; round <= 2; round++) {
                Task<Void> slow = spawn(() -> mutex.run(() -> sleep(ofSeconds(30))));
                checkpoint();
                spawn(() -> mutex.run(() -> {}));
                look(ofSeconds(11));
                slow.join();
                look(ofSeconds(1));
                assertEquals(round, reports.size(), reports::toString);
            }
        });
    }

    @Test
    void limitIsOfTheConfigurationAndZeroIsForNone() {
        simulate(config().withHeldAfter(ofSeconds(1)), () -> {
            spawn(() -> mutex.run(() -> sleep(ofHours(1))));
            checkpoint();
            spawn(mutex::acquire);
            look(ofSeconds(2));
            assertEquals(1, reports.size());
        });
        Mutex other = Mutex.create();
        simulate(config().withHeldAfter(Duration.ZERO), () -> {
            spawn(() -> other.run(() -> sleep(ofHours(1))));
            checkpoint();
            spawn(other::acquire);
            look(ofHours(1).minusSeconds(1));
            assertEquals(1, reports.size());
        });
    }

    @Test
    @Tag("full")
    void watchdogTellsOfIt() {
        Config quick = Config.DEFAULT.withHeldAfter(ofMillis(50))
                .withFailureHandler((what, failure) -> reports.add(what));
        Heddle.run(quick, () -> {
            Task<Void> slow = hold(mutex);
            Task<Void> hungry = spawn(() -> mutex.run(() -> {}));
            while (reports.isEmpty()) {
                sleep(ofMillis(20));
            }
            slow.cancel();
            hungry.join();
        });
        assertTrue(reports.getFirst().contains("acquiring mutex noodles"), reports::toString);
    }

    private static Task<Void> hold(Permits held) {
        Task<Void> holder = spawn("slow", () -> held.run(() -> sleep(ofHours(1))));
        checkpoint();
        return holder;
    }

    private Config config() {
        return ManualEngine.config().withFailureHandler((what, failure) -> reports.add(what));
    }

    private void simulate(Action body) {
        simulate(config(), body);
    }

    private static void simulate(Config config, Action body) {
        Heddle.run(config, body);
    }

    /** Lets time pass, and looks as the watchdog would. */
    private void look(Duration later) {
        sleep(later);
        holds.look(WaitGraph.ofHeld(List.of(LoopView.of(currentLoop()))), true);
        checkpoint();
    }
}
