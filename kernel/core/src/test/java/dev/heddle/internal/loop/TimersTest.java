package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.Durations;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Timers fire in the order of their deadlines, never early, and leave at once when they are removed. */
final class TimersTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    private final Timers timers = new Timers(0);

    @Test
    void nearestComesFirst() {
        Timer late = add(30);
        Timer early = add(10);
        Timer middle = add(20);
        assertEquals(10, timers.lookAgain());
        assertEquals(10, timers.nearest());
        assertEquals(List.of(early, middle, late), takeAll(100));
    }

    @Test
    void nearestComesFirstHoweverFarApartTheyAre() {
        Timer years = add(Durations.FOREVER);
        Timer hours = add(3600 * SECOND);
        Timer seconds = add(SECOND);
        Timer now = add(0);
        Timer past = add(-SECOND);
        assertEquals(List.of(past, now, seconds, hours), takeAll(3600 * SECOND));
        assertEquals(List.of(years), takeAll(Durations.FOREVER));
    }

    @Test
    void timerOfAWideSlotIsNotOvertakenByOneOfANarrowSlot() {
        Timer setFromAfar = add(100 * MILLI);
        assertNull(timers.takeDue(60 * MILLI));
        Timer setFromNear = add(101 * MILLI);
        assertEquals(100 * MILLI, timers.lookAgain());
        assertEquals(List.of(setFromAfar, setFromNear), takeAll(SECOND));
    }

    @Test
    void timersSetBeforeTheNearestThatWasAskedForComeBeforeIt() {
        Timer hour = add(3600 * SECOND);
        assertEquals(3600 * SECOND, timers.nearest());
        Timer second = add(SECOND);
        Timer minute = add(60 * SECOND);
        assertEquals(List.of(second, minute), takeAll(60 * SECOND));
        assertEquals(List.of(hour), takeAll(3600 * SECOND));
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
    void timerIsNotEvenOneNanosecondEarlyNorLateHoweverFar() {
        for (long distance = 1; distance < Durations.FOREVER / 3; distance *= 3) {
            Timers timers = new Timers(-distance);
            Timer timer = new Quiet();
            timers.add(timer, 0);
            assertNull(timers.takeDue(-1));
            assertSame(timer, timers.takeDue(0));
        }
    }

    @Test
    void afterAPauseEachTimerFiresOnceInTheOrderOfTheDeadlines() {
        List<Timer> set = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            set.add(add(random.nextLong(10 * SECOND)));
        }
        set.sort(Comparator.comparingLong(timer -> timer.deadlineNanos));
        assertEquals(set, takeAll(10 * SECOND));
        assertEquals(0, timers.size());
    }

    @Test
    void lookingAgainTellsTheVeryDeadlineOfFewTimers() {
        for (long distance = 1; distance < Durations.FOREVER / 3; distance *= 3) {
            Timers timers = new Timers(7);
            timers.add(new Quiet(), 7 + distance);
            timers.add(new Quiet(), 7 + 2 * distance);
            assertEquals(7 + distance, timers.lookAgain());
        }
    }

    @Test
    void waitingForManyTimersWakesUpOnlyOnceForEachLevelOfTheWheel() {
        for (int i = 0; i < 1000; i++) {
            add(3600 * SECOND + i);
        }
        int looks = 0;
        long now = 0;
        while (timers.takeDue(now) == null) {
            long again = timers.lookAgain();
            assertTrue(again > now && again <= 3600 * SECOND, again + " after " + now);
            now = again;
            looks++;
        }
        assertEquals(3600 * SECOND, now);
        assertTrue(looks <= 6, looks + " looks");
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
        Timers timers = new Timers(start - 1000);
        Timer after = add(timers, start + 10);
        Timer before = add(timers, start + 1);
        assertTrue(after.deadlineNanos < 0, "it overflowed");
        assertEquals(start + 1, timers.nearest());
        assertNull(timers.takeDue(start));
        assertSame(before, timers.takeDue(start + 9));
        assertNull(timers.takeDue(start + 9));
        assertSame(after, timers.takeDue(start + 10));
    }

    @Test
    void clockMayStartAnywhere() {
        for (long start : new long[]{0, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE - SECOND, -SECOND}) {
            Timers timers = new Timers(start);
            Timer second = add(timers, start + 2 * SECOND);
            Timer first = add(timers, start + SECOND);
            assertEquals(start + SECOND, timers.lookAgain());
            assertNull(timers.takeDue(start + SECOND - 1));
            assertSame(first, timers.takeDue(start + 2 * SECOND));
            assertSame(second, timers.takeDue(start + 2 * SECOND));
        }
    }

    @Test
    void oneMillionTimersSetAndRemovedLeaveNothingBehind() {
        List<Timer> set = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            set.add(add(random.nextLong(1000 * SECOND)));
        }
        set.forEach(timers::remove);
        assertEquals(0, timers.size());
        assertNull(timers.takeDue(1000 * SECOND));
    }

    @Test
    void removedTimerIsNotHeldOn() {
        Timer near = add(1);
        Timer far = add(60 * SECOND);
        add(1);
        add(60 * SECOND);
        timers.remove(near);
        timers.remove(far);
        List<WeakReference<Timer>> removed = List.of(new WeakReference<>(near), new WeakReference<>(far));
        near = null;
        far = null;
        for (int i = 0; i < 50 && removed.stream().anyMatch(each -> each.get() != null); i++) {
            System.gc();
        }
        assertTrue(removed.stream().allMatch(each -> each.get() == null), "still held");
        assertEquals(2, timers.size());
    }

    @Test
    void anyUseAgreesWithASortedMap() {
        for (long seed = 0; seed < 300; seed++) {
            new Comparison(new SplittableRandom(seed)).run(1000);
        }
    }

    private Timer add(long deadlineNanos) {
        return add(timers, deadlineNanos);
    }

    private static Timer add(Timers timers, long deadlineNanos) {
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
        public void fire() {}
    }

    /** The order of timers: when they are due after the start, and which was set before. */
    private record Place(long afterStart, int number) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(afterStart, other.afterStart);
            return byTime != 0 ? byTime : Integer.compare(number, other.number);
        }
    }

    /** Uses timers at random and does the same with a sorted map. */
    private static final class Comparison {
        private final SplittableRandom random;
        private final long start;
        private final Timers timers;
        private final TreeMap<Place, Timer> model = new TreeMap<>();
        private final boolean simulated;
        private long elapsed;
        private int set;

        Comparison(SplittableRandom random) {
            this.random = random;
            this.start = random.nextBoolean() ? Long.MAX_VALUE - random.nextLong(SECOND) : random.nextLong();
            this.timers = new Timers(start);
            this.simulated = random.nextBoolean();
        }

        void run(int steps) {
            // Beyond that, a deadline could be too far from the start for a long.
            for (int step = 0; step < steps && elapsed < Durations.FOREVER / 2; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> add();
                    case 4, 5 -> removeAny();
                    case 6 -> passTime(Math.max(0, someTime()) / 8);
                    default -> waitForTheNearest();
                }
                assertEquals(model.size(), timers.size());
            }
            passTime(0);
            while (!model.isEmpty()) {
                waitForTheNearest();
            }
            assertEquals(0, timers.size());
        }

        private void add() {
            long due = elapsed + someTime();
            Timer timer = new Quiet();
            timers.add(timer, start + due);
            model.put(new Place(due, set++), timer);
        }

        private void removeAny() {
            Place any = model.ceilingKey(new Place(elapsed + someTime(), 0));
            if (any != null) {
                timers.remove(model.remove(any));
            }
        }

        private void passTime(long nanos) {
            elapsed += nanos;
            while (!model.isEmpty() && model.firstKey().afterStart <= elapsed) {
                assertSame(model.pollFirstEntry().getValue(), timers.takeDue(start + elapsed));
            }
            assertNull(timers.takeDue(start + elapsed));
        }

        private void waitForTheNearest() {
            if (model.isEmpty()) {
                return;
            }
            long nearest = model.firstKey().afterStart - elapsed;
            if (simulated) {
                assertEquals(nearest, timers.nearest() - start - elapsed);
            }
            int looks = 0;
            for (long left = nearest; left > 0; left = nearest) {
                long wait = timers.lookAgain() - start - elapsed;
                assertTrue(wait > 0 && wait <= left, wait + " of " + left);
                passTime(wait);
                nearest -= wait;
                assertTrue(++looks <= 9, looks + " looks");
            }
            passTime(0);
        }

        /** From nothing to for ever, with many that are equal or close to each other. */
        private long someTime() {
            return switch (random.nextInt(20)) {
                case 0 -> 0;
                case 1 -> -random.nextLong(SECOND);
                case 2 -> Durations.FOREVER >> random.nextInt(62);
                case 3, 4, 5, 6 -> random.nextInt(50);
                case 7, 8, 9 -> 30 * SECOND;
                default -> random.nextLong(1L << random.nextInt(1, 45));
            };
        }
    }
}
