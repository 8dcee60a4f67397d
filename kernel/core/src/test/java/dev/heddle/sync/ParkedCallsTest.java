package dev.heddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Calls parked under a lock are woken in the order they came, and those that were cancelled are passed by. */
final class ParkedCallsTest {

    private final ParkedCalls lot = new ParkedCalls(new ReentrantLock(), "waiting for a test");

    @Test
    void callsAreWokenInTheOrderTheyCame() {
        Parked first = lot.add();
        Parked second = lot.add();
        assertSame(first, lot.wakeFirst());
        assertTrue(first.waiter.isCompleted());
        assertTrue(second.waiter.isOpen());
        assertSame(second, lot.wakeFirst());
        assertNull(lot.wakeFirst());
    }

    @Test
    void cancelledCallThatHasNotLeftYetIsPassedBy() {
        Parked cancelled = lot.add();
        Parked next = lot.add();
        cancelled.waiter.cancel();
        assertSame(next, lot.wakeFirst());
        assertEquals(0, lot.size());
    }

    @Test
    void oneThatLeavesFromTheMiddleKeepsTheOrder() {
        Parked first = lot.add();
        Parked middle = lot.add();
        Parked last = lot.add();
        assertFalse(lot.awaitWithin(middle, Duration.ofNanos(1)));
        assertEquals(2, lot.size());
        assertSame(first, lot.wakeFirst());
        assertSame(last, lot.wakeFirst());
    }

    @Test
    void lookMayEndTheWait() {
        Parked call = lot.add();
        int[] looks = new int[1];
        Broken why = new Broken("it is gone", null);
        assertThrows(
                BrokenException.class,
                () -> lot.awaitWithin(call, Duration.ofHours(1), Duration.ofNanos(1), () -> {
                    if (++looks[0] == 3) {
                        lot.breakAll(why);
                    }
                }));
        assertEquals(3, looks[0]);
        assertEquals(0, lot.size());
    }

    @Test
    void callWhoseTimePassesJustAsTheThingBreaksIsToldThatItIsBroken() throws InterruptedException {
        var lock = new ReentrantLock();
        var breaks = new ParkedCalls(lock, "waiting for a test");
        List<String> told = new ArrayList<>();
        Parked call = breaks.add();
        Thread waiting;
        lock.lock();
        try {
            waiting = Thread.ofPlatform().start(() -> {
                try {
                    told.add("woken: " + breaks.awaitWithin(call, Duration.ofNanos(1)));
                } catch (BrokenException e) {
                    told.add(e.getMessage());
                }
            });
            while (!lock.hasQueuedThread(waiting)) { // to leave, since its time has passed
                Thread.onSpinWait();
            }
            breaks.breakAll(new Broken("it is gone", null));
        } finally {
            lock.unlock();
        }
        waiting.join();
        assertEquals(List.of("it is gone"), told);
    }

    @Test
    void endOfATaskThatWasWokenAndNeverRanIsToldToWhatItThenHeld() {
        List<Thread> told = new ArrayList<>();
        ParkedCalls held = new ParkedCalls(
                new ReentrantLock(), "waiting for a test", List::of, (thread, goesOn) -> told.add(thread));
        held.holderEnded(Thread.currentThread(), false);
        lot.holderEnded(Thread.currentThread(), false);
        assertEquals(List.of(Thread.currentThread()), told);
    }

    @Test
    void itIsWhatAReportShows() {
        assertEquals("waiting for a test", lot.add().waiter.toString());
        assertEquals(List.of(), lot.holders());
    }
}
