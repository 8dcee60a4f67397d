package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.internal.diagnosis.LongHolds;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitGraph;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Mutex;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kitchen.Cook;
import kitchen.Fork;
import kitchen.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The source of each report in the log is a line of the user, or the public class that it is about. */
final class ReportSourceTest {

    private static final Config REAL = Config.DEFAULT.withSignals(false).withShutdownTimeout(ofMillis(20));

    private static final LinkedBlockingQueue<LogRecord> LOGGED = new LinkedBlockingQueue<>();

    private final Logger logger = Logger.getLogger("dev.heddle");

    private record Row(String report, String source, Action body) {
        @Override
        public String toString() {
            return report;
        }
    }

    @BeforeEach
    void listen() {
        LOGGED.clear();
        logger.setFilter(entry -> !LOGGED.add(entry));
    }

    @AfterEach
    void leave() {
        logger.setFilter(null);
    }

    static Stream<Row> inVirtualTime() {
        return Stream.of(
                new Row("a failure that nobody joins", "kitchen.Cook burn", () -> {
                    spawn(Cook::burn);
                    sleep(ofSeconds(2));
                }),
                new Row("one in a lambda, by the method around it", "kitchen.Cook burning", () -> {
                    spawn(Cook.burning());
                    sleep(ofSeconds(2));
                }),
                new Row("one out of the JDK, by who has spawned it", "kitchen.Cook hire", () -> {
                    Cook.hire(() -> List.of().getFirst());
                    sleep(ofSeconds(2));
                }),
                new Row("one of Heddle, by its cause", "kitchen.Cook burn", () -> {
                    try {
                        Cook.burn();
                    } catch (IllegalStateException e) {
                        FailureHandler.LOG.failed("the listener failed", new BrokenException("broken", e));
                    }
                }),
                new Row("one of Heddle alone", "dev.heddle.FailureHandler", () -> {
                    FailureHandler.LOG.failed("the look for deadlocks failed", new BrokenException("broken"));
                }),
                new Row("a callback", "kitchen.Cook burn", () -> {
                    currentLoop().callSoon(Cook::burn);
                    checkpoint();
                }),
                new Row("a clean-up behind a cancel", "kitchen.Cook stir", () -> {
                    Heddle.moveOnAfter(ofSeconds(1), () -> {
                        try (AutoCloseable _ = Cook::burn) {
                            Cook.stir(() -> sleep(ofHours(1)));
                        }
                    });
                    checkpoint();
                }),
                new Row("a task that does not listen", "kitchen.Cook stir", () -> {
                    var bell = new Waiter("the bell");
                    Task<Void> deaf = spawn(() -> Cook.stir(() -> bell.awaitDespiteCancel(() -> {})));
                    checkpoint();
                    deaf.cancel();
                    sleep(ofSeconds(5));
                    currentLoop().openCancels.look();
                    checkpoint();
                    bell.complete();
                }),
                new Row("a long hold", "kitchen.Cook stir", () -> {
                    var mutex = Mutex.named("noodles");
                    spawn(() -> mutex.run(() -> Cook.stir(() -> sleep(ofHours(1)))));
                    checkpoint();
                    spawn(mutex::acquire);
                    sleep(ofSeconds(11));
                    new LongHolds().look(WaitGraph.ofHeld(List.of(LoopView.of(currentLoop()))), true);
                    checkpoint();
                }),
                new Row("a token that is not given back, by who has spawned the task", "kitchen.Cook hire", () -> {
                    var limiter = ConcurrencyLimiter.named("tables", 1);
                    Cook.hire(limiter::acquire).join();
                    checkpoint();
                }));
    }

    static Stream<Row> inRealTime() {
        return Stream.of(
                new Row("a task that holds its loop", "kitchen.Cook stir",
                        () -> Heddle.run(REAL.withBlockedAfter(ofMillis(20)), () -> Cook.stir(() -> {
                            while (LOGGED.isEmpty()) {
                                Thread.onSpinWait();
                            }
                        }))),
                new Row("a task that is left behind", "kitchen.Cook stir", () -> {
                    var bell = new Waiter("the bell");
                    var begun = new CountDownLatch(1);
                    try (Loop loop = Loop.start(REAL)) {
                        loop.spawn(() -> Heddle.group(g -> g.spawn(() -> Cook.stir(() -> {
                            begun.countDown();
                            bell.awaitDespiteCancel(() -> {});
                        }))));
                        begun.await();
                    }
                }),
                new Row("a body of a worker", "kitchen.Cook burn", () -> {
                    try (WorkerPool pool = WorkerPool.of(1)) {
                        pool.execute(Cook::burn);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource
    void inVirtualTime(Row row) throws Exception {
        ManualEngine.run(row.body);
        assertSource(row.source);
    }

    @ParameterizedTest
    @MethodSource
    void inRealTime(Row row) throws Exception {
        row.body.run();
        assertSource(row.source);
    }

    @Test
    @Tag("full") // looks twice
    void deadlockIsOfOneWhoIsCaught() throws Exception {
        var first = new Fork("the first");
        var second = new Fork("the second");
        var both = new CyclicBarrier(2);
        Heddle.run(REAL, () -> {
            spawn(Table.eat(both, first, second));
            spawn(Table.eat(both, second, first));
            awaitEntry();
        });
        assertSource("kitchen.Fork take");
    }

    private static void awaitEntry() {
        Heddle.timeout(ofSeconds(60), () -> {
            while (LOGGED.isEmpty()) {
                sleep(ofMillis(20));
            }
        });
    }

    private static void assertSource(String expected) throws InterruptedException {
        LogRecord entry = LOGGED.poll(10, TimeUnit.SECONDS);
        String method = entry.getSourceMethodName();
        assertEquals(expected, entry.getSourceClassName() + (method == null ? "" : " " + method), entry::getMessage);
        assertEquals("dev.heddle", entry.getLoggerName());
    }
}
