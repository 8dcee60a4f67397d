package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A select does exactly one of its alternatives. */
final class SelectTest {

    private final Channel<Integer> numbers = Channel.of(1);
    private final Channel<String> words = Channel.of(1);

    private Select<String> select() {
        return Select.<String>of().receive(numbers, n -> "got " + n).send(words, "x", () -> "sent");
    }

    // ---- exactly one ----

    @Test
    void whatIsReadyIsDoneAtOnceAndNothingElse() {
        ManualEngine.run(() -> {
            words.send("full");
            numbers.send(1);
            assertEquals("got 1", select().get());
            assertEquals("full", words.receive());
            assertEquals("sent", select().get());
            assertEquals("x", words.receive());
            assertNothingWaits();
        });
    }

    @Test
    void firstThatComesWinsAndTheOthersAreLeft() {
        ManualEngine.run(() -> {
            words.send("full");
            Task<String> first = spawn(() -> select().get());
            checkpoint();
            numbers.send(7);
            assertEquals("got 7", first.join());
            assertNothingWaits();
            Task<String> second = spawn(() -> select().get());
            checkpoint();
            assertEquals("full", words.receive());
            assertEquals("sent", second.join());
            assertEquals("x", words.receive());
            assertNothingWaits();
        });
    }

    @Test
    void whicheverComesWinsWhereverItIsListed() {
        for (int which = 0; which < 5; which++) {
            for (int rotation = 0; rotation < 5; rotation++) {
                assertEquals(which, winner(which, rotation), "rotated by " + rotation);
            }
        }
    }

    private static int winner(int which, int rotation) {
        return ManualEngine.get(() -> {
            Channel<Integer> source = Channel.of(1);
            Channel<Integer> sink = Channel.of(0);
            WorkQueue<Integer> queue = WorkQueue.fifo(1);
            Event event = Event.create();
            Promise<Integer> promise = new Promise<>();
            List<Consumer<Select<Integer>>> ways = List.of(
                    select -> select.receive(source, n -> 0),
                    select -> select.send(sink, 1, () -> 1),
                    select -> select.receive(queue, n -> 2),
                    select -> select.await(event, () -> 3),
                    select -> select.join(promise, n -> 4));
            List<Action> comings = List.of(() -> source.send(1), sink::receive, () -> queue.put(1), event::set,
                    () -> promise.complete(1));
            Select<Integer> select = Select.of();
            for (int i = 0; i < ways.size(); i++) {
                ways.get((i + rotation) % ways.size()).accept(select);
            }
            Task<Integer> selecting = spawn(select::get);
            checkpoint();
            comings.get(which).run();
            return selecting.join();
        });
    }

    @Test
    void everyThingIsTriedUnderItsOwnLock() {
        Event event = Event.create();
        WorkQueue<String> queue = WorkQueue.fifo(1);
        Select<String> select = select().await(event, () -> "set").send(queue, "x", () -> "put");
        for (OrderedLock lock : List.of(numbers.core.lock, words.core.lock, event.lock, queue.core.lock)) {
            var selecting = new FutureTask<>(select::tryGet);
            lock.lock();
            try {
                Thread thread = Thread.ofPlatform().start(selecting);
                while (!lock.hasQueuedThread(thread)) {
                    assertFalse(selecting.isDone(), "it did not need the lock");
                    Thread.onSpinWait();
                }
            } finally {
                lock.unlock();
            }
            assertDoesNotThrow(() -> selecting.get());
            assertFalse(lock.isLocked());
        }
    }

    @Test
    void locksAreTakenInTheOrderOfTheirMakingHoweverTheThingsAreListed() {
        OrderedLock older = numbers.core.lock;
        OrderedLock newer = words.core.lock;
        Select<String> select = Select.<String>of().send(words, "x", () -> "sent").receive(numbers, n -> "got " + n);
        var selecting = new FutureTask<>(select::tryGet);
        older.lock();
        try {
            Thread thread = Thread.ofPlatform().start(selecting);
            while (!older.hasQueuedThread(thread)) {
                Thread.onSpinWait();
            }
            assertFalse(newer.isLocked());
        } finally {
            older.unlock();
        }
        assertEquals(Optional.of("sent"), assertDoesNotThrow(() -> selecting.get()));
    }

