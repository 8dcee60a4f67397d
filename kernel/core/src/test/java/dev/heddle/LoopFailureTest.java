package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.loop.LoopCall;
import dev.heddle.internal.loop.Timer;
import dev.heddle.internal.sight.Kernel;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.internal.vm.Continuation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no body to come out of brings its loop down: everybody who waits for something of it gets the cause. */
@Timeout(30)
final class LoopFailureTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private final Config config = Config.DEFAULT
            .withSignals(false)
            .withShutdownTimeout(ofMillis(200)) // a busy machine gives who cleans up its turn in it
            .withEngine(Failing::new)
            .withFailureHandler((what, failure) -> {
                reports.add(what);
                failures.add(failure);
            });

    /** What can be thrown wherever code runs. */
    enum Thrown {
        MEMORY {
            @Override
            Throwable make() {
                return new OutOfMemoryError("Java heap space");
            }
        },
        STACK {
            @Override
            Throwable make() {
                return new StackOverflowError();
            }
        },
        BUG {
            @Override
            Throwable make() {
                return new IllegalStateException("the kernel is on fire");
            }
        };

        abstract Throwable make();
    }

    /** Where something is thrown below the tasks. */
    enum Below {
        ENGINE {
            @Override
            void fail(Loop loop, Throwable failure) {
                ((Failing) loop.engine()).fail(1, failure);
                loop.scheduler.inLoop(() -> {});
            }
        },
        ENGINE_AGAIN_AND_AGAIN {
            @Override
            void fail(Loop loop, Throwable failure) {
                ((Failing) loop.engine()).fail(Integer.MAX_VALUE, failure);
                loop.scheduler.inLoop(() -> {});
            }
        },
        WAKE {
            @Override
            void fail(Loop loop, Throwable failure) {
                var engine = (Failing) loop.engine();
                engine.failWake(failure);
                while (!engine.wakeFailed) { // others may wake it first, so that this one finds it awake
                    loop.scheduler.inLoop(() -> {});
                    Thread.onSpinWait();
                }
            }
        },
        INBOX {
            @Override
            void fail(Loop loop, Throwable failure) {
                loop.scheduler.inLoop(() -> {
                    throw Throwables.unchecked(failure);
                });
            }
        },
        TIMER {
            @Override
            void fail(Loop loop, Throwable failure) {
                loop.scheduler.inLoop(() -> loop.scheduler.addTimer(new FailingTimer(failure), loop.nanoTime()));
            }
        },
        LISTENER {
            @Override
            void fail(Loop loop, Throwable failure) {
                CountDownLatch listening = new CountDownLatch(1);
                Task<Void> task = loop.spawn(() -> offloadedWait(listening));
                task.listen(() -> {
                    throw Throwables.unchecked(failure);
                });
                listening.countDown();
                task.join();
            }
        };

        abstract void fail(Loop loop, Throwable failure);

        static void offloadedWait(CountDownLatch latch) {
            Heddle.offload(() -> latch.await());
        }
    }

    static Stream<Arguments> everywhere() {
        return Stream.of(Below.values())
                .flatMap(place -> Stream.of(Thrown.values()).map(thrown -> Arguments.of(place, thrown)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void tasksCleanUpAndWhoeverWaitsForThemGetsTheCause(Below place, Thrown thrown) throws Exception {
        Throwable failure = thrown.make();
        Loop loop = Loop.start(config);
        Task<Void> task = loop.spawn("victim", () -> {
            try {
                sleep(ofHours(1));
            } catch (CancelledException e) {
                log.add("cleaned up");
                assertSame(failure, assertInstanceOf(LoopFailedException.class, e.getCause()).getCause());
                throw e;
            }
        });
        Task<Void> shielded = loop.spawn("stubborn", () -> shield(() -> sleep(ofHours(1))));
        CompletableFuture<Void> future = task.toCompletableFuture();
        FutureTask<TaskCancelledException> thread = inThread(task);
        FutureTask<TaskCancelledException> otherLoop = new FutureTask<>(
                () -> run(Config.DEFAULT.withSignals(false),
                        () -> assertThrows(TaskCancelledException.class, shielded::join)));
        Thread.ofPlatform().start(otherLoop);
        loop.spawn(() -> {}).join();

        place.fail(loop, failure);

        for (FutureTask<TaskCancelledException> joiner : List.of(thread, otherLoop)) {
            TaskCancelledException told = joiner.get(10, TimeUnit.SECONDS);
            assertSame(failure, assertInstanceOf(LoopFailedException.class, told.getCause()).getCause());
        }
        CancellationException cancelled = assertThrows(
                CancellationException.class, () -> future.get(10, TimeUnit.SECONDS));
        assertTrue(isBehind(failure, cancelled), cancelled::toString);
        assertSame(failure, assertThrows(LoopFailedException.class, loop::close).getCause());
        assertEquals(List.of("cleaned up"), log);
        assertTrue(reports.contains("loop failed below its tasks: " + failure), reports::toString);
        assertTrue(((Failing) loop.engine()).closed);
        TaskCancelledException late = assertThrows(TaskCancelledException.class, task::join);
        assertTrue(isBehind(failure, late), late::toString);
        assertThrows(IllegalStateException.class, () -> loop.spawn(() -> {}));
    }

    @ParameterizedTest
    @EnumSource(Thrown.class)
    void inATaskOrACallbackItIsTheirFailureAndTheLoopGoesOn(Thrown thrown) {
        Throwable failure = thrown.make();
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                throw Throwables.unchecked(failure);
            });
            assertSame(failure, assertThrows(failure.getClass(), task::join));
            Throwable grouped = assertThrows(Throwable.class, () -> group(g -> {
                g.spawn(() -> {
                    throw Throwables.unchecked(failure);
                });
                sleep(ofHours(1));
            }));
            assertSame(failure, grouped instanceof GroupException ? grouped.getCause() : grouped);
        });
        Heddle.run(config.withEngine(() -> new ManualEngine(0)), () -> {
            currentLoop().callSoon(() -> {
                throw Throwables.unchecked(failure);
            });
            sleep(ofSeconds(1));
            assertEquals(List.of(failure), failures);
        });
    }

    @ParameterizedTest
    @EnumSource(Thrown.class)
    void secondOneWhileTheFirstIsReportedIsGivenUpAndTheLoopGoesOn(Thrown thrown) {
        Config noMemory = ManualEngine.config().withFailureHandler((what, failure) -> {
            log.add(what);
            throw Throwables.unchecked(thrown.make());
        });
        Heddle.run(noMemory, () -> {
            Handle again = currentLoop().callEvery(ofSeconds(1), () -> {
                throw new OutOfMemoryError("Java heap space");
            });
            sleep(ofMillis(3_500));
            again.cancel();
        });
        assertEquals(3, log.size());
    }

    /** As where no descriptor is left, and so no class can be loaded that the report needs. */
    @Test
    void loopWhoseFailureCannotBeReportedEndsAllTheSame() {
        Runnable unheard = Kernel.onTrouble(_ -> {
            throw new NoClassDefFoundError("dev/heddle/internal/Report");
        });
        try {
            Loop loop = Loop.start(config);
            Task<Void> task = loop.spawn(() -> sleep(ofHours(1)));
            Throwable failure = Thrown.BUG.make();
            Below.TIMER.fail(loop, failure);
            assertThrows(TaskCancelledException.class, task::join);
            assertSame(failure, assertThrows(LoopFailedException.class, loop::close).getCause());
        } finally {
            unheard.run();
        }
    }

    @Test
    void listenersBehindOneThatFailsAreToldAndSoIsTheGroup() {
        Loop loop = Loop.start(config);
        CountDownLatch listening = new CountDownLatch(1);
        List<Task<String>> children = new CopyOnWriteArrayList<>();
        Task<String> owner = loop.spawn(() -> {
            group(g -> children.add(g.spawn(() -> {
                Below.offloadedWait(listening);
                return "done";
            })));
            return "closed";
        });
        loop.spawn(() -> {}).join();
        children.getFirst().listen(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        var joiner = new JoinWait(children.getFirst());
        children.getFirst().listen(joiner);
        loop.spawn(() -> {}).join();
        listening.countDown();
        joiner.waiter.await();
        assertEquals("closed", owner.join());
        assertThrows(LoopFailedException.class, loop::close);
    }

    @Test
    void callThatFailsInTheInboxIsMadeAgainAtTheEndAndTheOnesBehindItAreNotLost() {
        Loop loop = Loop.create(config);
        loop.scheduler.inLoop(() -> {
            log.add("call");
            throw new OutOfMemoryError("Java heap space");
        });
        Task<Void> task = loop.spawn(() -> {
            log.add("begun");
            sleep(ofHours(1));
        });
        loop.scheduler.inLoop(() -> log.add("next"));
        assertThrows(OutOfMemoryError.class, () -> loop.step(ofSeconds(1)));
        loop.close();
        assertEquals(List.of("call", "next", "begun", "call"), log);
        assertEquals(Task.State.CANCELLED, task.state());
    }

    @Test
    void itemThatFailsInAClosedLoopsInboxKeepsNoLaterOneThere() {
        Loop loop = Loop.create(config);
        loop.close();
        for (int i = 0; i < 2; i++) {
            loop.scheduler.schedule(new LoopCall(() -> {
                throw new OutOfMemoryError("Java heap space");
            }));
        }
        loop.scheduler.schedule(new LoopCall(() -> log.add("heard")));
        assertEquals(List.of("heard"), log);
        assertEquals(2, failures.size());
    }

    @Test
    @Tag("full")
    void bodyThatRunsOutOfStackInTheMiddleOfTheKernelLeavesNoTaskBehind() {
        List<Consumer<TaskGroup>> calls = List.of(
                g -> g.spawn(() -> {}),
                g -> spawn(() -> {}),
                g -> g.spawnService(() -> {}),
                g -> currentLoop().spawn(() -> {}),
                g -> currentLoop().callSoon(() -> {}),
                g -> currentLoop().callLater(ofSeconds(1), () -> {}),
                g -> CancelScope.open(scope -> {}),
                g -> Heddle.moveOnAfter(ofSeconds(1), () -> {}),
                g -> g.spawn(() -> sleep(ofSeconds(1))).cancel());
        // So often that it is compiled: what takes a spawn back, which is rare, needs more stack then than the spawn.
        ManualEngine.run(() -> {
            for (int round = 0; round < 30; round++) {
                group(g -> IntStream.range(0, 2_000).forEach(_ -> g.spawn(() -> {})));
            }
        });
        // What the JDK links at the end of the stack may fail inside of its own pinning, which then is never ended: the
        // thread stays on its loop, and no wait of it lets others run. So all is linked here, with stack to spare.
        ManualEngine.run(() -> calls.forEach(call -> group(g -> {
            call.accept(g);
            g.cancel("linked");
        })));
        for (Consumer<TaskGroup> call : calls) {
            ManualEngine.run(() -> {
                Task<?> self = currentTask();
                group(g -> {
                    atTheEndOfTheStack(() -> call.accept(g));
                    endPinning();
                });
                self.children().endWithOwner();
                checkpoint(); // what belongs to the loop ends here
                assertEquals(1, currentLoop().allTasks().size());
                assertEquals(1, currentLoop().statistics().aliveTasks());
            });
        }
    }

    /**
     * The JDK pins a thread while it starts or unparks another. Where it had no stack to end that, the thread would keep
     * its loop at its next wait, for ever.
     */
    private static void endPinning() {
        try {
            while (true) {
                Continuation.unpin();
            }
        } catch (IllegalStateException _) {
            // It is pinned no more.
        }
    }

    /** Tries a call again and again, each time with a little more stack, until there is enough of it. */
    private static boolean atTheEndOfTheStack(Runnable call) {
        try {
            if (atTheEndOfTheStack(call)) {
                return true;
            }
        } catch (StackOverflowError e) {
            // Then the call is made here, a frame above.
        }
        call.run();
        return true;
    }

    private static boolean isBehind(Throwable cause, Throwable told) {
        return told != null && (told == cause || isBehind(cause, told.getCause()));
    }

    private static FutureTask<TaskCancelledException> inThread(Task<?> task) {
        var joiner = new FutureTask<>(() -> assertThrows(TaskCancelledException.class, task::join));
        Thread.ofPlatform().start(joiner);
        return joiner;
    }

    private static final class FailingTimer extends Timer {
        private final Throwable failure;

        FailingTimer(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void fire() {
            throw Throwables.unchecked(failure);
        }
    }

    /** An engine that works until it is told to fail. */
    private static final class Failing extends ForwardingEngine {
        private volatile int times;
        private volatile Throwable failure;
        private volatile Throwable wakeFailure;
        private volatile boolean wakeFailed;
        private volatile boolean closed;

        Failing() {
            super(new NioEngine());
        }

        void fail(int times, Throwable failure) {
            this.failure = failure;
            this.times = times;
        }

        void failWake(Throwable failure) {
            wakeFailure = failure;
        }

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            if (times > 0) {
                times--;
                throw Throwables.unchecked(failure);
            }
            return super.poll(timeoutNanos, external);
        }

        @Override
        public void wake() {
            if (wakeFailure != null) {
                wakeFailed = true;
                throw Throwables.unchecked(wakeFailure);
            }
            super.wake();
        }

        @Override
        public void close() {
            super.close();
            closed = true;
        }
    }
}
