package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.SharedLongs;
import dev.heddle.process.WorkerDiedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A queue's ring while processes are killed, kill -9, in the middle of a step: no element is lost unseen, torn or twice. */
@Tag("full")
final class SharedQueueOfKilledProcessesTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int ROUNDS = 12;
    private static final long PUT_LOCK = 0;
    private static final long TAKE_LOCK = 64;

    private static InChildren children;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    // ---- in the middle of everything ----

    /** What a process has counted when it was killed; one more may have happened. */
    private static final int PUT = 0;

    private static final int TAKEN = 1;
    private static final int PIDS = 2;
    private static final int KILLED = 1;
    private static final int SURVIVOR = 2;

    /** An element that shows if it was torn. */
    private static long[] element(int producer, long number) {
        var element = new long[1 + (int) (number % 60)];
        Arrays.fill(element, number << 2 | producer);
        return element;
    }

    /** Of what elements were taken: how many from whom, and the last of each. */
    private static final class Seen {

        final long[] counts = new long[3];
        final long[] last = new long[3];

        void add(long[] element) {
            int producer = (int) (element[0] & 3);
            long number = element[0] >> 2;
            if (!Arrays.equals(element, element(producer, number)) || number <= last[producer]) {
                throw new AssertionError(Arrays.toString(element) + " behind " + last[producer]);
            }
            last[producer] = number;
            counts[producer]++;
        }
    }

    @Test
    void killedProducersAndConsumersLoseNothingUnseenAndHoldNobodyUp() throws Exception {
        var random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            try (Manager manager = Manager.open(); SharedLongs facts = SharedLongs.create(4)) {
                killInTheMiddle(manager, facts, random);
            }
        }
    }

    private static void killInTheMiddle(Manager manager, SharedLongs facts, Random random) throws Exception {
        SharedQueue<long[]> queue = manager.queue(1 + random.nextInt(100));
        SharedEvent enough = manager.event();
        var threads = new InThreads();
        var puttingHere = threads.start(() -> {
            long number = 0;
            do {
                queue.put(element(SURVIVOR, ++number));
            } while (number % 50 != 0 || !enough.isSet());
            return number;
        });
        var takingHere = threads.start(() -> {
            var seen = new Seen();
            for (long[] element : queue) {
                seen.add(element);
                queue.taskDone();
            }
            return seen;
        });
        var putting = children.start(() -> {
            facts.set(PIDS + PUT, ProcessHandle.current().pid());
            for (long number = 1;; number++) {
                queue.put(element(KILLED, number));
                facts.set(PUT, number);
            }
        });
        var taking = children.start(() -> {
            facts.set(PIDS + TAKEN, ProcessHandle.current().pid());
            var seen = new Seen();
            while (true) {
                seen.add(queue.take());
                facts.addAndGet(TAKEN, 1);
            }
        });
        int first = random.nextInt(2);
        for (int which : new int[]{first, 1 - first}) {
            long when = 1 + random.nextInt(2_000);
            children.until(() -> facts.get(which) >= when);
            ProcessHandle.of(facts.get(PIDS + which)).orElseThrow().destroyForcibly();
            assertThrows(WorkerDiedException.class, (which == PUT ? putting : taking)::get);
        }
        enough.set();
        long putHere = puttingHere.get();
        children.until(() -> manager.statistics().processes() == 0);

        BrokenException e = assertThrows(BrokenException.class, () -> queue.awaitAllDoneWithin(LONG));
        long lost = queue.repair();
        assertTrue(lost == facts.get(TAKEN) || lost == facts.get(TAKEN) + 1, e::getMessage);
        assertTrue(queue.awaitAllDoneWithin(LONG));
        queue.close();
        Seen seen = takingHere.get();
        long putThere = seen.counts[SURVIVOR] + seen.counts[KILLED] + lost - putHere;
        assertTrue(putThere == facts.get(PUT) || putThere == facts.get(PUT) + 1, putThere + " of " + facts.get(PUT));
    }

    // ---- at one place ----

    /** The ring as a process sees it. */
    private record Inside(RemoteReference reference, QueueCalls.Place place) {

        static Inside of(SharedQueue<?> queue) {
            RemoteReference reference = RemoteReference.behind(queue);
            return new Inside(reference, reference.proxy(QueueCalls.class).enter().orElseThrow());
        }

        int holder() {
            return place.account() + 1;
        }

        Ring ring() {
            return new Ring(place.memory().segment(), place.capacity());
        }

        boolean lock(long at) {
            return new RingLock(place.memory().segment(), at).tryAcquire(holder(), true);
        }
    }

    /** Lets a process do something and kills it then, while it still is at it. */
    private static void killedAfter(Manager manager, RemoteAction body) throws Exception {
        SharedQueue<Long> told = manager.queue(1);
        var end = children.start(() -> {
            body.run();
            told.put(ProcessHandle.current().pid());
            Thread.sleep(60_000);
            return null;
        });
        ProcessHandle.of(told.take()).orElseThrow().destroyForcibly();
        assertThrows(WorkerDiedException.class, end::get);
    }

    @Test
    void locksOfAKilledProcessAreFree() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<String> queue = manager.queue(5);
            queue.put("first");
            killedAfter(manager, () -> {
                Inside inside = Inside.of(queue);
                assertTrue(inside.lock(PUT_LOCK) && inside.lock(TAKE_LOCK));
            });
            queue.put("second");
            assertEquals("first", queue.take());
            assertEquals(Optional.of("second"), queue.tryTake());
        }
    }

    @Test
    void whoWaitsForAnElementGetsThatOfAProcessThatWasKilledBeforeItTold() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<String> queue = manager.queue(5);
            var taking = new InThreads().start(() -> queue.takeWithin(LONG));
            children.until(() -> queue.statistics().waitingTakers() == 1);
            killedAfter(manager, () -> {
                Inside inside = Inside.of(queue);
                inside.ring().put(inside.holder(), inside.reference().pack("untold").bytes());
            });
            assertEquals(Optional.of("untold"), taking.get());
        }
    }

    @Test
    void elementThatAKilledProcessTookAndDidNotCountIsLostSeen() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<String> queue = manager.queue(5);
            queue.put("taken");
            killedAfter(manager, () -> {
                Inside inside = Inside.of(queue);
                Ring ring = inside.ring();
                ring.take(inside.holder(), inside.place().account());
                ring.accounts().addTaken(inside.place().account(), -1);
                assertTrue(inside.lock(TAKE_LOCK));
            });
            BrokenException e = assertThrows(BrokenException.class, () -> queue.awaitAllDoneWithin(LONG));
            assertTrue(e.getMessage().startsWith("1 element was taken by processes that ended"), e::getMessage);
            assertEquals(1, queue.repair());
            assertTrue(queue.awaitAllDoneWithin(Duration.ZERO));
        }
    }
}
