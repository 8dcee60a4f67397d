package dev.heddle.internal.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.TaskPool;
import dev.heddle.TaskPoolStatistics;
import dev.heddle.WorkerPool;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ChannelStatistics;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.ConcurrencyLimiterStatistics;
import dev.heddle.sync.Mutex;
import java.lang.ref.Reference;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kitchen.Pantry;
import kitchen.Turnstile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PartsTest {

    @BeforeEach
    void nothingIsLeftOfOtherTests() {
        Parts.forgetAll();
    }

    private static List<Part.View> views(Predicate<Part.View> which) {
        List<Part.View> found = new ArrayList<>();
        for (Part<?> part : Parts.all()) {
            part.view().filter(which).ifPresent(found::add);
        }
        return found;
    }

    /** The newest that was made by a method of the pantry. */
    private static Part.View madeBy(String method) {
        List<Part.View> made = views(view -> view.line() != null && view.line().getMethodName().equals(method));
        return made.getLast();
    }

    private static void fillUp(Channel<Integer> channel) {
        for (int i = 0; i < 16; i++) {
            channel.send(i);
        }
    }

    @Test
    void whatAUserMakesIsSeenWithTheLineThatMakesIt() {
        Heddle.run(() -> {
            var channel = Pantry.channel(4);
            channel.send(1);
            Part.View view = madeBy("channel");
            assertEquals("channel", view.type());
            assertEquals("kitchen.Pantry", view.line().getClassName());
            assertEquals("[4, 1, 1, 0, 0, false]", values(view.figures()));
            assertEquals(0.25, view.pressure());
            assertNull(view.name());
            Reference.reachabilityFence(channel);
        });
    }

    @Test
    void eachKindShowsItsStatisticsAndItsNearnessToTheLimit() {
        Heddle.run(() -> {
            var queue = Pantry.queue(2);
            queue.put(1);
            assertEquals("[2, 1, 1, 0, 0, false]", values(madeBy("queue").figures()));
            assertEquals(0.5, madeBy("queue").pressure());

            ConcurrencyLimiter limiter = Pantry.limiter("database", 4);
            limiter.acquire();
            assertEquals("database", madeBy("limiter").name());
            assertEquals(1, ((ConcurrencyLimiterStatistics) madeBy("limiter").figures()).borrowed());
            assertEquals(0.25, madeBy("limiter").pressure());

            Mutex mutex = Pantry.mutex();
            mutex.acquire();
            assertEquals("[true, 0, false]", values(madeBy("mutex").figures()));
            assertEquals(1, madeBy("mutex").pressure());
            assertNull(madeBy("mutex").name());

            var semaphore = Pantry.semaphore(2);
            assertTrue(semaphore.tryAcquire());
            assertEquals("[2, 1, 0]", values(madeBy("semaphore").figures()));
            assertEquals("spoons", madeBy("semaphore").name());
            assertEquals(0.5, madeBy("semaphore").pressure());

            var event = Pantry.event();
            assertEquals("[false, 0]", values(madeBy("event").figures()));
            assertEquals(Double.NaN, madeBy("event").pressure());

            var barrier = Pantry.barrier(2);
            assertEquals("[2, 0, false]", values(madeBy("barrier").figures()));

            var broadcast = Pantry.broadcast();
            var subscription = Pantry.subscription(broadcast);
            broadcast.send(1);
            assertEquals("[1, 0, false]", values(madeBy("broadcast").figures()));
            assertEquals(0.1, madeBy("subscription").pressure());
            limiter.release();
            mutex.release();
            semaphore.release();
            for (Object kept : List.of(queue, limiter, mutex, semaphore, event, barrier, broadcast, subscription)) {
                Reference.reachabilityFence(kept);
            }
        });
    }

    @Test
    void poolOfTasksBelongsToItsLoop() {
        Heddle.run(() -> Heddle.group(group -> {
            TaskPool pool = Pantry.pool(group, 2);
            pool.spawn(() -> Heddle.checkpoint());
            Part.View view = madeBy("pool");
            assertSame(Heddle.currentLoop(), view.loop());
            assertEquals("[2, 1, 0, 1]", values(view.figures()));
            assertEquals(0.5, view.pressure());
        }));
    }

    @Test
    void poolOfWorkersIsSeenUntilItHasEnded() throws InterruptedException {
        var go = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        WorkerPool pool = Pantry.workers("ovens", 1, 3);
        pool.execute(() -> {
            running.countDown();
            awaitLatch(go);
        });
        running.await();
        pool.execute(() -> {});
        Part.View view = madeBy("workers");
        assertEquals("ovens", view.name());
        assertEquals("[1, 1, 1, 0, 0]", values(view.figures()));
        assertEquals(1, view.pressure(), "all its workers are busy, though its queue has room");
        go.countDown();
        pool.close();
        assertEquals(List.of(), views(left -> "ovens".equals(left.name())));
    }

    @Test
    void stuckPoolNamesTheBodyThatHasRunLongestAndHowLongTheFirstInItsQueueHasWaited() throws InterruptedException {
        var go = new CountDownLatch(1);
        var running = new CountDownLatch(2);
        try (WorkerPool pool = Pantry.workers("ovens", 2, 1_000)) {
            for (int i = 0; i < 2; i++) {
                pool.execute(() -> {
                    running.countDown();
                    awaitLatch(go);
                });
            }
            running.await();
            assertEquals(-1, madeBy("workers").detail().waitedNanos());
            pool.execute(() -> {});
            PartDetail detail = madeBy("workers").detail();
            assertTrue(detail.waitedNanos() >= 0, detail::toString);
            assertEquals(2, detail.holders().size());
            PartDetail.Holder first = detail.holders().getFirst();
            assertTrue(first.nanos() >= detail.holders().getLast().nanos(), detail::toString);
            assertTrue(first.nanos() >= detail.waitedNanos(), detail::toString);
            assertTrue(first.who().matches("ovens-[12]"), detail::toString);
            assertEquals(PartsTest.class.getName(), first.at().getClassName());
            go.countDown();
        }
    }

    @Test
    void poolIsFullWhenItsQueueIsThoughNoWorkerComes() {
        assertEquals(1, PartKind.fullness(0, 4, 10, 10));
        assertEquals(0.75, PartKind.fullness(3, 4, 0, 0));
        assertEquals(0.75, PartKind.fullness(3, 4, 1, 1_000));
        assertEquals(0, PartKind.fullness(0, 4, 0, 0));
    }

    @Test
    void whatIsHeldNamesItsHoldersAndHowLongTheFirstCallHasWaited() {
        Heddle.run(() -> Heddle.group(group -> {
            Mutex mutex = Pantry.mutex();
            ConcurrencyLimiter limiter = Pantry.limiter("database", 3);
            var channel = Pantry.channel(1);
            group.spawn("cook", () -> mutex.run(() -> limiter.run(() -> Heddle.sleep(Duration.ofHours(1)))));
            limiter.acquireFor("order 7");
            Heddle.checkpoint();
            assertEquals(PartDetail.NONE, madeBy("channel").detail());
            PartDetail.Holder cook = madeBy("mutex").detail().holders().getFirst();
            assertEquals("task cook", cook.who());
            assertEquals(-1, cook.nanos());
            assertTrue(cook.at() != null, cook::toString);
            assertEquals(-1, madeBy("mutex").detail().waitedNanos());
            assertEquals(Set.of("task cook", "order 7"), madeBy("limiter").detail().holders().stream()
                    .map(PartDetail.Holder::who)
                    .collect(Collectors.toSet()));

            group.spawn(() -> mutex.run(() -> {}));
            group.spawn(() -> channel.receive());
            Heddle.checkpoint();
            assertTrue(madeBy("mutex").detail().waitedNanos() >= 0);
            assertTrue(madeBy("channel").detail().waitedNanos() >= 0);
            group.cancel("seen");
        }));
    }

    @Test
    void borrowerWhoseWordsFailIsNamedWithoutThem() {
        ConcurrencyLimiter limiter = Pantry.limiter("database", 1);
        assertTrue(limiter.tryAcquireFor(new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no words");
            }
        }));
        assertEquals(
                "something whose toString() fails", madeBy("limiter").detail().holders().getFirst().who());
        Reference.reachabilityFence(limiter);
    }

    @Test
    void primitiveOfAUsersOwnIsSeenFromTheFirstCallThatWaitsThere() {
        Heddle.run(() -> Heddle.group(group -> {
            var turnstile = new Turnstile();
            assertEquals(List.of(), lots());
            group.spawn(turnstile::pass);
            Heddle.checkpoint();
            Part.View view = lots().getFirst();
            assertEquals("the turnstile to open", view.name());
            assertEquals("[1]", values(view.figures()));
            assertEquals("kitchen.Turnstile.pass", view.line().getClassName() + "." + view.line().getMethodName());
            assertTrue(view.detail().waitedNanos() >= 0, view::toString);
            turnstile.open();
            Heddle.checkpoint();
            assertEquals(-1, lots().getFirst().detail().waitedNanos());
            Reference.reachabilityFence(turnstile);
        }));
    }

    @Test
    void amongVeryManyAPrimitiveOfAUsersOwnIsSeenWhenSomeHaveWaitedThere() {
        Heddle.run(() -> Heddle.group(group -> {
            List<Object> many = new ArrayList<>();
            for (int i = 0; i < Parts.EARLY; i++) {
                many.add(Pantry.channel(100));
            }
            var turnstile = new Turnstile();
            for (int i = 0; i < 8; i++) {
                assertEquals(List.of(), lots());
                group.spawn(turnstile::pass);
                Heddle.checkpoint();
            }
            assertEquals("[8]", values(lots().getFirst().figures()));
            turnstile.open();
            Reference.reachabilityFence(many);
        }));
    }

    @Test
    void lotsInsideOfOurOwnPrimitivesAreNotSeenBesideThem() {
        Heddle.run(() -> Heddle.group(group -> {
            TaskPool pool = Pantry.pool(group, 1);
            pool.spawn(() -> Heddle.sleep(Duration.ofHours(1)));
            group.spawn(() -> pool.spawn(() -> {}));
            Heddle.checkpoint();
            assertEquals(1, ((TaskPoolStatistics) madeBy("pool").figures()).waiting());
            assertTrue(madeBy("pool").detail().waitedNanos() >= 0);
            assertEquals(List.of(), lots());
            group.cancel("seen");
        }));
    }

    private static List<Part.View> lots() {
        return views(view -> view.type().equals("parking lot"));
    }

    @Test
    void channelThatIsClosedAndDrainedIsSeenNoMore() {
        Heddle.run(() -> {
            var channel = Pantry.channel(1);
            channel.send(1);
            channel.close();
            long id = madeBy("channel").id();
            assertEquals(1, views(view -> view.id() == id).size());
            channel.receive();
            assertEquals(List.of(), views(view -> view.id() == id));
        });
    }

    @Test
    void amongVeryManyThoseAreSeenWhereSomebodyWaitsOrElementsGather() {
        Heddle.run(() -> {
            List<Object> many = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                many.add(Pantry.channel(100));
                many.add(Pantry.mutex());
            }
            Channel<Integer> growing = Pantry.channel(107);
            Channel<Integer> awaited = Pantry.channel(108);
            Channel<Integer> quiet = Pantry.channel(109);
            Mutex mutex = Pantry.mutex();
            int before = Parts.all().size();
            assertTrue(before < 2_000, () -> "all were registered: " + before);
            fillUp(growing);
            quiet.send(1);
            mutex.acquire();
            Heddle.group(group -> {
                for (int i = 0; i < 10; i++) {
                    group.spawn(() -> awaited.receive());
                    group.spawn(() -> mutex.run(() -> {}));
                }
                Heddle.checkpoint();
                assertEquals(List.of(107, 108), views(view -> capacity(view) > 100).stream()
                        .map(PartsTest::capacity)
                        .toList());
                assertEquals(1, views(view -> values(view.figures()).equals("[true, 10, false]")).size());
                mutex.release();
                group.cancel("seen");
            });
            assertEquals(before + 3, Parts.all().size(), "each is registered once");
            Reference.reachabilityFence(many);
        });
    }

    private static int capacity(Part.View view) {
        return view.figures() instanceof ChannelStatistics channel ? channel.capacity() : 0;
    }

    @Test
    @Tag("full")
    void registerKeepsNothingAliveAndForgetsWhatIsGone() {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 2_000; i++) {
                Parts.add(PartKind.of("thing", thing -> new Thing()), new Object());
            }
            System.gc(); // what weak references need
        }
        for (int i = 0; i < 10_000; i++) {
            Parts.add(PartKind.of("thing", thing -> new Thing()), new Object());
        }
        assertTrue(Parts.count() < 40_000, () -> Parts.count() + " places are taken");
    }

    private record Thing() {}

    @Test
    void addingHoldsUpNobodyWhenManyThreadsDo() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        List<Object> kept = new ArrayList<>();
        for (int i = 0; i < threads * each; i++) {
            kept.add(new Object());
        }
        var kind = PartKind.<Object>of("crowd", thing -> new Thing());
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<Object> mine = kept.subList(t * each, (t + 1) * each);
            all.add(Thread.ofPlatform().start(() -> mine.forEach(thing -> Parts.add(kind, thing))));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(threads * each, views(view -> view.type().equals("crowd")).size());
        Reference.reachabilityFence(kept);
    }

    @Test
    void whatHeddleMakesForItselfIsNotTheUsersAffair() {
        Heddle.run(() -> {
            int before = Parts.all().size();
            var own = Channel.<Integer>of(3);
            assertEquals(before, Parts.all().size());
            assertFalse(views(view -> capacity(view) == 3).stream().anyMatch(view -> view.line() != null));
            Reference.reachabilityFence(own);
        });
    }

    @Test
    void lookingBreaksNoMutexWhoseHolderHasEnded() {
        Heddle.run(() -> {
            Mutex mutex = Pantry.mutex();
            Part.View before = madeBy("mutex");
            Thread holder = Thread.ofPlatform().start(mutex::acquire);
            Heddle.offload(() -> {
                holder.join();
                return null;
            });
            assertEquals("[true, 0, false]", values(again(before).figures()));
            assertEquals("[false, 0, true]", values(mutex.statistics()));
        });
    }

    private static Part.View again(Part.View before) {
        return views(view -> view.id() == before.id()).getFirst();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private record Size(int size) {}

    @Test
    void kindIsPutTogetherForTheFirstWhoLooks() {
        var asked = new AtomicInteger();
        PartKind<List<?>> kind = PartKind.later(() -> {
            asked.incrementAndGet();
            return PartKind.<List<?>>of("list", list -> new Size(list.size())).named(list -> "name");
        });
        List<Integer> list = new ArrayList<>(List.of(1, 2));
        Parts.addLate(kind, list);
        assertEquals(0, asked.get());

        for (int i = 0; i < 2; i++) {
            Part.View view = views(one -> one.type().equals("list")).getLast();
            assertEquals(new Size(2), view.figures());
            assertEquals("name", view.name());
        }
        assertEquals(1, asked.get());
        Reference.reachabilityFence(list);
    }

    /** What hidden statistics say, in their order. */
    private static String values(Object statistics) {
        return Arrays.stream(statistics.getClass().getRecordComponents())
                .map(component -> value(component, statistics))
                .toList()
                .toString();
    }

    private static Object value(RecordComponent component, Object statistics) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(statistics);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
