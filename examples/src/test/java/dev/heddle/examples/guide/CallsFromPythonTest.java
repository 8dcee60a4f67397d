package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.AwaitCondition;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Joinable;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.Tasks;
import dev.heddle.WorkerPool;
import dev.heddle.generators.Coroutine;
import dev.heddle.generators.DuplexGenerator;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The lines for people who come from Python that answer a call, an argument or a constant each. */
final class CallsFromPythonTest {

    private record Job(int priority, String name) {}

    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> items = List.of("c", "a", "b");
    private int n = 100;

    private void log(String line) {
        logged.add(line);
    }

    private static String answer() {
        return "42";
    }

    private static String other() {
        sleep(Duration.ofSeconds(1));
        return "43";
    }

    private static String fetch(String item) {
        sleep(Duration.ofSeconds(1));
        return "page " + item;
    }

    private static int missing() throws IOException {
        throw new IOException("no such page");
    }

    private void work(String name, Duration delay) {
        sleep(delay);
        log(name);
    }

    // ---- threading ----

    @Test
    void threadsHaveArgumentsAndNamesAndAreStartedLater() {
        Sim.run(() -> {
            Task<Void> named = spawn("thread-1", () -> work("x", Duration.ofSeconds(2)));
            assertEquals("thread-1", named.name());
            Action later = () -> work("y", Duration.ofSeconds(1));
            sleep(Duration.ofSeconds(5));
            assertEquals(List.of("x"), logged);
            List<Task<Void>> threads = List.of(spawn(later), spawn(later));
            Tasks.joinAll(threads);
            assertEquals(List.of("x", "y", "y"), logged);
        });
    }

    @Test
    void startedAndJoinedAtOnceIsACallAfterAnother() {
        Duration took = Sim.run(() -> measureTime(() -> {
            for (int i = 0; i < 3; i++) {
                work("x", Duration.ofSeconds(1));
            }
        }));
        assertEquals(Duration.ofSeconds(3), took);
    }

    @Test
    void stepsAreLostOnlyAroundAWait() {
        Sim.run(() -> {
            group(g -> {
                for (int i = 0; i < 100; i++) {
                    g.spawn(() -> {
                        int temp = n;
                        sleep(Duration.ofMillis(100));
                        n = temp - 1;
                    });
                }
            });
            assertEquals(99, n);
            n = 100;
            Mutex mutex = Mutex.create();
            group(g -> {
                for (int i = 0; i < 100; i++) {
                    g.spawn(() -> mutex.run(() -> {
                        int temp = n;
                        sleep(Duration.ofMillis(100));
                        n = temp - 1;
                    }));
                }
            });
            assertEquals(0, n);
        });
    }

