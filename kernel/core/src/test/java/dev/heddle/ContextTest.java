package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Scoped values of who spawns are seen by what it spawns, and by nothing else. */
final class ContextTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

    @Test
    void spawnedTaskSeesTheScopedValuesOfTheSpawningCode() {
        run(() -> ScopedValue.where(USER, "ada").call(() -> {
            assertEquals("ada", spawn(USER::get).join());
            assertEquals(List.of("ada", "ada"), gather(USER::get, USER::get));
            return group(g -> {
                Task<String> task = g.spawn(() -> {
                    sleep(ofMillis(1));
                    return USER.get();
                });
                assertEquals("ada", task.join());
                return "ended";
            });
        }));
    }

    @Test
    void mainTaskSeesTheScopedValuesOfTheCallerOfRun() {
        assertEquals("ada", ScopedValue.where(USER, "ada").call(() -> run(USER::get)));
    }

    @Test
    void offloadedBodySeesTheScopedValuesOfItsTask() {
        run(() -> ScopedValue.where(USER, "ada").call(() -> {
            assertEquals("ada", Heddle.<String>offload(USER::get));
            return "ended";
        }));
    }

    @Test
    void callbacksSeeTheScopedValuesOfWhoeverSetThemAndNothingElse() {
        List<String> seen = new ArrayList<>();
        run(() -> {
            Runnable look = () -> seen.add(USER.orElse("nobody") + ", " + LOCAL.get());
            Task<Void> task = ScopedValue.where(USER, "ada").call(() -> {
                currentLoop().callSoon(() -> {
                    look.run();
                    LOCAL.set("leaked");
                });
                currentLoop().callLater(ofMillis(1), look);
                Task<Void> ended = spawn(() -> {});
                ended.onDone(done -> look.run());
                return ended;
            });
            ScopedValue.where(USER, "bob").run(() -> currentLoop().callSoon(look));
            task.onDone(done -> look.run());
            sleep(ofMillis(5));
        });
        assertEquals(List.of("ada, null", "bob, null", "ada, null", "nobody, null", "ada, null"), seen);
    }

    @Test
    void bindingOfAChildIsNotSeenByItsParentOrSiblings() {
        run(() -> ScopedValue.where(USER, "ada").call(() -> {
            Task<Void> child = spawn(() -> ScopedValue.where(USER, "bob").run(() -> {
                checkpoint();
                assertEquals("bob", USER.get());
                checkpoint();
            }));
            checkpoint();
            assertEquals("ada", USER.get());
            assertEquals("ada", spawn(USER::get).join());
            child.join();
            return "ended";
        }));
    }

    @Test
    void taskSpawnedOutsideOfTheBindingDoesNotSeeIt() {
        run(() -> {
            Task<Boolean> before = spawn(() -> {
                checkpoint();
                return USER.isBound();
            });
            ScopedValue.where(USER, "ada").run(Heddle::checkpoint);
            assertFalse(before.join());
            assertFalse(spawn(USER::isBound).join());
        });
    }

    @Test
    void inheritableThreadLocalsAreCopiedToSpawnedTasksAndDoNotFlowBack() {
        run(() -> {
            INHERITED.set("ada");
            Task<String> child = spawn(() -> {
                String seen = INHERITED.get();
                INHERITED.set("bob");
                return seen;
            });
            assertEquals("ada", child.join());
            assertEquals("ada", INHERITED.get());
            assertEquals("ada", Heddle.<String>offload(INHERITED::get));
        });
        assertNull(INHERITED.get());
    }

    @Test
    void threadLocalsLeakNeitherToTheNextTaskNorToTheNextUserOfAWorker() {
        run(() -> {
            Callable<String> exchange = () -> {
                String seen = LOCAL.get();
                LOCAL.set("leaked");
                return seen;
            };
            for (int i = 0; i < 100; i++) {
                assertNull(spawn(exchange).join());
                assertNull(offload(exchange));
            }
            assertNull(LOCAL.get());
        });
    }

    @Test
    void taskGetsTheContextClassLoaderOfItsParent() {
        ClassLoader loader = new ClassLoader(ContextTest.class.getClassLoader()) {};
        run(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            assertEquals(loader, spawn(() -> Thread.currentThread().getContextClassLoader()).join());
        });
    }
}