    @Test
    void twoThingsAtOnceStillMakeOneWinner() {
        ManualEngine.runInManyOrders(200, () -> {
            Channel<Integer> a = Channel.of(1);
            Channel<Integer> b = Channel.of(1);
            Task<Integer> selecting = spawn(() -> Select.<Integer>of().receive(a, n -> n).receive(b, n -> n).get());
            List<Task<Void>> senders = List.of(spawn(() -> a.send(1)), spawn(() -> b.send(2)));
            int got = selecting.join();
            senders.forEach(Task::join);
            assertEquals(got == 1 ? List.of(0, 1) : List.of(1, 0),
                    List.of(a.statistics().size(), b.statistics().size()));
        });
    }

    @Test
    void twoSelectsThatFaceEachOtherMeet() {
        ManualEngine.runInManyOrders(100, () -> {
            Channel<Integer> there = Channel.of(0);
            Channel<Integer> back = Channel.of(0);
            Task<String> one = spawn(() -> Select.<String>of()
                    .send(there, 1, () -> "sent there")
                    .receive(back, n -> "got back")
                    .get());
            Task<String> two = spawn(() -> Select.<String>of()
                    .send(back, 2, () -> "sent back")
                    .receive(there, n -> "got there")
                    .get());
            String both = one.join() + ", " + two.join();
            assertTrue(Set.of("sent there, got there", "got back, sent back").contains(both), both);
            assertEquals(new ChannelCore.Statistics(0, 0, 0, 0, 0, false), there.statistics());
            assertEquals(new ChannelCore.Statistics(0, 0, 0, 0, 0, false), back.statistics());
        });
    }

    @Test
    void sameChannelTwiceHasOneWinner() {
        ManualEngine.runInManyOrders(20, () -> {
            Channel<Integer> channel = Channel.of(0);
            Task<Integer> twice = spawn(
                    () -> Select.<Integer>of().receive(channel, n -> n).receive(channel, n -> -n).get());
            checkpoint();
            channel.send(3);
            assertEquals(3, Math.abs(twice.join()));
            assertEquals(0, channel.statistics().waitingReceivers());
        });
    }

    @Test
    void selectDoesNotMeetItself() {
        ManualEngine.run(() -> {
            Channel<Integer> channel = Channel.of(0);
            Select<String> both = Select.<String>of().send(channel, 1, () -> "sent").receive(channel, n -> "got " + n);
            assertEquals(Optional.empty(), both.getWithin(ofSeconds(1)));
            Task<String> task = spawn(both::get);
            checkpoint();
            assertEquals(1, channel.receive());
            assertEquals("sent", task.join());
            assertEquals(new ChannelCore.Statistics(0, 0, 0, 0, 0, false), channel.statistics());
        });
    }

    // ---- order ----

