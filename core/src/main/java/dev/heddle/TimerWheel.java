package dev.heddle;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wheel of timers that are some way ahead, roughly sorted. Part of {@link Timers}.
 *
 * <p>A hierarchical timing wheel (Varghese and Lauck, 1987). A slot of the lowest level is one tick wide, about a
 * millisecond; a slot of each other level is as wide as 64 slots of the level below. A timer is in the lowest level
 * that reaches as far as its deadline, in a linked list, so that it comes and goes in a few steps. When the time comes
 * to the begin of a slot, the slot opens: its timers go to lower levels, and in the end to the heap, which sorts them
 * exactly.
 *
 * <p>Two things are unlike the paper. This wheel does not turn tick by tick but goes straight to the next occupied
 * slot, which bit sets tell. And a level has 128 slots, twice as many as fit into one slot above, so it reaches to the
 * end of the next slot above whenever that is: such a slot is emptied bit by bit before it begins, and a million timers
 * in it make no long pause.
 *
 * <p>Inside, times count from the start of the wheel, so no slot's number wraps around whatever the engine's clock
 * does.
 */
final class TimerWheel {

    private static final int TICK_BITS = 20;

    /** How much wider a slot is than one of the level below, as a power of two. */
    private static final int LEVEL_BITS = 6;

    private static final int SLOTS = 2 << LEVEL_BITS;

    /** Enough for any distance that a long can count. */
    private static final int LEVELS = 7;

    /** Timers of a slot that go down ahead of time at each step. */
    private static final int AHEAD = 4;

    /**
     * Timers of a slot that are looked at to find the nearest one; more would take longer than waking up once too
     * often.
     */
    private static final int MAX_LOOKED_AT = 8;

    /** What to subtract a slot's number from to have an index below {@link Timer#NOT_QUEUED}. */
    private static final int IN_SLOT = Timer.NOT_QUEUED - 1;

    private final long origin;

    /** The first timer of each slot, its last one right before it: the lists are rings. */
    private final @Nullable Timer[] slots = new Timer[LEVELS * SLOTS];

    /** A bit for each slot that is not empty. */
    private final long[] occupied = new long[LEVELS * SLOTS / Long.SIZE];

    /** A bit for each level that is not empty. */
    private int levels;

    /** How far it has turned. Every timer in it belongs to a later tick. */
    private long position;

    TimerWheel(long nowNanos) {
        origin = nowNanos;
    }

    /**
     * Adds a timer.
     *
     * @return false if its tick has begun, so that it belongs into the heap
     */
    boolean add(Timer timer) {
        long deadline = timer.deadlineNanos - origin;
        long ticks = (deadline >>> TICK_BITS) - (position >>> TICK_BITS);
        if (ticks == 0 || deadline - position <= 0) {
            return false;
        }
        int reach = Long.SIZE - 1 - Long.numberOfLeadingZeros(ticks | 1 << LEVEL_BITS);
        int level = (reach - 1) / LEVEL_BITS;
        int number = number(level, deadline >>> shift(level));
        timer.index = IN_SLOT - number;
        Timer first = slots[number];
        if (first == null) {
            timer.next = timer;
            timer.previous = timer;
            slots[number] = timer;
            occupied[number / Long.SIZE] |= 1L << number;
            levels |= 1 << level;
        } else {
            Timer last = Objects.requireNonNull(first.previous);
            timer.next = first;
            timer.previous = last;
            last.next = timer;
            first.previous = timer;
        }
        return true;
    }

    /** Takes out a timer that is in the wheel. */
    void remove(Timer timer) {
        int number = IN_SLOT - timer.index;
        Timer next = Objects.requireNonNull(timer.next);
        if (next == timer) {
            empty(number);
        } else {
            Timer previous = Objects.requireNonNull(timer.previous);
            previous.next = next;
            next.previous = previous;
            if (slots[number] == timer) {
                slots[number] = next;
            }
        }
        release(timer);
    }

    /** Turns until timers have gone to the heap, which is empty, but not beyond a time. */
    void turnTo(long nowNanos, TimerHeap heap) {
        long now = nowNanos - origin;
        while (heap.size() == 0 && levels != 0) {
            long begin = nextBegin();
            if (begin - now > 0) {
                break;
            }
            turnAndOpen(begin, heap);
        }
        if (heap.size() == 0 && now - position > 0) {
            position = now;
        }
    }

