package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A value for each loop is made once, seen by all its tasks and callbacks, and ended with it. */
final class LoopLocalTest {

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final LoopLocal<Object> local = LoopLocal.withInitial(Object::new);

    @Test
    void allTasksAndCallbacksOfALoopHaveTheSameValue() {
        List<Object> seen = new ArrayList<>();
        ManualEngine.run(() -> {
            seen.add(local.get());
            spawn(() -> seen.add(local.get())).join();
            currentLoop().callSoon(() -> seen.add(local.get()));
            checkpoint();
        });
        assertEquals(3, seen.size());
        assertSame(seen.get(0), seen.get(1));
        assertSame(seen.get(0), seen.get(2));
    }

    @Test
    void eachLoopHasItsOwn() {
        try (Loop one = Loop.start(Config.DEFAULT); Loop two = Loop.start(Config.DEFAULT)) {
            Object first = one.spawn(local::get).join();
            assertNotSame(first, two.spawn(local::get).join());
            assertSame(first, one.spawn(local::get).join());
        }
    }

    @Test
    void nextRunHasAnotherValue() {
        assertNotSame(ManualEngine.get(local::get), ManualEngine.get(local::get));
    }

    @Test
    void valueIsMadeWhenItIsFirstAskedForAndNotBefore() {
        LoopLocal<String> counted = LoopLocal.withInitial(() -> {
            log.add("made");
            return "value";
        });
        ManualEngine.run(() -> {
            assertEquals(List.of(), log);
            assertEquals("value", counted.get());
            assertEquals("value", counted.get());
        });
        assertEquals(List.of("made"), log);
    }

    @Test
    void endOfALoopEndsItsValuesTheLastOnesFirst() {
        LoopLocal<String> pool = named("pool");
        LoopLocal<String> client = LoopLocal.withInitial(() -> "client of " + pool.get(), this::ended);
        LoopLocal<String> unused = named("unused");
        ManualEngine.run(() -> {
            client.get();
            log.add("end of main");
        });
        assertEquals(List.of("end of main", "client of pool", "pool"), log);
        assertNotSame(unused, pool);
    }

    @Test
    void valueIsEndedWhenTheLastTaskAndCallbackHaveSeenIt() {
        LoopLocal<String> pool = named("pool");
        ManualEngine.run(() -> {
            pool.get();
            spawn(() -> {
                try {
                    sleep(ofMillis(50));
                } finally {
                    log.add("a task sees " + pool.get());
                    currentLoop().callSoon(() -> log.add("a callback sees " + pool.get()));
                }
            });
            checkpoint();
        });
        assertEquals(List.of("a task sees pool", "a callback sees pool", "pool"), log);
    }

    @Test
    void endSeesValuesMadeEarlierAndMakesNone() {
        LoopLocal<String> pool = named("pool");
        AtomicReference<Throwable> refused = new AtomicReference<>();
        LoopLocal<String> client = LoopLocal.withInitial(() -> "client of " + pool.get(), value -> {
            log.add("sees " + pool.get());
            refused.set(assertThrows(IllegalStateException.class, local::get));
        });
        ManualEngine.get(client::get);
        assertEquals(List.of("sees pool", "pool"), log);
        assertTrue(refused.get().getMessage().contains("has ended"), () -> refused.get().getMessage());
    }

    @Test
    void endThatFailsIsReportedAndTheOthersAreEnded() {
        LoopLocal<String> pool = named("pool");
        LoopLocal<String> bad = LoopLocal.withInitial(() -> "bad", value -> {
            throw new IllegalArgumentException("no end");
        });
        List<String> reports = new CopyOnWriteArrayList<>();
        Config config = ManualEngine.config()
                .withFailureHandler((what, failure) -> reports.add(failure.getMessage()));
        Heddle.run(config, () -> {
            pool.get();
            bad.get();
        });
        assertEquals(List.of("no end"), reports);
        assertEquals(List.of("pool"), log);
    }

    @Test
    void guestLoopEndsItsValuesAsWell() {
        LoopLocal<String> pool = named("pool");
        try (ExecutorService host = Executors.newSingleThreadExecutor()) {
            try (Loop loop = Loop.guest(Config.DEFAULT, host)) {
                assertEquals("pool", loop.spawn(pool::get).join());
            }
        }
        assertEquals(List.of("pool"), log);
    }

    @Test
    void failureToMakeItIsForTheCallerAndTheNextCallTriesAgain() {
        LoopLocal<String> second = LoopLocal.withInitial(() -> {
            log.add("tried");
            if (log.size() == 1) {
                throw new IllegalArgumentException("not yet");
            }
            return "now";
        });
        ManualEngine.run(() -> {
            assertThrows(IllegalArgumentException.class, second::get);
            assertEquals("now", second.get());
        });
    }

    @Test
    void makingItMustNotAskForItself() {
        AtomicReference<LoopLocal<Object>> self = new AtomicReference<>();
        self.set(LoopLocal.withInitial(() -> self.get().get()));
        ManualEngine.run(() -> assertThrows(IllegalStateException.class, self.get()::get));
    }

    @Test
    void codeOutsideOfLoopsHasNone() {
        assertThrows(IllegalStateException.class, local::get);
    }

    private LoopLocal<String> named(String name) {
        return LoopLocal.withInitial(() -> name, this::ended);
    }

    private void ended(String value) {
        log.add(value);
    }
}