    @Test
    void lockThatIsAskedForTwiceSaysSo() {
        Sim.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.acquire();
            assertThrows(IllegalStateException.class, () -> mutex.acquire());
            mutex.release();
        });
    }

    // ---- asyncio ----

    @Test
    void failureOfARunIsThrownAndACheckedOneAsACause() {
        assertThrows(NumberFormatException.class, () -> Sim.run(() -> Integer.parseInt("x")));
        var failure = assertThrows(TaskFailedException.class, () -> Sim.run(() -> missing()));
        assertEquals("no such page", failure.getCause().getMessage());
    }

    @Test
    void sleepGivesNothingButTheNextLineMay() {
        Sim.run(() -> {
            Task<String> slow = spawn(() -> { sleep(Duration.ofSeconds(2)); return "slept"; });
            assertEquals("slept", slow.join());
        });
    }

    @Test
    void tasksAndPromisesAreOfOneKind() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> answer());
            Joinable<String> future = task;
            assertEquals("42", future.join());
            future = new Promise<>();
            assertFalse(future.isDone());
        });
    }

    @Test
    void promiseIsCompletedFailedOrCancelledOnce() {
        Sim.run(() -> {
            var reply = new Promise<String>();
            reply.complete("yes");
            assertThrows(IllegalStateException.class, () -> reply.complete("no"));
            assertFalse(reply.tryComplete("no"));

            var lost = new Promise<String>();
            lost.fail(new IOException("no answer"));
            var failure = assertThrows(TaskFailedException.class, lost::join);
            assertEquals("no answer", failure.getCause().getMessage());
            assertEquals("no answer", lost.failure().orElseThrow().getMessage());

            var given = new Promise<String>();
            assertTrue(given.cancel("nobody asks"));
            assertThrows(TaskCancelledException.class, given::join);
            assertFalse(given.cancel("nobody asks"));
        });
    }

    @Test
    void waitingTellsWhatIsDoneAndWhatIsPending() {
        Sim.run(() -> {
            List<Task<String>> tasks = List.of(spawn(() -> answer()), spawn(() -> other()));
            var early = Tasks.await(tasks, AwaitCondition.FIRST_COMPLETED);
            assertEquals(List.of(tasks.getFirst()), early.done());
            assertEquals(List.of(tasks.getLast()), early.pending());
            assertFalse(tasks.getLast().isDone());
            var waited = Tasks.await(tasks, AwaitCondition.ALL_COMPLETED);
            assertEquals(List.of(), waited.pending());
            var late = Tasks.awaitWithin(Duration.ofMillis(10), List.of(spawn(() -> other())),
                    AwaitCondition.ALL_COMPLETED);
            assertEquals(1, late.pending().size());
        });
    }

    @Test
    void joinerThatIsCancelledLeavesTheTaskOfALongerLivedOwnerAlone() {
        Sim.run(() -> {
            var started = new Promise<Task<String>>();
            Task<String> waiter = spawn(() -> {
                Task<String> inner = currentLoop().spawn(() -> other());
                started.complete(inner);
                return inner.join();
            });
            Task<String> inner = started.join();
            waiter.cancel();
            assertThrows(TaskCancelledException.class, waiter::join);
            assertFalse(inner.isDone());
            assertEquals("43", inner.join());
        });
    }

    @Test
    void shieldedBodyEndsBeforeTheCancelGoesOn() {
        Sim.run(() -> {
            Task<Void> task = spawn(() -> {
                try {
                    shield(Duration.ofSeconds(5), () -> work("saved", Duration.ofSeconds(1)));
                    checkpoint();
                } catch (CancelledException e) {
                    log("cancelled");
                    throw e;
                }
            });
            Sim.current().awaitIdle();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
        });
        assertEquals(List.of("saved", "cancelled"), logged);
    }

    @Test
    void groupThatIsCancelledIsNoFailureAndItsTasksHaveEnded() {
        Sim.run(() -> {
            Duration took = measureTime(() -> group(g -> {
                g.spawn(() -> work("x", Duration.ofHours(1)));
                g.cancel("enough");
            }));
            assertEquals(Duration.ZERO, took);
            var failure = assertThrows(GroupException.class, () -> gather(() -> missing(), () -> other()));
            assertEquals("no such page", failure.firstOf(IOException.class).orElseThrow().getMessage());
        });
        assertEquals(List.of(), logged);
    }

    // ---- loops ----

    @Test
    void loopThatWasStartedRunsUntilItsEnd() {
        Loop loop = Loop.start(Config.DEFAULT);
        assertTrue(!loop.isClosed());
        assertEquals("42", loop.spawn(() -> answer()).join());
        loop.callFromThread(() -> loop.callSoon(loop::stop));
        loop.close();
        assertTrue(loop.isClosed());
        assertThrows(IllegalStateException.class, () -> loop.spawn(() -> answer()));
    }

    @Test
    void loopThatWasMadeRunsInItsSteps() {
        try (Loop loop = Loop.create(Config.DEFAULT)) {
            Task<String> task = loop.spawn(() -> answer());
            assertFalse(task.isDone());
            while (loop.step(Duration.ofSeconds(1))) {
                log("a turn");
            }
            assertTrue(task.isDone());
            assertEquals("42", task.join());
        }
    }

    @Test
    void callbacksKnowTheirLoopToo() {
        Sim.run(() -> {
            Loop loop = currentLoop();
            loop.callSoon(() -> log(String.valueOf(currentLoop() == loop)));
            assertEquals(List.of(currentTask()), loop.allTasks());
            Sim.current().awaitIdle();
        });
        assertEquals(List.of("true"), logged);
    }

    // ---- queues ----

    @Test
    void priorityIsAPartOfTheElement() {
        Sim.run(() -> {
            WorkQueue<Job> jobs = WorkQueue.priority(1_000, Comparator.comparing(Job::priority));
            jobs.put(new Job(20, "a"));
            jobs.put(new Job(10, "b"));
            jobs.put(new Job(30, "c"));
            jobs.put(new Job(10, "d"));
            assertEquals(List.of("b", "d", "a", "c"),
                    List.of(jobs.take().name(), jobs.take().name(), jobs.take().name(), jobs.take().name()));
            assertEquals(0, jobs.statistics().size());
            assertEquals(4, jobs.statistics().unfinished());
        });
    }

    // ---- concurrent.futures ----

    @Test
    void futureOfAPoolIsGivenUpOnlyWhileItWaits() throws Exception {
        var go = new CountDownLatch(1);
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<String> first = pool.submit(() -> {
                go.await();
                return answer();
            });
            Future<String> later = pool.submit(() -> answer());
            assertFalse(first.isDone());
            assertThrows(TimeoutException.class, () -> first.get(1, TimeUnit.MILLISECONDS));
            assertTrue(later.cancel(false));
            assertTrue(later.isCancelled());
            assertThrows(CancellationException.class, () -> later.get(5, TimeUnit.SECONDS));
            go.countDown();
            assertEquals("42", first.get());
            assertFalse(first.cancel(false));
            assertEquals(Future.State.SUCCESS, first.state());
        }
    }

    @Test
    void poolThatIsShutDownStillRunsWhatItHas() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        Future<String> later = pool.submit(() -> answer());
        pool.shutdown();
        assertThrows(RejectedExecutionException.class, () -> pool.submit(() -> answer()));
        assertEquals("42", later.get());
        pool.close();
        assertTrue(pool.isTerminated());
    }

    @Test
    void poolIsAnExecutorOfTheJdk() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> WorkerPool.of(0));
        try (WorkerPool pool = WorkerPool.of(2)) {
            ExecutorService executor = pool;
            assertEquals("42", executor.submit(() -> answer()).get());
        }
    }

    @Test
    void callbackHasTheResultOfAPool() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            var page = CompletableFuture.supplyAsync(() -> answer(), pool).thenAccept(text -> log(text));
            page.join();
        }
        assertEquals(List.of("42"), logged);
    }

    @Test
    void tasksAreAwaitedForTheirPoolsFutures() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(2)) {
                List<Task<String>> calls = List.of(spawn(() -> pool.call(() -> answer())));
                assertEquals(1, Tasks.await(calls, AwaitCondition.FIRST_COMPLETED).done().size());
                List<String> pages = new ArrayList<>();
                for (String page : pool.imapUnordered(items, item -> "page " + item)) {
                    pages.add(page);
                }
                assertEquals(List.of("page a", "page b", "page c"), pages.stream().sorted().toList());
            }
        });
    }

    @Test
    void resultIsAwaitedForALimitedTime() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> other());
            assertThrows(DeadlineExceededException.class, () -> timeout(Duration.ofMillis(10), () -> task.join()));
            assertEquals(Optional.empty(), moveOnAfter(Duration.ofMillis(10), () -> task.join()));
            assertEquals("43", timeout(Duration.ofSeconds(5), () -> task.join()));
            List<String> pages = map(items, 7, item -> fetch(item));
            assertEquals(List.of("page c", "page a", "page b"), pages);
        });
    }

    // ---- generators and greenlet ----

    @Test
    void generatorHasFourStates() {
        List<DuplexGenerator.State> states = new ArrayList<>();
        List<DuplexGenerator<Integer, String, String>> self = new ArrayList<>();
        DuplexGenerator<Integer, String, String> generator = DuplexGenerator.of(out -> {
            states.add(self.getFirst().state());
            String html = out.yield(1);
            return "got " + html;
        });
        self.add(generator);
        assertTrue(generator.state() == DuplexGenerator.State.CREATED);
        assertEquals(1, generator.next());
        assertEquals(List.of(DuplexGenerator.State.RUNNING), states);
        assertTrue(generator.state() == DuplexGenerator.State.SUSPENDED);
        assertThrows(NoSuchElementException.class, () -> generator.send("hello"));
        assertTrue(generator.state() == DuplexGenerator.State.CLOSED);
        assertEquals("got hello", generator.result());
    }

    @Test
    void generatorIsStartedByNextAndNotSentToBefore() {
        DuplexGenerator<Integer, String, String> generator = DuplexGenerator.of(out -> "got " + out.yield(1));
        assertThrows(IllegalStateException.class, () -> generator.send("too early"));
        assertEquals(1, generator.next());
        generator.close();
        assertThrows(NoSuchElementException.class, generator::next);
    }

    @Test
    void coroutinesAreSwitchedToWithOneValue() {
        List<Coroutine<String>> both = new ArrayList<>();
        Coroutine<String> eat = Coroutine.of(name -> {
            log(name + " eats");
            log(both.getLast().switchTo("egon") + " eats again");
            return "done";
        });
        Coroutine<String> play = Coroutine.of(name -> {
            log(name + " plays");
            return both.getFirst().switchTo("alex");
        });
        both.add(eat);
        both.add(play);
        assertEquals("done", eat.switchTo("egon"));
        assertSame(Coroutine.current(), play.parent().orElseThrow());
        play.close();
        assertEquals(List.of("egon eats", "egon plays", "alex eats again"), logged);
    }

    @Test
    void greenletsHaveTheArgumentsOfALambda() {
        Sim.run(() -> {
            gather(() -> work("egon eats", Duration.ofSeconds(2)), () -> work("egon plays", Duration.ofSeconds(1)));
            assertEquals(List.of("egon plays", "egon eats"), logged);
        });
    }
}
