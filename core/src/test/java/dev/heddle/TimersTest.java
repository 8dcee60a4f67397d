package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();

    @Test
    void nearestComesFirst() {
        Timer late = add(30);
        Timer early = add(10);
        Timer middle = add(20);
        assertEquals(10, timers.nearest());
        assertEquals(List.of(early, middle, late), takeAll(100));
    }

    @Test
    void equalDeadlinesKeepTheOrderTheyWereSetIn() {
        List<Timer> set = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            set.add(add(7));
        }
        assertEquals(set, takeAll(7));
    }

    @Test
    void timerIsNeverEarly() {
        Timer timer = add(10);
        assertNull(timers.takeDue(9));
        assertSame(timer, timers.takeDue(10));
        assertNull(timers.takeDue(Long.MAX_VALUE));
    }

    @Test
    void removedTimerLeavesAtOnce() {
        Timer timer = add(10);
        assertTrue(timer.isQueued());
        timers.remove(timer);
        timers.remove(timer);
        assertFalse(timer.isQueued());
        assertEquals(0, timers.size());
    }

    @Test
    void takenTimerCanBeSetAgain() {
        Timer timer = add(10);
        assertSame(timer, timers.takeDue(10));
        timers.add(timer, 20);
        assertSame(timer, timers.takeDue(20));
    }

    @Test
    void clockMayOverflow() {
        long start = Long.MAX_VALUE - 5;
        Timer after = add(start + 10);
        Timer before = add(start + 1);
        assertTrue(after.deadlineNanos < 0, "it overflowed");
        assertEquals(start + 1, timers.nearest());
        assertNull(timers.takeDue(start));
        assertSame(before, timers.takeDue(start + 9));
        assertNull(timers.takeDue(start + 9));
        assertSame(after, timers.takeDue(start + 10));
    }

    @Test
    void aMillionTimersSetAndRemovedLeaveAnEmptyHeap() {
        List<Timer> set = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            set.add(add(random.nextInt(1000)));
        }
        set.forEach(timers::remove);
        assertEquals(0, timers.size());
    }

    @Test
    void anyUseAgreesWithASortedList() {
        for (long seed = 0; seed < 200; seed++) {
            compareWithSortedList(new SplittableRandom(seed));
        }
    }

    private static void compareWithSortedList(SplittableRandom random) {
        Timers timers = new Timers();
        List<Timer> model = new ArrayList<>();
        long now = random.nextLong();
        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(5)) {
                case 0, 1, 2 -> {
                    Timer timer = new Quiet();
                    timers.add(timer, now + random.nextInt(50));
                    model.add(timer);
                    long base = now;
                    model.sort(Comparator.comparingLong((Timer each) -> each.deadlineNanos - base)
                            .thenComparingLong(each -> each.sequence));
                }
                case 3 -> {
                    if (!model.isEmpty()) {
                        timers.remove(model.remove(random.nextInt(model.size())));
                    }
                }
                default -> {
                    now += random.nextInt(10);
                    while (!model.isEmpty() && model.getFirst().deadlineNanos - now <= 0) {
                        assertSame(model.removeFirst(), timers.takeDue(now));
                    }
                    assertNull(timers.takeDue(now));
                }
            }
            assertEquals(model.size(), timers.size());
            if (!model.isEmpty()) {
                assertEquals(model.getFirst().deadlineNanos, timers.nearest());
            }
        }
    }

    private Timer add(long deadlineNanos) {
        Timer timer = new Quiet();
        timers.add(timer, deadlineNanos);
        return timer;
    }

    private List<Timer> takeAll(long nowNanos) {
        List<Timer> taken = new ArrayList<>();
        Timer due = timers.takeDue(nowNanos);
        while (due != null) {
            taken.add(due);
            due = timers.takeDue(nowNanos);
        }
        return taken;
    }

    private static final class Quiet extends Timer {
        @Override
        void fire() {}
    }
}
