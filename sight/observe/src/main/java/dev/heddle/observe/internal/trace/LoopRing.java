package dev.heddle.observe.internal.trace;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.LoopRecorder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The flight recorder of one loop: a ring of {@link Entries} that the loop writes and others read meanwhile.
 *
 * <p>Reading the clock costs a fifth of the shortest switch between two tasks. So it is read at each switch only as long
 * as runs take some time; while they are very short, only at each second, fourth and so on to each {@value #MAX_BLIND}th
 * one. What runs in between is known in its order, and its time as lying between two readings.
 *
 * <p>Threads: the loop writes an entry and then the new head; who reads copies entries and then looks at the head again,
 * to drop what was overwritten meanwhile. Nobody waits for anybody.
 */
final class LoopRing extends LoopRecorder {

    /** Most runs between two readings of the clock. */
    static final int MAX_BLIND = 32;

    /** Runs that are shorter than this on average are very short. */
    static final long SHORT_NANOS = 500;

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(LoopRing.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What was copied out of a ring: its oldest entry has the number {@code from}. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    record Copy(long from, long[] entries) {

        /** The number of the entry that comes next. */
        long next() {
            return from + entries.length;
        }
    }

    private final Loop loop;
    private final int number;
    private final LongSupplier clock;
    private final long[] ring;
    private final TaskNames names = new TaskNames();
    private final Labels labels = new Labels();

    /** How many entries were written, ever. */
    private long head;

    private long lastReading;

    /** Runs that go without the clock after the last reading, and how many of them are left. */
    private int blind;

    private int left;

    /**
     * @param number tells this loop from others
     * @param clock the nanoseconds since the origin of the recording, by the loop's engine; any thread
     * @param capacity how many entries are kept, a power of two
     */
    LoopRing(Loop loop, int number, LongSupplier clock, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("no power of two: " + capacity);
        }
        this.loop = loop;
        this.number = number;
        this.clock = clock;
        this.ring = new long[capacity];
    }

    Loop loop() {
        return loop;
    }

    int number() {
        return number;
    }

    TaskNames names() {
        return names;
    }

    Labels labels() {
        return labels;
    }

    /** The time since the origin. Any thread. */
    long now() {
        return clock.getAsLong();
    }

    // ---- what the loop tells ----

    @Override
    public void spawned(Task<?> task) {
        names.note(task);
        put(Entries.of(Entries.SPAWNED, task.id()));
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // read in the same process
    public void ended(Task<?> task, Task.State state) {
        names.noteIfNew(task);
        put(Entries.both(Entries.ENDED, state.ordinal(), task.id()));
    }

    @Override
    public void runs(@Nullable Task<?> task) {
        if (left > 0) {
            left--;
        } else {
            readClock();
            if (task != null) {
                names.noteIfNew(task);
            }
        }
        put(Entries.of(Entries.RUN, task == null ? 0 : task.id()));
    }

    @Override
    public void ready(long task) {
        put(Entries.of(Entries.READY, task));
    }

    @Override
    public void readyElsewhere(LoopRecorder other, long task) {
        if (other instanceof LoopRing ring) {
            put(Entries.both(Entries.READY_ELSEWHERE, ring.number, task));
        }
    }

    @Override
    public void labelled(@Nullable String label) {
        put(Entries.of(Entries.LABEL, labels.number(label)));
    }

    @Override
    public void takesFromOthers() {
        put(Entries.of(Entries.INBOX, 0));
    }

    @Override
    public void firesTimers(long lateNanos) {
        readClock();
        put(Entries.of(Entries.TIMERS, Math.max(0, lateNanos)));
    }

    @Override
    public void polls() {
        readClock();
        put(Entries.of(Entries.POLL, 0));
    }

    @Override
    public void polled() {
        readClock();
        put(Entries.of(Entries.POLLED, 0));
    }

    private void readClock() {
        long now = now();
        int runs = blind + 1 - left;
        boolean isShort = now - lastReading < runs * SHORT_NANOS;
        blind = isShort ? Math.min(MAX_BLIND - 1, 2 * blind + 1) : 0;
        left = blind;
        lastReading = now;
        put(Entries.of(Entries.TIME, Math.max(0, now)));
    }

    private void put(long entry) {
        long at = head;
        VarHandle.storeStoreFence(); // the last head before this entry: see copy(...)
        ring[(int) at & ring.length - 1] = entry;
        HEAD.setRelease(this, at + 1);
    }

    // ---- for who reads; any thread ----

    /** How many entries were written, ever. */
    long head() {
        return (long) HEAD.getAcquire(this);
    }

    /** The oldest entry that is still there, or may be. */
    long tail() {
        return Math.max(0, head() - ring.length + 1);
    }

    /** Copies the entries from a number on that are still there. */
    Copy copy(long from) {
        long end = head();
        long begin = Math.max(from, tail());
        long[] copied = new long[(int) Math.max(0, end - begin)];
        for (int i = 0; i < copied.length; i++) {
            copied[i] = ring[(int) (begin + i) & ring.length - 1];
        }
        VarHandle.loadLoadFence();
        // The loop may be writing the entry at its head, in the place of the oldest.
        int overwritten = (int) Math.min(copied.length, Math.max(0, tail() - begin));
        return new Copy(begin + overwritten, Arrays.copyOfRange(copied, overwritten, copied.length));
    }
}