    @Test
    void ofSeveralReadyEachIsPickedNowAndThen() {
        ManualEngine.run(() -> {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                numbers.trySend(1);
                seen.add(select().get());
                words.tryReceive();
            }
            assertEquals(Set.of("got 1", "sent"), seen);
        });
    }

    @Test
    void ofTwoReadyEachIsPickedEquallyOftenWhereverTheOthersAreListed() {
        ManualEngine.run(() -> {
            Channel<Integer> empty = Channel.of(1);
            Channel<Integer> one = Channel.of(1);
            Channel<Integer> two = Channel.of(1);
            Select<Integer> select = Select.of();
            List.of(one, empty, empty, two, empty).forEach(channel -> select.receive(channel, n -> n));
            int ones = 0;
            for (int i = 0; i < 1_000; i++) {
                one.trySend(1);
                two.trySend(0);
                ones += select.get();
            }
            assertTrue(ones > 450 && ones < 550, ones + " of 1,000");
        });
    }

    @Test
    void seedPicksTheSameAgain() {
        assertEquals(picks(1), picks(1));
        assertFalse(picks(1).equals(picks(2)));
    }

    private static List<Integer> picks(long seed) {
        return Heddle.run(ManualEngine.config(seed), () -> {
            Channel<Integer> one = Channel.of(100);
            Channel<Integer> two = Channel.of(100);
            List<Integer> picks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                one.send(1);
                two.send(2);
                picks.add(Select.<Integer>of().receive(one, n -> n).receive(two, n -> n).get());
            }
            return picks;
        });
    }

    @Test
    void inOrderThePickIsTheFirstListed() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 20; i++) {
                numbers.send(1);
                assertEquals("got 1", Select.<String>inOrder()
                        .receive(numbers, n -> "got " + n)
                        .send(words, "x", () -> "sent")
                        .get());
            }
        });
    }

    // ---- joining ----

    @Test
    void taskOrAPromiseThatEndsWins() {
        ManualEngine.run(() -> {
            Task<String> slow = spawn(() -> {
                sleep(ofSeconds(5));
                return "slow";
            });
            Promise<String> promise = new Promise<>();
            Select<String> either = Select.<String>of().receive(numbers, n -> "got " + n).join(slow, s -> s)
                    .join(promise, s -> s);
            assertEquals(Optional.empty(), either.getWithin(ofSeconds(1)));
            Task<String> waiting = spawn(either::get);
            checkpoint();
            promise.complete("kept");
            assertEquals("kept", waiting.join());
            assertEquals(Optional.of("kept"), either.tryGet());
            assertEquals("slow", Select.<String>of()
                    .receive(numbers, n -> "got " + n)
                    .join(slow, s -> s)
                    .get());
            assertEquals(0, numbers.statistics().waitingReceivers());
        });
    }

    @Test
    void taskThatFailsFailsTheSelect() {
        ManualEngine.run(() -> {
            Promise<String> failing = new Promise<>();
            Task<String> waiting = spawn(() -> Select.<String>of()
                    .receive(numbers, n -> "got " + n)
                    .join(failing, s -> s)
                    .get());
            checkpoint();
            failing.fail(new IllegalStateException("broken"));
            assertEquals("broken", assertThrows(IllegalStateException.class, waiting::join).getMessage());
            assertEquals(0, numbers.statistics().waitingReceivers());
        });
    }

    @Test
    void taskCannotSelectItsOwnEnd() {
        ManualEngine.run(() -> {
            Select<String> own = Select.<String>of().receive(numbers, n -> "got " + n).join(currentTask(), s -> "me");
            assertThrows(IllegalStateException.class, own::get);
            assertNothingWaits();
        });
    }

    @Test
    void ofTwoThatEndBeforeItsTurnTheFirstToEndIsChosenThoughItIsListedLast() {
        ManualEngine.run(() -> {
            var listedFirst = new Promise<String>();
            var endsFirst = new Promise<String>();
            Select<String> both = Select.<String>of().join(listedFirst, it -> it).join(endsFirst, it -> it);
            Task<String> chooses = spawn(both::get);
            checkpoint();
            endsFirst.complete("ended first");
            listedFirst.complete("ended second");
            assertEquals("ended first", chooses.join());
        });
    }

    @Test
    void whatIsJoinedIsAskedUnderNoLockSinceItMayRunCodeOfUsers() {
        ManualEngine.run(() -> {
            Asked asked = new Asked(words.core.lock);
            Select<String> select = Select.<String>of().receive(words, word -> word).add(asked);
            assertEquals(Optional.empty(), select.getWithin(ofSeconds(1)));
            assertEquals(List.of("asked", "left"), asked.calls);
            words.send("ready");
            assertEquals("ready", select.get());
            assertEquals(2, asked.calls.size());
            assertNothingWaits();
        });
    }

    @Test
    void whatBecomesReadyWhileTheJoinedAreAskedIsDoneAndTheyAreLeft() {
        ManualEngine.run(() -> {
            var sends = new Asked(words.core.lock, new ArrayList<>(), () -> words.send("in between"));
            assertEquals("in between", Select.<String>of().receive(words, word -> word).add(sends).get());
            assertEquals(List.of("asked", "left"), sends.calls);
            var closes = new Asked(words.core.lock, new ArrayList<>(), words::close);
            assertThrows(
                    ClosedException.class,
                    () -> Select.<String>of().receive(words, word -> word).add(closes).get());
            assertEquals(List.of("asked", "left"), closes.calls);
            assertNothingWaits();
        });
    }

    @Test
    void joinedAreLeftThoughTheAttemptBehindThemFails() {
        ManualEngine.run(() -> {
            words.send("full");
            var closes = new Asked(words.core.lock, new ArrayList<>(), words::close);
            assertThrows(
                    ClosedException.class,
                    () -> Select.<String>of().send(words, "x", () -> "sent").add(closes).get());
            assertEquals(List.of("asked", "left"), closes.calls);
            assertNothingWaits();
        });
    }

    /** Something without a lock that never comes. */
    private record Asked(OrderedLock other, List<String> calls, Runnable onEnqueue) implements Clause<String> {

        Asked(OrderedLock other) {
            this(other, new ArrayList<>(), () -> {});
        }

        @Override
        public @Nullable OrderedLock lock() {
            return null;
        }

        @Override
        public boolean attempt() {
            return false;
        }

        @Override
        public void enqueue(Waiter waiter) {
            calls.add(other.isHeldByCurrentThread() ? "asked under a lock" : "asked");
            onEnqueue.run();
        }

        @Override
        public boolean leave() {
            calls.add("left");
            return false;
        }

        @Override
        public String finish() {
            throw new AssertionError("it never comes");
        }
    }

    @Test
    void taskOfAnotherLoopIsJoined() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            for (int i = 0; i < 100; i++) {
                Task<String> far = other.spawn(() -> {
                    checkpoint();
                    return "far";
                });
                assertEquals("far", Select.<String>of()
                        .receive(numbers, n -> "got " + n)
                        .join(far, s -> s)
                        .get());
            }
            assertNothingWaits();
        });
    }

    // ---- endings ----

    @Test
    void closedChannelIsReadyAndSaysSo() {
        ManualEngine.run(() -> {
            Channel<Integer> open = Channel.of(0);
            Select<Integer> select = Select.<Integer>of().receive(numbers, n -> n).receive(open, n -> n);
            numbers.send(1);
            numbers.close();
            assertEquals(1, select.get());
            assertThrows(ClosedException.class, select::get);
            assertThrows(ClosedException.class, select::tryGet);
            assertEquals(0, open.statistics().waitingReceivers());
            words.close();
            assertThrows(ClosedException.class, () -> Select.<String>of().send(words, "x", () -> "sent").get());
        });
    }

    @Test
    void closingWhileASelectWaitsEndsIt() {
        ManualEngine.run(() -> {
            Channel<Integer> open = Channel.of(0);
            Channel<Integer> sendTo = Channel.of(0);
            Task<Integer> receiving = spawn(
                    () -> Select.<Integer>of().receive(open, n -> n).receive(numbers, n -> n).get());
            Task<Integer> sending = spawn(
                    () -> Select.<Integer>of().receive(open, n -> n).send(sendTo, 1, () -> 1).get());
            checkpoint();
            numbers.fail(new IllegalStateException("gone"));
            ClosedException closed = assertThrows(ClosedException.class, receiving::join);
            assertEquals("gone", closed.getCause() == null ? "" : closed.getCause().getMessage());
            sendTo.receiver().close();
            assertThrows(BrokenException.class, sending::join);
            assertEquals(0, open.statistics().waitingReceivers());
        });
    }

    @Test
    void whatHasEndedMayGiveAResultInstead() {
        ManualEngine.run(() -> {
            Channel<Integer> other = Channel.of(1);
            Task<Integer> waiting = spawn(() -> Select.<Integer>of()
                    .receive(numbers, n -> n, () -> -1)
                    .receive(other, n -> n, () -> -2)
                    .get());
            checkpoint();
            other.close();
            assertEquals(-2, waiting.join());
            Channel<Integer> failed = Channel.of(1);
            failed.fail(new IllegalStateException("gone"));
            Select<Integer> onFailed = Select.<Integer>of().receive(failed, n -> n, () -> -1);
            assertThrows(ClosedException.class, onFailed::get);
        });
    }

    @Test
    void endsOfAChannelAndWorkQueuesAreSelectedAsWell() {
        ManualEngine.run(() -> {
            Sender<Integer> sender = numbers.sender();
            Receiver<Integer> receiver = numbers.receiver();
            WorkQueue<Integer> queue = WorkQueue.lifo(2);
            assertEquals("sent", Select.<String>of().send(sender, 1, () -> "sent").get());
            assertEquals("got 1", Select.<String>of().receive(receiver, n -> "got " + n).get());
            assertEquals("put", Select.<String>of().send(queue, 2, () -> "put").get());
            assertEquals("took 2", Select.<String>of().receive(queue, n -> "took " + n).get());
            assertEquals(1, queue.statistics().unfinished());
            queue.taskDone();
            Task<String> waiting = spawn(() -> Select.<String>of().receive(receiver, n -> "got " + n).get());
            checkpoint();
            receiver.close();
            assertThrows(ClosedException.class, waiting::join);
            assertThrows(ClosedException.class, () -> Select.<String>of()
                    .receive(receiver, n -> "got " + n)
                    .get());
        });
    }

    // ---- waiting ----

    @Test
    void limitThatPassesLeavesNothing() {
        ManualEngine.run(() -> {
            words.send("full");
            Duration start = ManualEngine.elapsed();
            assertEquals(Optional.empty(), select().getWithin(ofSeconds(2)));
            assertEquals(ofSeconds(2), ManualEngine.elapsed().minus(start));
            assertEquals(Optional.empty(), select().getWithin(Duration.ZERO));
            assertEquals(Optional.empty(), select().getWithin(ofSeconds(-1)));
            assertEquals(Optional.empty(), select().tryGet());
            assertNothingWaits();
        });
    }

    @Test
    void whatComesWithinTheLimitIsGiven() {
        ManualEngine.run(() -> {
            numbers.send(7);
            assertEquals(
                    Optional.of("got 7"),
                    Select.<String>of().receive(numbers, n -> "got " + n).getWithin(ofSeconds(1)));
        });
    }

    @Test
    void selectInACancelledScopeDoesNothingThoughItCould() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            numbers.send(7);
            scope.cancel("enough");
            assertThrows(CancelledException.class, () -> select().get());
            assertThrows(CancelledException.class, () -> select().getWithin(ofSeconds(1)));
            assertEquals(1, numbers.statistics().size());
            assertEquals(0, words.statistics().size());
        }));
    }

    @Test
    void cancelledSelectHasDoneNothing() {
        ManualEngine.run(() -> {
            words.send("full");
            Task<String> task = spawn(() -> select().get());
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertNothingWaits();
            numbers.send(1);
            assertEquals(1, numbers.receive());
        });
    }

    @Test
    @Tag("full")
    void oneMillionSelectsInVainLeaveNothing() {
        ManualEngine.run(() -> {
            Task<Void> idle = spawn(() -> sleep(Duration.ofDays(1)));
            Promise<Integer> never = new Promise<>();
            Select<Integer> select = Select.<Integer>of()
                    .receive(numbers, n -> n)
                    .join(never, n -> n)
                    .join(idle, nothing -> 0);
            long before = usedHeap();
            for (int i = 0; i < 1_000_000; i++) {
                select.getWithin(ofNanos(1));
            }
            assertNothingWaits();
            assertTrue(usedHeap() - before < 8_000_000, "it holds on to heap");
            idle.cancel();
        });
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void reportListsWhatASelectWaitsFor() {
        ManualEngine.run(() -> {
            words.send("full");
            Promise<Integer> promise = new Promise<>();
            Event event = Event.create();
            Task<String> task = spawn(
                    () -> select().join(promise, n -> "joined").await(event, () -> "set").get());
            checkpoint();
            assertEquals(
                    Optional.of("selecting: receiving from a channel of 1, or sending to a channel of 1, or joining "
                            + promise + ", or " + event.waiting),
                    task.waitingFor());
            task.cancel();
        });
    }

    // ---- misuse ----

    @Test
    void selectWithoutClausesIsRefused() {
        assertThrows(IllegalStateException.class, () -> Select.of().get());
        assertThrows(IllegalStateException.class, () -> Select.of().tryGet());
    }

    @Test
    void selectInUseIsBusy() {
        ManualEngine.run(() -> {
            Select<Integer> select = Select.<Integer>of().receive(numbers, n -> n);
            Task<Integer> first = spawn(select::get);
            checkpoint();
            assertThrows(BusyException.class, select::get);
            numbers.send(1);
            assertEquals(1, first.join());
            assertEquals(Optional.empty(), select.tryGet());
        });
    }

    @Test
    void nullIsRefusedWhenTheSelectIsMade() {
        assertThrows(
                NullPointerException.class,
                () -> Select.<Integer>of().send(numbers, ElementQueueContract.nothing(), () -> 1));
        assertThrows(
                NullPointerException.class,
                () -> Select.<Integer>of().receive(numbers, ElementQueueContract.nothing()));
        assertThrows(
                NullPointerException.class,
                () -> Select.<Integer>of().join(ElementQueueContract.<Task<Integer>>nothing(), n -> n));
    }

    private void assertNothingWaits() {
        assertEquals(0, numbers.statistics().waitingReceivers());
        assertEquals(0, words.statistics().waitingSenders());
    }

    // ---- events ----

    @Test
    void eventThatIsSetIsReady() {
        ManualEngine.run(() -> {
            Event stop = Event.create();
            stop.set();
            assertEquals("stopped", Select.<String>of().receive(numbers, n -> "got " + n).await(stop, () -> "stopped")
                    .get());
            assertNothingWaits();
        });
    }

    @Test
    void eventWakesASelectAlsoIfItIsClearedAtOnce() {
        ManualEngine.run(() -> {
            Event stop = Event.create();
            Event other = Event.create();
            Task<String> selecting = spawn(() -> Select.<String>of()
                    .receive(numbers, n -> "got " + n)
                    .await(other, () -> "other")
                    .await(stop, () -> "stopped")
                    .get());
            checkpoint();
            assertEquals(1, stop.statistics().waiting());
            stop.set();
            stop.clear();
            other.set();
            assertEquals("stopped", selecting.join());
            assertEquals(0, stop.statistics().waiting() + other.statistics().waiting());
            assertNothingWaits();
        });
    }

    @Test
    void selectThatAnotherThingDecidedLeavesTheEvent() {
        ManualEngine.run(() -> {
            Event stop = Event.create();
            Task<String> selecting = spawn(() -> Select.<String>of()
                    .await(stop, () -> "stopped")
                    .receive(numbers, n -> "got " + n)
                    .get());
            checkpoint();
            numbers.send(1);
            stop.set();
            assertEquals("got 1", selecting.join());
            assertEquals(0, stop.statistics().waiting());
            assertEquals(Optional.empty(), Select.<String>of().await(Event.create(), () -> "never").tryGet());
        });
    }
}
