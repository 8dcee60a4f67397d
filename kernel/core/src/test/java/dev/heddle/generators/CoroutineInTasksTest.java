package dev.heddle.generators;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Coroutines of a task: its waits, its cancel, its scopes, its end. */
final class CoroutineInTasksTest {

    private static final ScopedValue<String> WHO = ScopedValue.newInstance();

    private final List<String> log = new ArrayList<>();

    private static String who() {
        return WHO.isBound() ? WHO.get() : "nobody";
    }

    /** Waits a second, then hands a count to the root; for ever. */
    private static Coroutine<Integer> ticks() {
        Coroutine<Integer> root = Coroutine.current();
        return Coroutine.of(first -> {
            for (int i = 1;; i++) {
                sleep(ofSeconds(1));
                root.switchTo(i);
            }
        });
    }

    @Test
    void waitInACoroutineSuspendsItsTaskOnly() {
        ManualEngine.run(() -> {
            gather(
                    () -> {
                        Coroutine<Integer> ticks = ticks();
                        log.add("one " + ticks.switchTo(0));
                        log.add("one " + ticks.switchTo(0));
                    },
                    () -> {
                        Coroutine<Integer> ticks = ticks();
                        log.add("two " + ticks.switchTo(0));
                    });
            assertEquals(ofSeconds(2), ManualEngine.elapsed());
        });
        assertEquals(List.of("one 1", "two 1", "one 2"), log);
    }

    @Test
    void eachTaskHasARootOfItsOwn() {
        ManualEngine.run(() -> {
            Coroutine<String> mine = Coroutine.current();
            Coroutine<String> theirs = spawn(() -> Coroutine.<String>current()).join();
            assertNotSame(mine, theirs);
            String words = assertThrows(IllegalStateException.class, () -> theirs.switchTo("x")).getMessage();
            assertTrue(words.contains("task main"), words);
        });
    }

    @Test
    void cancelUnwindsTheCoroutineThatWaitsAndThenItsParents() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                try {
                    Coroutine.<String>of(first -> {
                        try {
                            sleep(ofSeconds(100));
                        } finally {
                            log.add("coroutine");
                        }
                        return first;
                    }).switchTo("");
                } finally {
                    log.add("root");
                }
            });
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(List.of("coroutine", "root"), log);
        });
    }

    @Test
    void timeoutOfTheRootCutsOffTheCoroutine() {
        ManualEngine.run(() -> {
            Coroutine<Integer> ticks = ticks();
            assertEquals(1, timeout(ofSeconds(2), () -> ticks.switchTo(0)));
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(ofSeconds(0), () -> ticks.switchTo(0)));
            assertTrue(ticks.isDead());
        });
    }

    @Test
    void switchInsideAScopeOfTheCoroutineIsRefused() {
        ManualEngine.run(() -> {
            Coroutine<String> root = Coroutine.current();
            Coroutine<String> coroutine = Coroutine
                    .of(first -> timeout(ofSeconds(1), () -> root.switchTo("from inside a timeout")));
            String words = assertThrows(IllegalStateException.class, () -> coroutine.switchTo("")).getMessage();
            assertTrue(words.contains("cancel scope"), words);
            assertTrue(coroutine.isDead());
        });
    }

    @Test
    void scopedValuesStayWhereTheyAreBound() {
        Coroutine<String> root = Coroutine.current();
        Coroutine<String> one = Coroutine.of(first -> ScopedValue.where(WHO, "one").call(() -> {
            String got = root.switchTo(who());
            return got + " " + who();
        }));
        Coroutine<String> two = Coroutine.of(first -> one.switchTo(who()));
        assertEquals("one", one.switchTo(""));
        assertEquals("nobody", who());
        ScopedValue.where(WHO, "root").run(() -> {
            assertEquals("root one", two.switchTo(""));
            assertEquals("root", who());
        });
        two.close();
    }

    @Test
    void coroutineBeginsWithTheScopedValuesOfWhoeverSwitchesToItFirst() {
        Coroutine<String> inner = Coroutine.of(first -> who());
        Coroutine<String> outer = Coroutine.of(first -> ScopedValue.where(WHO, "outer").call(() -> inner.switchTo("")));
        assertEquals("outer", outer.switchTo(""));
        assertEquals("nobody", who());
        outer.close();
    }

    @Test
    void whatATaskLeavesIsClosedAtItsEndNewestFirst() {
        ManualEngine.run(() -> {
            List<Coroutine<String>> left = new ArrayList<>();
            Task<String> task = spawn(() -> {
                left.add(suspended("first"));
                left.add(suspended("second"));
                left.add(Coroutine.of(first -> first));
                return "result";
            });
            assertEquals("result", task.join());
            assertEquals(List.of("second", "first"), log);
            assertTrue(left.get(0).isDead());
            assertFalse(left.get(2).isDead());
        });
    }

    private Coroutine<String> suspended(String name) {
        Coroutine<String> root = Coroutine.current();
        Coroutine<String> coroutine = Coroutine.of(first -> {
            Generator<String> generator = Generator.of(out -> {
                try {
                    out.yield(root.switchTo("ready"));
                } finally {
                    log.add(name);
                }
            });
            return generator.next();
        });
        assertEquals("ready", coroutine.switchTo(""));
        return coroutine;
    }

    @Test
    void oneThatIgnoresItsCloseFailsItsTask() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> {
                Coroutine<String> root = Coroutine.current();
                return Coroutine.<String>of(first -> {
                    while (true) {
                        try {
                            root.switchTo("result");
                        } catch (Throwable e) {
                            log.add("ignored");
                        }
                    }
                }).switchTo("");
            });
            String words = assertThrows(IllegalStateException.class, task::join).getMessage();
            assertTrue(words.contains("ignored its close"), words);
            assertEquals(List.of("ignored"), log);
        });
    }
}
