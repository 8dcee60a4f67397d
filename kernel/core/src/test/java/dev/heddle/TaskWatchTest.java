package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskWatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskWatchTest {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final TaskWatch watch = new TaskWatch() {
        @Override
        public void spawned(Task<?> task) {
            heard.add("spawned " + task.name());
        }

        @Override
        public void ready(Task<?> task, boolean here) {
            heard.add("ready " + task.name());
        }

        @Override
        public void resumed(Task<?> task) {
            heard.add("resumed " + task.name());
        }

        @Override
        public void suspended(Task<?> task) {
            heard.add("suspended " + task.name());
        }

        @Override
        public void labelled(Task<?> task, @Nullable String label) {
            heard.add(task.name() + " is about " + label);
        }

        @Override
        public void calledBack() {
            heard.add("called back");
        }
    };

    @Test
    void itHearsWhoWakesWhomBeforeTheWokenRuns() {
        run(() -> {
            var waiter = new Waiter("a word");
            Task<Void> sleeper = spawn("sleeper", waiter::await);
            checkpoint();
            Runnable takeOff = Kernel.get().watch(currentLoop(), watch);
            heard.add("waking");
            waiter.complete();
            heard.add("woken");
            sleeper.join();
            takeOff.run();
        });
        assertEquals(
                List.of("waking", "ready sleeper", "woken", "suspended main", "resumed sleeper", "ready main",
                        "suspended sleeper", "resumed main"),
                heard);
    }

    @Test
    void itHearsOfATaskThatAnotherThreadWakes() {
        run(() -> {
            Kernel.get().watch(currentLoop(), new TaskWatch() {
                @Override
                public void ready(Task<?> task, boolean here) {
                    heard.add(task.name() + " by " + (here ? "us" : Thread.currentThread().getName()));
                }
            });
            var waiter = new Waiter("a word");
            Task<Void> sleeper = spawn("sleeper", waiter::await);
            checkpoint();
            Thread.ofPlatform().name("waker").start(waiter::complete);
            sleeper.join();
        });
        assertTrue(heard.contains("sleeper by waker"), heard::toString);
    }

    @Test
    void itHearsWhatTheRunningTaskIsAbout() {
        run(() -> {
            Kernel.label("unheard");
            Runnable takeOff = Kernel.get().watch(currentLoop(), watch);
            Kernel.label("GET /users/{id}");
            Kernel.label(null);
            takeOff.run();
            Kernel.label("unheard");
        });
        Kernel.label("unheard");
        assertEquals(List.of("main is about GET /users/{id}", "main is about null"), heard);
    }

    @Test
    void bodiesThatRunAlreadyAreSeenAndItHearsOfTheirEnd() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            run(() -> {
                var running = new CountDownLatch(2);
                var over = new AtomicBoolean();
                Callable<Thread> body = () -> {
                    running.countDown();
                    while (!over.get()) {
                        Thread.onSpinWait(); // one that waits runs on no thread
                    }
                    return Thread.currentThread();
                };
                Task<Thread> offloads = spawn("offloads", () -> offload(body));
                Task<Thread> pools = spawn("pools", () -> pool.call(body));
                checkpoint();
                running.await();
                Map<Thread, Task<?>> seen = Kernel.get().bodies(currentLoop());
                var ended = new CountDownLatch(2);
                Runnable takeOff = Kernel.get().watch(currentLoop(), new TaskWatch() {
                    @Override
                    public void offloaded(Task<?> task, Thread body, boolean runs) {
                        heard.add(task.name() + (runs ? " begins" : " ends"));
                        ended.countDown();
                    }
                });
                over.set(true);
                assertEquals(Map.of(offloads.join(), offloads, pools.join(), pools), seen);
                ended.await();
                takeOff.run();
                assertEquals(Set.of("offloads ends", "pools ends"), Set.copyOf(heard));
                assertEquals(Map.of(), Kernel.get().bodies(currentLoop()));
            });
        }
    }

    @Test
    void whatATaskIsAboutIsKnownAlsoOfThoseThatItSpawnsAndToWhoLooksLater() {
        run(() -> {
            List<@Nullable String> about = new ArrayList<>();
            Kernel.label("GET /users/{id}");
            Task<Boolean> child = spawn("child", () -> about.add(Kernel.get().labelOf(currentTask())));
            about.add(Kernel.get().labelOf(currentTask()));
            child.join();
            Kernel.label(null);
            about.add(Kernel.get().labelOf(currentTask()));
            assertEquals(Arrays.asList("GET /users/{id}", "GET /users/{id}", null), about);
        });
    }

    @Test
    void itHearsOfACallback() {
        run(() -> {
            Runnable takeOff = Kernel.get().watch(currentLoop(), watch);
            currentLoop().callSoon(() -> heard.add("callback"));
            checkpoint();
            takeOff.run();
        });
        assertEquals(List.of("ready main", "suspended main", "callback", "called back", "resumed main"), heard);
    }

    @Test
    void oneThatThrowsIsTakenOffOnWhateverThreadItIsTold() throws InterruptedException {
        var told = new CountDownLatch(1);
        List<String> reports = new CopyOnWriteArrayList<>();
        run(Config.DEFAULT.withFailureHandler((what, failure) -> {
            reports.add(what);
            told.countDown();
        }), () -> {
            Kernel.get().watch(currentLoop(), new TaskWatch() {
                @Override
                public void ready(Task<?> task, boolean here) {
                    if (!here) {
                        throw new IllegalStateException("broken");
                    }
                }
            });
            var waiter = new Waiter("a word");
            Task<Void> sleeper = spawn("sleeper", waiter::await);
            checkpoint();
            Thread.ofPlatform().name("waker").start(waiter::complete);
            sleeper.join();
            told.await();
            assertEquals(null, currentLoop().instrument);
        });
        assertEquals(1, reports.size());
        assertTrue(reports.getFirst().contains("failed and was taken off"), reports::toString);
    }

    @Test
    void whatAWatcherKeepsOfATaskLivesAsLongAsTheTask() {
        List<Object> found = new ArrayList<>();
        run(() -> {
            Kernel kernel = Kernel.get();
            kernel.watch(currentLoop(), new TaskWatch() {
                @Override
                public void spawned(Task<?> task) {
                    kernel.note(task, "kept of " + task.name());
                }

                @Override
                public void suspended(Task<?> task) {
                    found.add(String.valueOf(kernel.note(task)));
                }
            });
            spawn("one", () -> {}).join();
        });
        assertEquals(List.of("null", "kept of one", "null"), found);
    }
}
