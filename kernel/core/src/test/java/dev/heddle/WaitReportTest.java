package dev.heddle;

import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.WaitReport.Kind;
import dev.heddle.WaitReport.Wait;
import dev.heddle.internal.diagnosis.LoopView;
import dev.heddle.internal.diagnosis.WaitTexts;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kitchen.Fork;
import kitchen.Table;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A report names who waits for what, held by whom, where; cycles first, and only cycles as cycles. */
final class WaitReportTest {

    private final Config config = Config.DEFAULT
            .withSignals(false)
            .withShutdownTimeout(ofMillis(20))
            .withBlockedAfter(ofMillis(0))
            .withFailureHandler((what, failure) -> {});

    // ---- cycles ----

    @Test
    void tasksThatTakeTwoLocksOfHeddleCrosswiseAreACycleWithNamesLocksAndLines() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        WaitReport report = reportOf(() -> {
            spawn("ann", Table.eat(both, noodles, fork));
            spawn("bob", Table.eat(both, fork, noodles));
            awaitCycle();
        });
        assertCycle(report, Kind.LOCK, "task ann (loop, running)", "task bob (loop, running)");
        Wait ann = waitOf(report.cycles().getFirst(), "ann");
        assertEquals("the fork", ann.what());
        assertEquals(List.of("task bob (loop, running)"), ann.holders());
        assertTrue(ann.line().orElseThrow().toString().contains("kitchen.Fork.take(Fork.java:"), ann.toString());
        assertTrue(ann.stack().toString().contains("kitchen.Table.lambda$eat"), ann::toString);
        assertTrue(ann.spawnedAt().contains("WaitReportTest.java:"), ann::toString);
        String page = report.toString();
        assertTrue(page.contains("cycle of 2: each waits for the next, the last for the first"), page);
        assertTrue(page.contains("  task ann (loop, running): the fork, held by task bob (loop, running)"), page);
    }

    @Test
    void tasksThatTakeTwoMutexesCrosswiseAreACycle() {
        Mutex noodles = Mutex.named("noodles");
        Mutex fork = Mutex.named("fork");
        CyclicBarrier both = new CyclicBarrier(2);
        WaitReport report = reportOf(() -> {
            spawn("ann", Table.eat(both, noodles, fork));
            spawn("bob", Table.eat(both, fork, noodles));
            awaitCycle();
        });
        assertCycle(report, Kind.LOCK, "task ann (loop, running)", "task bob (loop, running)");
        Wait ann = waitOf(report.cycles().getFirst(), "ann");
        assertEquals("acquiring mutex fork", ann.what());
        assertFalse(ann.limited(), ann::toString);
        assertTrue(ann.line().orElseThrow().toString().contains("kitchen.Table."), ann::toString);
    }

    @Test
    void taskAndThreadThatTakeTwoMutexesCrosswiseAreACycle() throws Exception {
        Mutex noodles = Mutex.named("noodles");
        Mutex fork = Mutex.named("fork");
        CyclicBarrier both = new CyclicBarrier(2);
        Thread cook = start("cook", Table.eat(both, fork, noodles));
        WaitReport report = reportOf(() -> {
            spawn("guest", Table.eat(both, noodles, fork));
            awaitCycle();
        });
        cook.join();
        assertCycle(report, Kind.LOCK, "task guest (loop, running)", "thread cook");
    }

    @Test
    void tasksThatTakeTwoReentrantLocksCrosswiseAreACycle() {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CyclicBarrier both = new CyclicBarrier(2);
        WaitReport report = reportOf(() -> {
            spawn("ann", Table.eat(both, one, other));
            spawn("bob", Table.eat(both, other, one));
            awaitCycle();
        });
        assertCycle(report, Kind.LOCK, "task ann (loop, running)", "task bob (loop, running)");
        Wait ann = waitOf(report.cycles().getFirst(), "ann");
        assertTrue(ann.what().startsWith("ReentrantLock@"), ann.what());
        assertTrue(ann.line().orElseThrow().toString().contains("Table.java:"), ann::toString);
    }

    @Test
    void tasksThatEnterTwoMonitorsCrosswiseAreACycle() {
        Object one = new StringBuffer();
        Object other = new StringBuffer();
        CyclicBarrier both = new CyclicBarrier(2);
        WaitReport report = reportOf(() -> {
            // Nothing ends the wait for a monitor, so the tasks belong to the loop, which leaves them behind.
            Heddle.currentLoop().spawn(Table.eat(both, one, other));
            Heddle.currentLoop().spawn(Table.eat(both, other, one));
            awaitCycle();
        });
        assertCycle(report, Kind.MONITOR, "task task-2 (loop, running)", "task task-3 (loop, running)");
        Wait ann = waitOf(report.cycles().getFirst(), "task-2");
        assertTrue(ann.what().startsWith("the monitor of StringBuffer@"), ann.what());
        assertTrue(ann.line().orElseThrow().toString().contains("Table.java:"), ann::toString);
    }

    @Test
    void taskAndThreadThatTakeTwoLocksCrosswiseAreACycle() throws Exception {
        ReentrantLock one = new ReentrantLock();
        Fork other = new Fork("the fork");
        CountDownLatch both = new CountDownLatch(2);
        Thread cook = Thread.ofPlatform().daemon().name("cook").start(() -> {
            other.take();
            both.countDown();
            quietly(both::await);
            one.lock();
            one.unlock();
            other.putBack();
        });
        WaitReport report = reportOf(() -> {
            spawn("guest", () -> {
                one.lock();
                try {
                    both.countDown();
                    both.await();
                    other.take();
                } finally {
                    one.unlock();
                }
            });
            awaitCycle();
        });
        cook.join();
        assertCycle(report, Kind.LOCK, "task guest (loop, running)", "thread cook");
    }

    @Test
    void threadsAloneAreACycleToo() throws Exception {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CyclicBarrier both = new CyclicBarrier(2);
        Thread ann = start("ann", Table.eat(both, one, other));
        Thread bob = start("bob", Table.eat(both, other, one));
        WaitReport report = reportOf(WaitReportTest::awaitCycle);
        ann.interrupt();
        ann.join();
        bob.join();
        assertCycle(report, Kind.LOCK, "thread ann", "thread bob");
    }

    @Test
    void tasksThatJoinEachOtherAreACycle() {
        WaitReport report = reportOf(() -> {
            AtomicReference<Task<Void>> second = new AtomicReference<>();
            Task<Void> first = spawn("first", () -> {
                second.get().join();
            });
            second.set(spawn("second", () -> {
                first.join();
            }));
            awaitCycle();
        });
        assertCycle(report, Kind.TASK, "task first (loop, running)", "task second (loop, running)");
    }

    @Test
    void taskThatWaitsForAGroupThatWaitsForItIsACycle() {
        WaitReport report = reportOf(() -> {
            AtomicReference<Task<?>> owner = new AtomicReference<>();
            spawn("owner", () -> {
                owner.set(currentTask());
                group(g -> {
                    g.spawn("member", () -> {
                        owner.get().join();
                    });
                });
            });
            awaitCycle();
        });
        assertEquals(1, report.cycles().size(), report::toString);
        List<Wait> cycle = report.cycles().getFirst();
        assertEquals(Kind.GROUP, waitOf(cycle, "owner").kind());
        assertEquals(List.of("task member (loop, running)"), waitOf(cycle, "owner").holders());
        assertEquals(Kind.TASK, waitOf(cycle, "member").kind());
    }

    @Test
    void offloadedBodyIsPartOfTheCycle() {
        ReentrantLock lock = new ReentrantLock();
        WaitReport report = reportOf(() -> {
            spawn("owner", () -> {
                lock.lock();
                try {
                    Heddle.offload(() -> lock.lockInterruptibly());
                } finally {
                    lock.unlock();
                }
            });
            awaitCycle();
        });
        assertEquals(
                Set.of("task owner (loop, running)", "thread offloaded by owner"),
                who(report.cycles().getFirst()));
    }

    @Test
    void bodyOnAWorkerIsPartOfTheCycle() {
        ReentrantLock lock = new ReentrantLock();
        try (WorkerPool pool = WorkerPool.of(1)) {
            WaitReport report = reportOf(() -> {
                spawn("owner", () -> {
                    lock.lock();
                    try {
                        pool.call(() -> lock.lockInterruptibly());
                    } finally {
                        lock.unlock();
                    }
                });
                awaitCycle();
            });
            assertEquals(
                    Set.of("task owner (loop, running)", "thread worker-1"),
                    who(report.cycles().getFirst()));
        }
    }

    @Test
    void fivePhilosophersAreOneCycleOfFive() {
        CyclicBarrier all = new CyclicBarrier(5);
        List<Fork> forks = IntStream.range(0, 5).mapToObj(i -> new Fork("fork " + i)).toList();
        WaitReport report = reportOf(() -> {
            for (int i = 0; i < 5; i++) {
                spawn("philosopher " + i, Table.eat(all, forks.get(i), forks.get((i + 1) % 5)));
            }
            awaitCycle();
        });
        assertEquals(1, report.cycles().size(), report::toString);
        List<Wait> cycle = report.cycles().getFirst();
        assertEquals(
                IntStream.range(0, 5).mapToObj(i -> "philosopher " + i + ": fork " + (i + 1) % 5).toList(),
                cycle.stream()
                        .map(wait -> wait.who().replace("task ", "").replace(" (loop, running)", "") + ": "
                                + wait.what())
                        .toList());
    }

    @Test
    void cycleAcrossLoopsIsSeen() {
        Fork one = new Fork("one");
        Fork other = new Fork("other");
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicReference<WaitReport> report = new AtomicReference<>();
        Heddle.run(config.withLoops(2), () -> {
            Task<Void> near = spawn(Table.eat(both, one, other));
            Task<Void> far = Heddle.currentLoop().siblings().get(1).spawn(Table.eat(both, other, one));
            awaitCycle();
            report.set(WaitReport.capture());
            near.cancel();
            far.join();
        });
        Set<String> who = who(report.get().cycles().getFirst());
        assertTrue(who.toString().contains("(loop-0, running)"), who::toString);
        assertTrue(who.toString().contains("(loop-1, running)"), who::toString);
    }

    @Test
    void whoWaitsBehindACycleIsNotInIt() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        WaitReport report = reportOf(() -> {
            Task<Void> ann = spawn("ann", Table.eat(both, noodles, fork));
            spawn("bob", Table.eat(both, fork, noodles));
            spawn("behind", () -> {
                ann.join();
            });
            awaitCycle();
        });
        assertCycle(report, Kind.LOCK, "task ann (loop, running)", "task bob (loop, running)");
        assertEquals(List.of("task ann (loop, running)"), waitOf(report.waits(), "behind").holders());
    }

    // ---- no cycles ----

    @Test
    void producersAndConsumersAreNoCycle() {
        Channel<String> there = Channel.of(0);
        Channel<String> back = Channel.of(0);
        WaitReport report = reportOf(() -> {
            spawn("producer", () -> {
                there.receive();
            });
            spawn("consumer", () -> {
                back.receive();
            });
            sleep(ofMillis(20));
        });
        assertEquals(List.of(), report.cycles());
        assertEquals("receiving from a channel of 0", waitOf(report.waits(), "producer").what());
        assertEquals(Kind.OTHER, waitOf(report.waits(), "producer").kind());
    }

    @Test
    void sleepersAndFuturesAreNoCycle() {
        CompletableFuture<String> never = new CompletableFuture<>();
        WaitReport report = reportOf(() -> {
            spawn("sleeper", () -> sleep(ofHours(1)));
            spawn("foreign sleeper", () -> Thread.sleep(3_600_000));
            spawn("awaiting", () -> Heddle.await(never));
            spawn("getting", () -> never.get());
            sleep(ofMillis(20));
        });
        assertEquals(List.of(), report.cycles());
        assertEquals("sleeping 1 h", waitOf(report.waits(), "sleeper").what());
        assertEquals("in Thread.sleep", waitOf(report.waits(), "foreign sleeper").what());
        assertTrue(waitOf(report.waits(), "foreign sleeper").limited());
        assertTrue(waitOf(report.waits(), "awaiting").what().contains("CompletableFuture"));
        assertTrue(waitOf(report.waits(), "getting").stack().toString().contains("CompletableFuture.get"));
    }

    @Test
    void lockThatARunningThreadHoldsIsNoCycle() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch held = new CountDownLatch(1);
        Thread busy = start("busy", () -> {
            lock.lock();
            held.countDown();
            while (!enough.get()) {
                Thread.onSpinWait();
            }
            lock.unlock();
        });
        WaitReport report = reportOf(() -> {
            held.await();
            spawn("waiting", lock::lockInterruptibly);
            sleep(ofMillis(20));
        });
        enough.set(true);
        busy.join();
        assertEquals(List.of(), report.cycles());
        assertEquals(List.of("thread busy"), waitOf(report.waits(), "waiting").holders());
    }

    @Test
    void oneHolderWhoCanGoOnIsEnoughForNoCycle() {
        Fork two = new Fork("two places", 2);
        WaitReport report = reportOf(() -> {
            spawn("free", () -> {
                two.take();
                sleep(ofHours(1));
            });
            spawn("caught", () -> {
                two.take();
                two.take();
            });
            sleep(ofMillis(20));
        });
        assertEquals(List.of(), report.cycles());
        assertEquals(2, waitOf(report.waits(), "caught").holders().size());
    }

    @Test
    void placesThatAreAllHeldByThoseWhoWantMoreAreACycle() {
        Fork two = new Fork("two places", 2);
        WaitReport report = reportOf(() -> {
            for (int i = 0; i < 2; i++) {
                spawn(() -> {
                    two.take();
                    sleep(ofMillis(5));
                    two.take();
                });
            }
            awaitCycle();
        });
        assertFalse(report.cycles().isEmpty(), report::toString);
    }

    // ---- what else it tells ----

    @Test
    void waitThatADeadlineEndsSaysSo() {
        Fork fork = new Fork("the fork");
        WaitReport report = reportOf(() -> {
            fork.take();
            spawn("within", () -> new Waiter("a word").awaitWithin(ofHours(1)));
            spawn("under a deadline", () -> Heddle.timeout(ofHours(1), fork::take));
            spawn("for ever", fork::take);
            sleep(ofMillis(20));
        });
        assertTrue(waitOf(report.waits(), "within").limited());
        assertTrue(waitOf(report.waits(), "under a deadline").limited());
        assertFalse(waitOf(report.waits(), "for ever").limited());
    }

    @Test
    void waitForAThreadOfWhoseEndNobodyTellsHasNoDeadline() throws Exception {
        Mutex ledger = Mutex.named("ledger");
        var taken = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            ledger.acquire();
            taken.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                return;
            }
        });
        taken.await();
        WaitReport report = reportOf(() -> {
            spawn("for ever", ledger::acquire);
            spawn("within", () -> ledger.acquireWithin(ofHours(1)));
            sleep(ofMillis(20));
        });
        over.countDown();
        holder.join();
        assertFalse(waitOf(report.waits(), "for ever").limited());
        assertTrue(waitOf(report.waits(), "within").limited());
    }

    @Test
    void waitOfATaskSaysForHowLong() {
        ManualEngine.run(() -> {
            spawn("waiting", () -> new Waiter("a word").await());
            sleep(ofMinutes(5));
            Wait waiting = waitOf(Heddle.currentLoop().waitReport().waits(), "waiting");
            assertTrue(waiting.waited().minus(ofMinutes(5)).abs().compareTo(ofMillis(20)) <= 0, waiting::toString);
            assertTrue(waiting.toString().startsWith("task waiting (loop, running): a word, for 5 min"),
                    waiting::toString);
        });
    }

    @Test
    void lockOfATaskThatHasEndedSaysSo() {
        Fork fork = new Fork("the fork");
        WaitReport report = reportOf(() -> {
            spawn("careless", fork::take).join();
            spawn("waiting", fork::take);
            sleep(ofMillis(20));
        });
        assertEquals(List.of("task careless (loop, succeeded)"), waitOf(report.waits(), "waiting").holders());
    }

    @Test
    void waitForANotifyIsNoMonitorThatSomebodyHolds() {
        Object bell = new StringBuffer();
        WaitReport report = reportOf(() -> {
            spawn("listening", () -> {
                synchronized (bell) {
                    bell.wait();
                }
            });
            sleep(ofMillis(20));
        });
        Wait listening = waitOf(report.waits(), "listening");
        assertEquals(Kind.NOTIFY, listening.kind());
        assertTrue(listening.what().matches("a notify of StringBuffer@.*|in Object.wait"), listening.what());
    }

    @Test
    @Tag("full")
    void starvedLoopIsNamedWithWhatHoldsIt() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch holding = new CountDownLatch(1);
        try (Loop loop = Loop.start(config.withName("held"))) {
            Task<Void> hog = loop.spawn(() -> hold(holding, enough));
            holding.await();
            WaitReport report = loop.waitReport();
            enough.set(true);
            assertEquals(1, report.starved().size());
            assertEquals("held", report.starved().getFirst().loop());
            assertEquals("task task-1 (held, running)", report.starved().getFirst().heldBy());
            assertTrue(report.starved().getFirst().stack().toString().contains("WaitReportTest.hold"));
            assertTrue(
                    report.toString().contains("starved: held does not answer; held by task task-1 (held, running)"));
            hog.join();
        }
    }

    private static void hold(CountDownLatch holding, AtomicBoolean enough) {
        holding.countDown();
        while (!enough.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void toStringThatFailsDoesNotFailTheReport() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("mine");
            }
        };
        WaitReport report = reportOf(() -> {
            spawn("waiting", () -> new Waiter(broken).await());
            sleep(ofMillis(20));
        });
        assertEquals("something whose toString() fails", waitOf(report.waits(), "waiting").what());
    }

    @Test
    void holdersThatFailDoNotFailTheReport() {
        HeldResource broken = () -> {
            throw new IllegalStateException("mine");
        };
        WaitReport report = reportOf(() -> {
            spawn("waiting", () -> new Waiter(broken).await());
            sleep(ofMillis(20));
        });
        assertEquals(List.of(), waitOf(report.waits(), "waiting").holders());
        assertTrue(report.toString().contains("holder unknown"), report::toString);
    }

    @Test
    void longListIsCutAndTheRestCounted() {
        WaitReport report = reportOf(() -> {
            for (int i = 0; i < WaitTexts.MAX + 20; i++) {
                spawn(() -> new Waiter("nothing").await());
            }
            sleep(ofMillis(20));
        });
        assertEquals(WaitTexts.MAX, report.waits().size());
        assertTrue(report.leftOut() >= 20, report::toString);
        assertTrue(report.toString().contains("\n  ... and " + report.leftOut() + " more"), report::toString);
    }

    @Test
    void whatIsInACycleIsNotCountedAgain() {
        Fork noodles = new Fork("the noodles");
        Fork fork = new Fork("the fork");
        CyclicBarrier both = new CyclicBarrier(2);
        try (Loop loop = Loop.start(config)) {
            for (int i = 0; i < WaitTexts.MAX; i++) {
                loop.spawn(() -> new Waiter("nothing").await());
            }
            loop.spawn(Table.eat(both, noodles, fork));
            loop.spawn(Table.eat(both, fork, noodles));
            long start = System.nanoTime();
            while (loop.waitReport().cycles().isEmpty() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
                Thread.onSpinWait();
            }
            WaitReport report = WaitTexts.report(List.of(loop));
            assertEquals(1, report.cycles().size(), report::toString);
            assertEquals(
                    0,
                    report.waits().stream().filter(wait -> wait.what().startsWith("the ")).filter(wait -> wait.who()
                            .startsWith("task")).count());
        }
    }

    @Test
    void soManyTasksAreLookedAtAndTheRestCounted() {
        int tasks = LoopView.MAX_TASKS + 500;
        AtomicReference<LoopView> view = new AtomicReference<>();
        Heddle.run(config, () -> {
            for (int i = 0; i < tasks; i++) {
                spawn(() -> new Waiter("nothing").await());
            }
            Heddle.checkpoint();
            view.set(LoopView.of(Heddle.currentLoop()));
        });
        assertEquals(LoopView.MAX_TASKS, view.get().threads().size());
        assertEquals(501, view.get().leftOut());
    }

    @Test
    void reportNamesTheTasksOfAllLoopsToAPlatformThread() {
        try (Loop loop = Loop.start(config.withName("asked"))) {
            loop.spawn(() -> new Waiter("a word").await());
            long start = System.nanoTime();
            while (WaitReport.capture().waits().stream().noneMatch(wait -> wait.what().equals("a word"))) {
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
            }
        }
    }

    @Test
    void cancelledTaskMayAskToo() {
        AtomicReference<WaitReport> report = new AtomicReference<>();
        Heddle.run(config, () -> group(g -> {
            g.cancel("enough");
            report.set(WaitReport.capture());
        }));
        assertEquals(List.of(), report.get().starved());
    }

    // ---- helpers ----

    private interface Step {
        void run() throws Exception;
    }

    /** Runs a body, takes the report of all loops where it ends, and cancels what is left. */
    private WaitReport reportOf(Action body) {
        AtomicReference<WaitReport> report = new AtomicReference<>();
        Heddle.run(config, () -> {
            body.run();
            report.set(WaitReport.capture());
        });
        return report.get();
    }

    private static void awaitCycle() {
        long start = System.nanoTime();
        while (WaitReport.capture().cycles().isEmpty()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5),
                    () -> "no cycle in: " + WaitReport.capture());
            sleep(ofMillis(2));
        }
    }

    private static void assertCycle(WaitReport report, Kind kind, String... who) {
        assertEquals(1, report.cycles().size(), report::toString);
        List<Wait> cycle = report.cycles().getFirst();
        assertEquals(Set.of(who), who(cycle));
        List<Kind> kinds = new ArrayList<>();
        cycle.forEach(wait -> kinds.add(wait.kind()));
        assertEquals(List.of(kind, kind), kinds);
    }

    private static Set<String> who(List<Wait> waits) {
        return waits.stream().map(Wait::who).collect(Collectors.toSet());
    }

    private static Wait waitOf(List<Wait> waits, String name) {
        return waits.stream()
                .filter(wait -> wait.who().startsWith("task " + name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + waits));
    }

    private static Thread start(String name, Action body) {
        return Thread.ofPlatform().daemon().name(name).start(() -> quietly(body::run));
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            // An interrupt ends the wait, and that is all that a test wants of it.
        }
    }
}
