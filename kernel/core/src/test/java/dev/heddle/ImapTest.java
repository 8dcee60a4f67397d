package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sync.Channel;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Mapping on the threads of a pool, result by result. */
final class ImapTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger taken = new AtomicInteger();
    private final Iterable<Integer> endless = () -> IntStream.generate(taken::incrementAndGet).iterator();

    @Test
    void starterOfOnesOwnRunsAtLeastOneAhead() {
        assertThrows(IllegalArgumentException.class,
                () -> Results.<String, String>of(List.of(), 0, true, (item, wait, onEnd) -> null));
    }

    @Test
    void resultsComeInTheOrderOfTheItems() {
        List<Integer> items = IntStream.range(0, 500).boxed().toList();
        try (WorkerPool pool = WorkerPool.of(3)) {
            assertEquals(items, collect(pool.imap(items, item -> item)));
            List<Integer> unordered = collect(pool.imapUnordered(items, item -> item));
            assertEquals(items, unordered.stream().sorted().toList());
        }
    }

    @Test
    void nothingRunsBeforeItIsAskedFor() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            pool.imap(endless, item -> item);
            assertEquals(0, taken.get());
        }
    }

    @Test
    void onlySoManyItemsAreTakenAhead() {
        try (WorkerPool pool = WorkerPool.of(2); Results<Integer, Integer> results = pool.imap(endless, 3, x -> x)) {
            Iterator<Integer> iterator = results.iterator();
            for (int i = 1; i <= 20; i++) {
                assertEquals(i, iterator.next());
                assertTrue(taken.get() <= i + 3, taken + " items taken for " + i + " results");
            }
        }
    }

    @Test
    void failureComesAtItsPlaceAndTheIterationGoesOn() {
        IOException checked = new IOException("2");
        try (WorkerPool pool = WorkerPool.of(3)) {
            Iterator<Integer> results = pool.imap(List.of(1, 2, 3), item -> {
                if (item == 2) {
                    throw checked;
                }
                return item;
            }).iterator();
            assertEquals(1, results.next());
            assertSame(checked, assertThrows(TaskFailedException.class, results::next).getCause());
            assertEquals(3, results.next());
            assertFalse(results.hasNext());
            assertThrows(NoSuchElementException.class, results::next);
        }
    }

    @Test
    void outcomesTellWhichItemFailed() {
        try (WorkerPool pool = WorkerPool.of(3)) {
            for (Results.Mapped<Integer, Integer> each : pool.imapUnordered(List.of(10, 20, 30), item -> {
                if (item == 20) {
                    throw new IllegalStateException("bad");
                }
                return item + 1;
            }).outcomes()) {
                log.add(each.index() + ": " + each.item() + switch (each.outcome()) {
                    case Outcome.Success<Integer>(Integer value) -> " gave " + value;
                    case Outcome.Failure<Integer>(Throwable error) -> " failed: " + error.getMessage();
                    case Outcome.Cancelled<Integer>(String reason) -> reason;
                });
            }
        }
        assertEquals(List.of("0: 10 gave 11", "1: 20 failed: bad", "2: 30 gave 31"), log.stream().sorted().toList());
    }

    @Test
    void failureOfTheSourceComesAfterTheResultsBeforeIt() {
        Iterator<Integer> source = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (taken.incrementAndGet() == 3) {
                    throw new IllegalStateException("the source broke");
                }
                return taken.get();
            }
        };
        try (WorkerPool pool = WorkerPool.of(2)) {
            Iterator<Integer> results = pool.imap(() -> source, 10, x -> x).iterator();
            assertEquals(1, results.next());
            assertEquals(2, results.next());
            assertTrue(results.hasNext());
            assertThrows(IllegalStateException.class, results::next);
            assertFalse(results.hasNext());
        }
    }

    @Test
    void closingEarlyCancelsTheRest() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        try (WorkerPool pool = WorkerPool.of(2)) {
            try (Results<Integer, Integer> results = pool.imapUnordered(endless, item -> {
                if (item == 1) {
                    return item;
                }
                begun.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return item;
            })) {
                assertEquals(1, results.iterator().next());
                begun.await();
            }
            interrupted.await();
            assertEquals(0, pool.statistics().queued());
        }
    }

    @Test
    void closeWakesAConsumerThatWaits() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                Results<Integer, Integer> results = pool.imap(List.of(1), item -> {
                    gate.await();
                    return item;
                });
                Task<Integer> consumer = spawn(() -> results.iterator().next());
                checkpoint();
                assertThrows(BusyException.class, () -> results.iterator().next());
                results.close();
                assertThrows(ClosedException.class, consumer::join);
                assertFalse(results.iterator().hasNext());
            }
        });
    }

    @Test
    void closeEndsTheTakingOfItems() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            AtomicReference<Results<Integer, Integer>> results = new AtomicReference<>();
            Iterable<Integer> items = () -> IntStream.generate(() -> {
                if (taken.incrementAndGet() == 2) {
                    results.get().close();
                }
                return taken.get();
            }).iterator();
            results.set(pool.imap(items, 10, item -> item));
            assertThrows(ClosedException.class, () -> results.get().iterator().next());
            assertEquals(2, taken.get());
        }
    }

    @Test
    void cancelledWaitForTheSourceSkipsNoIndex() {
        Channel<String> channel = Channel.of(1);
        Iterator<String> source = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                return channel.receive();
            }
        };
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                Iterator<Results.Mapped<String, String>> outcomes = pool.imap(() -> source, 1, item -> item).outcomes()
                        .iterator();
                assertFalse(moveOnAfter(ofMillis(5), () -> {
                    outcomes.next();
                }));
                channel.send("a");
                assertEquals(0, outcomes.next().index());
            }
        });
    }

    @Test
    void cancelledCallHasTakenNoResult() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                Iterator<Integer> results = pool.imap(List.of(1, 2), item -> {
                    gate.await();
                    return item;
                }).iterator();
                assertFalse(moveOnAfter(ofMillis(5), () -> {
                    results.next();
                }));
                gate.countDown();
                assertEquals(1, results.next());
                assertEquals(2, results.next());
            }
        });
    }

    @Test
    void resultsMayBeNullAndAnEmptySourceGivesNone() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            assertEquals(Arrays.asList(null, null), collect(pool.imap(List.of(1, 2), item -> null)));
            assertEquals(List.of(), collect(pool.imap(List.<Integer>of(), item -> item)));
        }
    }

    @Test
    void resultsThatWereGivenAreNotKept() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1);
                Results<Integer, byte[]> results = pool.imap(endless, 1, byte[]::new)) {
            WeakReference<byte[]> given = new WeakReference<>(results.iterator().next());
            results.iterator().next();
            while (given.get() != null) {
                System.gc();
                Thread.sleep(1);
            }
            assertTrue(results.iterator().hasNext());
        }
    }

    @Test
    void timeLimitEndsTheWaitForTheRightItem() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(2)) {
                Iterator<Integer> results = pool.imap(List.of(1, 2, 3), item -> {
                    if (item == 2) {
                        gate.await();
                    }
                    return item;
                }).iterator();
                assertEquals(1, Heddle.<Integer>timeout(ofSeconds(10), results::next));
                assertThrows(DeadlineExceededException.class,
                        () -> Heddle.<Integer>timeout(ofMillis(5), results::next));
                gate.countDown();
                assertEquals(2, results.next());
            }
        });
    }

    @Test
    void fullPoolHoldsTheMappingBackWithoutLosingItems() {
        try (WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withWorkers(1).withMaxQueued(0))) {
            List<Integer> items = IntStream.range(0, 100).boxed().toList();
            assertEquals(items, collect(pool.imap(items, 5, item -> item)));
        }
    }

    @Test
    void shutdownNowEndsTheIterationWithClearErrors() {
        WorkerPool pool = WorkerPool.of(1);
        Iterator<Integer> results = pool.imap(endless, 2, item -> {
            if (item == 2) {
                pool.shutdownNow();
            }
            return item;
        }).iterator();
        assertEquals(1, results.next());
        RuntimeException last = null;
        while (results.hasNext()) {
            try {
                results.next();
            } catch (RuntimeException e) {
                last = e;
            }
        }
        assertTrue(last instanceof RejectedExecutionException || last instanceof TaskCancelledException, "" + last);
        pool.close();
    }

    @Test
    void brokenPoolFailsTheMappingsUnderWay() {
        try (WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withWorkers(1).withInitializer(() -> {
            gate.await();
            throw new IOException("no database");
        }))) {
            Thread.ofPlatform().start(gate::countDown);
            assertThrows(BrokenException.class, () -> pool.imap(List.of(1, 2), item -> item).iterator().next());
        }
    }

    private static <B> List<B> collect(Results<?, B> results) {
        List<B> list = new ArrayList<>();
        results.forEach(list::add);
        return list;
    }
}