    /** Turns until the nearest timer has gone to the heap, however far that is; only if there is a timer. */
    void turnToFirst(TimerHeap heap) {
        while (heap.size() == 0) {
            turnAndOpen(nextBegin(), heap);
        }
    }

    /** Takes a few timers down from the next slot of each level, long before it begins. */
    void openAhead() {
        for (int rest = levels & ~1; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            int number = number(level, (position >>> shift(level)) + 1);
            Timer timer = slots[number];
            for (int taken = 0; timer != null && taken < AHEAD; taken++) {
                remove(timer);
                add(timer);
                timer = slots[number];
            }
        }
    }

    /** The nearest deadline, or the begin of its slot if that holds many timers; only if there is a timer. */
    long lookAgain() {
        long nearest = Long.MAX_VALUE;
        for (int rest = levels; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            if (begin(level) - position < nearest) {
                nearest = Math.min(nearest, leastIn(level) - position);
            }
        }
        return origin + position + nearest;
    }

    /** The least deadline in the first slot of a level, or the begin of the slot. */
    private long leastIn(int level) {
        long begin = begin(level);
        Timer first = Objects.requireNonNull(slots[number(level, begin >>> shift(level))]);
        long least = first.deadlineNanos - origin;
        int looked = 1;
        for (Timer timer = first.next; timer != first; timer = timer.next) {
            if (timer == null || ++looked > MAX_LOOKED_AT) {
                return begin;
            }
            least = Math.min(least, timer.deadlineNanos - origin);
        }
        return least;
    }

    /** When the next slot begins that is not empty. */
    private long nextBegin() {
        long next = begin(Integer.numberOfTrailingZeros(levels));
        for (int rest = levels & (levels - 1); rest != 0; rest &= rest - 1) {
            long begin = begin(Integer.numberOfTrailingZeros(rest));
            next = begin - next < 0 ? begin : next;
        }
        return next;
    }

    /**
     * When the first slot of a level begins that is not empty. The current slot comes last: what it holds is a lap
     * ahead.
     */
    private long begin(int level) {
        long next = (position >>> shift(level)) + 1;
        int word = number(level, next) / Long.SIZE;
        long here = occupied[word];
        long there = occupied[word ^ 1];
        int bit = (int) next & (Long.SIZE - 1);
        int ahead = Long.numberOfTrailingZeros(here >>> bit);
        if (ahead == Long.SIZE) {
            ahead = there != 0
                    ? Long.SIZE - bit + Long.numberOfTrailingZeros(there)
                    : SLOTS - bit + Long.numberOfTrailingZeros(here);
        }
        return (next + ahead) << shift(level);
    }

    /** Turns to the begin of the next slot, and opens all that begin there. */
    private void turnAndOpen(long begin, TimerHeap heap) {
        int beginning = 0;
        for (int rest = levels; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            beginning |= begin(level) == begin ? 1 << level : 0;
        }
        position = begin;
        for (; beginning != 0; beginning &= beginning - 1) {
            int level = Integer.numberOfTrailingZeros(beginning);
            open(number(level, begin >>> shift(level)), heap);
        }
    }

    private void open(int number, TimerHeap heap) {
        Timer timer = slots[number];
        empty(number);
        Objects.requireNonNull(Objects.requireNonNull(timer).previous).next = null;
        while (timer != null) {
            Timer next = timer.next;
            release(timer);
            if (!add(timer)) {
                heap.add(timer);
            }
            timer = next;
        }
    }

    private void empty(int number) {
        slots[number] = null;
        occupied[number / Long.SIZE] &= ~(1L << number);
        int level = number / SLOTS;
        int word = level * SLOTS / Long.SIZE;
        if ((occupied[word] | occupied[word + 1]) == 0) {
            levels &= ~(1 << level);
        }
    }

    private static void release(Timer timer) {
        timer.index = Timer.NOT_QUEUED;
        timer.next = null;
        timer.previous = null;
    }

    /** The number of a slot, given how many slots of its level begin before it. */
    private static int number(int level, long slotsBefore) {
        return level * SLOTS + ((int) slotsBefore & (SLOTS - 1));
    }

    private static int shift(int level) {
        return TICK_BITS + level * LEVEL_BITS;
    }
}
