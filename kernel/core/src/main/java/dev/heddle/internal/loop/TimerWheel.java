package dev.heddle.internal.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wheel of timers that are some way ahead, roughly sorted. Part of {@link Timers}.
 *
 * <p>A hierarchical timing wheel (Varghese and Lauck, 1987). A slot of the lowest level is one tick wide, about a
 * millisecond; a slot of each other level is as wide as 64 slots of the level below. A timer is in the lowest level
 * that reaches as far as its deadline, at any place, so that it comes and goes in a few steps. When the time comes
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

    /** Made when they are needed first. */
    private final @Nullable TimerSlot[] slots = new TimerSlot[LEVELS * SLOTS];

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
        TimerSlot slot = slots[number];
        if (slot == null) {
            slot = new TimerSlot();
            slots[number] = slot;
        }
        if (slot.size() == 0) {
            occupied[number / Long.SIZE] |= 1L << number;
            levels |= 1 << level;
        }
        slot.add(timer);
        return true;
    }

    /** Takes out a timer that is in the wheel. */
    void remove(Timer timer) {
        int number = IN_SLOT - timer.index;
        TimerSlot slot = slot(number);
        slot.remove(timer);
        timer.index = Timer.NOT_QUEUED;
        if (slot.size() == 0) {
            empty(number);
        }
    }

    /** Turns until timers have gone to the heap, which is empty, but not beyond a time. */
    void turnTo(long nowNanos, TimerHeap heap) {
        long now = nowNanos - origin;
        while (levels != 0) {
            long begin = nextBegin();
            if (begin - now > 0) {
                break;
            }
            turnAndOpen(begin, heap);
            if (heap.size() > 0) {
                return;
            }
        }
        if (now - position > 0) {
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
    void openAhead(TimerHeap heap) {
        for (int rest = levels & ~1; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            int number = number(level, (position >>> shift(level)) + 1);
            if ((occupied[number / Long.SIZE] & 1L << number) != 0) {
                open(number, AHEAD, heap);
            }
        }
    }

    /** The nearest deadline, or the begin of its slot if that holds many timers; only if there is a timer. */
    long lookAgain() {
        long nearest = Long.MAX_VALUE;
        for (int rest = levels; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            long begin = begin(level);
            if (begin - position < nearest) {
                nearest = Math.min(nearest, leastIn(level, begin) - position);
            }
        }
        return origin + position + nearest;
    }

    /** The least deadline in a level's slot that begins then, or its begin. */
    private long leastIn(int level, long begin) {
        TimerSlot slot = slot(number(level, begin >>> shift(level)));
        return slot.size() > MAX_LOOKED_AT ? begin : begin + slot.leastDistance(origin + begin);
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
        int shift = shift(level);
        long next = (position >>> shift) + 1;
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
        return (next + ahead) << shift;
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
            open(number(level, begin >>> shift(level)), Integer.MAX_VALUE, heap);
        }
    }

    /** Moves timers of a slot to lower levels, or to the heap if their tick begins. */
    private void open(int number, int most, TimerHeap heap) {
        TimerSlot slot = slot(number);
        Timer timer = slot.takeFirst();
        for (int moved = 0; timer != null;) {
            timer.index = Timer.NOT_QUEUED;
            if (!add(timer)) {
                heap.add(timer);
            }
            timer = ++moved < most ? slot.takeFirst() : null;
        }
        if (slot.size() == 0) {
            empty(number);
        }
    }

    private TimerSlot slot(int number) {
        return Objects.requireNonNull(slots[number]);
    }

    /** A slot has become empty. */
    private void empty(int number) {
        occupied[number / Long.SIZE] &= ~(1L << number);
        int level = number / SLOTS;
        int word = level * SLOTS / Long.SIZE;
        if ((occupied[word] | occupied[word + 1]) == 0) {
            levels &= ~(1 << level);
        }
    }

    /** The number of a slot, given how many slots of its level begin before it. */
    private static int number(int level, long slotsBefore) {
        return level * SLOTS + ((int) slotsBefore & (SLOTS - 1));
    }

    private static int shift(int level) {
        return TICK_BITS + level * LEVEL_BITS;
    }
}
