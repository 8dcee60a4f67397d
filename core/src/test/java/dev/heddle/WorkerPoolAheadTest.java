package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.AheadBody;
import dev.heddle.internal.AheadWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Bodies that a worker takes before their turn, since somebody else runs them. */
class WorkerPoolAheadTest {

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch queued = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Logs what becomes of it. */
    private class Body implements AheadBody<Thread> {
        final String name;
        boolean called;

        Body(String name) {
            this.name = name;
        }

        @Override
        public Thread call() throws Exception {
            called = true;
            log.add(name);
            return Thread.currentThread();
        }

        @Override
        public boolean mayGoAhead() {
            return true;
        }

        @Override
        public void forgo() {
            log.add("forgo " + name);
        }

        @Override
        public void settle() {
            if (!called) {
                log.add("settle " + name);
            }
        }
    }

    private interface Taking {
        void take(AheadWorker worker) throws Exception;
    }

    /** Does something with the queue once it is filled. */
    private Body taker(Taking taking) {
        return new Body("taker") {
            @Override
            public Thread call() throws Exception {
                queued.await();
                taking.take((AheadWorker) Thread.currentThread());
                return super.call();
            }
        };
    }

    @Test
    void whatIsTakenAheadRunsNextOnTheSameWorkerAndCountsAsQueuedUntilThen() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<Thread> taker = pool.submit(taker(worker -> {
                worker.takeAhead();
                worker.takeAhead();
                log.add("queued " + pool.statistics().queued());
                assertNull(worker.takeAhead());
            }));
            Future<Thread> first = pool.submit(new Body("first"));
            Future<Thread> second = pool.submit(new Body("second"));
            queued.countDown();
            assertSame(taker.get(), first.get());
            assertSame(taker.get(), second.get());
            assertEquals(List.of("queued 2", "taker", "first", "second"), log);
            assertEquals(0, pool.statistics().queued());
        }
    }

    @Test
    void nothingIsTakenThatAFreeWorkerCouldBegin() throws Exception {
        try (WorkerPool pool = WorkerPool.of(2)) {
            Future<Thread> taker = pool.submit(taker(worker -> {
                assertNull(worker.takeAhead());
                while (!log.contains("other")) {
                    Thread.onSpinWait();
                }
            }));
            Future<Thread> other = pool.submit(new Body("other"));
            queued.countDown();
            assertNotEquals(taker.get(), other.get());
        }
    }

    @Test
    void aBodyThatDoesNotKnowOfItIsLeftInTheQueue() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<Thread> taker = pool.submit(taker(worker -> assertNull(worker.takeAhead())));
            Future<String> plain = pool.submit(() -> "plain");
            queued.countDown();
            taker.get();
            assertEquals("plain", plain.get());
        }
    }

    @Test
    void whatIsPutBackIsTheFirstOfTheQueueAgain() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.submit(taker(worker -> {
                List<AheadBody<?>> taken = new ArrayList<>();
                for (AheadBody<?> next = worker.takeAhead(); next != null; next = worker.takeAhead()) {
                    taken.addFirst(next);
                }
                assertEquals(3, taken.size());
                taken.forEach(worker::putBack);
            }));
            List<Future<Thread>> all = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                all.add(pool.submit(new Body(name)));
            }
            queued.countDown();
            for (Future<Thread> each : all) {
                each.get();
            }
            assertEquals(List.of("taker", "a", "b", "c"), log);
        }
    }

    @Test
    void whatIsPutBackGoesToAnotherWorkerThatIsFree() throws Exception {
        try (WorkerPool pool = WorkerPool.of(2)) {
            Future<Thread> taker = pool.submit(taker(worker -> {
                AheadBody<?> body = worker.takeAhead();
                assertTrue(body instanceof Body b && b.name.equals("moved"));
                gate.countDown();
                while (pool.statistics().busy() > 1) {
                    Thread.onSpinWait();
                }
                worker.putBack(body);
                while (!log.contains("moved")) {
                    Thread.onSpinWait();
                }
            }));
            Future<Boolean> other = pool.submit(() -> {
                gate.await();
                return true;
            });
            while (pool.statistics().busy() < 2) {
                Thread.onSpinWait();
            }
            Future<Thread> moved = pool.submit(new Body("moved"));
            queued.countDown();
            assertTrue(other.get());
            assertNotEquals(taker.get(), moved.get());
        }
    }

    @Test
    void aCancelledOneIsForgoneAndSettledInItsTurn() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<Thread> taker = pool.submit(taker(worker -> {
                worker.takeAhead();
                gate.countDown();
                while (!log.contains("forgo lost")) {
                    Thread.onSpinWait();
                }
            }));
            Future<Thread> lost = pool.submit(new Body("lost"));
            queued.countDown();
            gate.await();
            assertTrue(lost.cancel(true));
            taker.get();
            assertThrows(CancellationException.class, lost::get);
            pool.submit(new Body("last")).get();
            assertEquals(List.of("forgo lost", "taker", "settle lost", "last"), log);
        }
    }

    @Test
    void aCancelledOneThatIsPutBackLeavesTheQueue() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            Future<Thread> taker = pool.submit(taker(worker -> {
                AheadBody<?> body = worker.takeAhead();
                gate.countDown();
                while (!log.contains("forgo lost")) {
                    Thread.onSpinWait();
                }
                assertTrue(body != null);
                worker.putBack(body);
                assertEquals(0, pool.statistics().queued());
            }));
            Future<Thread> lost = pool.submit(new Body("lost"));
            queued.countDown();
            gate.await();
            lost.cancel(false);
            taker.get();
            assertEquals(List.of("forgo lost", "taker"), log);
        }
    }

    @Test
    void aCancelledCallEndsAsSoonAsItsBodyIsPutBack() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            CountDownLatch ended = new CountDownLatch(1);
            Future<Thread> taker = pool.submit(taker(worker -> {
                AheadBody<?> body = worker.takeAhead();
                gate.countDown();
                while (!log.contains("forgo lost")) {
                    Thread.onSpinWait();
                }
                assertTrue(body != null);
                worker.putBack(body);
                ended.await();
            }));
            Thread caller = Thread.ofPlatform().start(() -> {
                assertThrows(CancelledException.class, () -> pool.call(new Body("lost")));
                ended.countDown();
            });
            // The taker itself is queued at first.
            while (pool.statistics().busy() == 0 || pool.statistics().queued() == 0) {
                Thread.onSpinWait();
            }
            queued.countDown();
            gate.await();
            caller.interrupt();
            taker.get();
            caller.join();
            assertFalse(log.contains("lost"));
        }
    }

    @Test
    void shutdownNowCancelsWhatWasTakenAhead() throws Exception {
        WorkerPool pool = WorkerPool.of(1);
        Future<Thread> taker = pool.submit(taker(worker -> {
            worker.takeAhead();
            gate.countDown();
            while (!log.contains("forgo lost")) {
                Thread.onSpinWait();
            }
        }));
        Future<Thread> lost = pool.submit(new Body("lost"));
        queued.countDown();
        gate.await();
        assertEquals(List.of(lost), pool.shutdownNow());
        pool.close();
        assertTrue(lost.isCancelled());
        assertTrue(taker.isDone());
        assertTrue(log.contains("settle lost"));
    }
}
