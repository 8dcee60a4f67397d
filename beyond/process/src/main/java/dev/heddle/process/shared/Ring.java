package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The ring of a queue, in memory that several processes use.
 *
 * <pre>
 *   lock of who puts, TAIL: a {@link RingWord} with the flags gated, closed
 *   lock of who takes, HEAD: a {@link RingWord} with the flag shut
 *   what is waited for: three {@link Flag}s
 *   {@link RingAccounts}
 *   {@link RingData}: encoded elements
 * </pre>
 *
 * <p>One lock for those who put, one for those who take. Each step is decided by one compare-and-set of its word, so a
 * process that is killed has put its element or not, and taken one or not, wherever it was; all that it can leave behind
 * is the lock, which the manager takes from it, and that what it took is not counted, which can be seen then ({@link
 * #recover}).
 *
 * <p>Whoever waits sets a flag, looks once more and waits; whoever changes the ring looks at the flag afterwards, takes
 * it away and wakes. All of these are volatile accesses, in one order for all processes, so no wake is missed.
 *
 * <p>What another process has written is checked before it is used: it can make the queue unusable, not this process.
 *
 * <p>Threads: any, of any process.
 */
final class Ring {

    /** How a step went. */
    enum Step {
        DONE,

        /** There is nothing to take. */
        EMPTY,

        /** There are as many elements as there may be. */
        FULL,

        /** There is no room for this element, though there may be more elements. */
        NO_ROOM,

        /** It takes no more elements. */
        CLOSED,

        /** Only the manager may. */
        GATED,

        /** Another process has held the lock for long. */
        BUSY
    }

    /** What is waited for; each is a flag in a cache line of its own. */
    enum Flag {
        ELEMENT(192),
        ROOM(256),
        ALL_DONE(320);

        private final long at;

        Flag(long at) {
            this.at = at;
        }
    }

    /** Stands for an element where the lock was not free. */
    @SuppressWarnings("ArrayEquality") // compared as an object
    static final byte[] BUSY = {};

    /** The manager as the holder of a lock; processes are their account plus 1. */
    static final int MANAGER = RingAccounts.COUNT + 1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private static final long PUT_LOCK = 0;
    private static final long TAIL = 8;
    private static final long TAKE_LOCK = 64;
    private static final long HEAD = 72;
    private static final long ACCOUNTS = 384;
    private static final long DATA = ACCOUNTS + RingAccounts.BYTES;

    /** How often a put begins again because a flag has changed meanwhile. */
    private static final int TRIES = 100;

    private static final long CLOSED = 1;
    private static final long GATED = 2;
    private static final long SHUT = 1;

    private final MemorySegment memory;
    private final int capacity;
    private final RingData data;
    private final RingLock putting;
    private final RingLock taking;
    private final RingAccounts accounts;

    /**
     * @param memory of {@link #bytes} bytes, zeros at first
     * @param capacity most elements
     */
    Ring(MemorySegment memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
        long dataBytes = memory.byteSize() - DATA;
        if (dataBytes < RingWord.UNIT || Long.bitCount(dataBytes) != 1) {
            throw new BrokenException("the memory of a shared queue has " + memory.byteSize() + " bytes");
        }
        this.data = new RingData(memory, DATA, dataBytes);
        this.putting = new RingLock(memory, PUT_LOCK);
        this.taking = new RingLock(memory, TAKE_LOCK);
        this.accounts = new RingAccounts(memory, ACCOUNTS);
    }

    /** How much memory a ring takes. */
    static long bytes(long dataBytes) {
        return DATA + dataBytes;
    }

    RingAccounts accounts() {
        return accounts;
    }

    // ---- words ----

    private long word(long at) {
        return (long) LONG.getVolatile(memory, at);
    }

    private boolean move(long at, long from, long to) {
        return LONG.compareAndSet(memory, at, from, to);
    }

    private void mark(long at, long bits, boolean on) {
        while (true) {
            long word = word(at);
            long marked = on ? word | bits : word & ~bits;
            if (marked == word || move(at, word, marked)) {
                return;
            }
        }
    }

    /** The elements between two words. */
    private int size(long head, long tail) {
        int size = RingWord.elements(head, tail);
        if (size < 0 || size > capacity) {
            throw damaged(size + " elements");
        }
        return size;
    }

    /** The bytes between two words. */
    private long used(long head, long tail) {
        long used = RingWord.bytes(head, tail);
        if (used > data.bytes()) {
            throw damaged(used + " bytes of elements");
        }
        return used;
    }

    private static BrokenException damaged(String what) {
        return new BrokenException(
                "a process has written into the memory of a shared queue, which now says that it has "
                        + what + "; make another queue");
    }

    // ---- putting ----

    /**
     * Puts an element, if there is room.
     *
     * @param holder the number of who puts, {@link #MANAGER} passes the gate
     */
    Step put(int holder, byte[] element) {
        return put(holder, element, holder == MANAGER ? CLOSED : CLOSED | GATED);
    }

    /** Puts an element that the manager has kept behind, even if the ring is closed by now. */
    Step moveUp(byte[] element) {
        return put(MANAGER, element, 0);
    }

    private Step put(int holder, byte[] element, long refusing) {
        long bytes = RingData.span(element.length);
        if (bytes > data.bytes()) {
            return Step.NO_ROOM;
        }
        if (!putting.tryAcquire(holder, holder != MANAGER)) {
            return Step.BUSY;
        }
        try {
            return putLocked(element, bytes, refusing);
        } finally {
            putting.release();
        }
    }

    private Step putLocked(byte[] element, long bytes, long refusing) {
        for (int i = 0; i < TRIES; i++) {
            long tail = word(TAIL);
            if ((tail & refusing) != 0) {
                return (tail & CLOSED & refusing) != 0 ? Step.CLOSED : Step.GATED;
            }
            long head = word(HEAD);
            if (size(head, tail) >= capacity) {
                return Step.FULL;
            }
            if (bytes > data.bytes() - used(head, tail)) {
                return Step.NO_ROOM;
            }
            data.write(RingWord.offset(tail, data.bytes()), element);
            if (move(TAIL, tail, RingWord.behind(tail, bytes))) {
                return Step.DONE;
            }
            // A flag has changed.
        }
        return Step.BUSY;
    }

    // ---- taking ----

    /**
     * Takes the oldest element.
     *
     * @param holder the number of who takes
     * @param account where it is counted
     * @return null if there is none, or {@link #BUSY}
     */
    byte @Nullable [] take(int holder, int account) {
        if (!taking.tryAcquire(holder, holder != MANAGER)) {
            return BUSY;
        }
        try {
            long head = word(HEAD);
            long tail = word(TAIL);
            if ((head & SHUT) != 0 || size(head, tail) == 0) {
                return null;
            }
            long offset = RingWord.offset(head, data.bytes());
            int length = data.length(offset);
            if (length < 0 || RingData.span(length) > used(head, tail)) {
                throw damaged("an element of " + length + " bytes");
            }
            byte[] element = data.read(offset, length);
            if (!move(HEAD, head, RingWord.behind(head, RingData.span(length)))) {
                return null; // shut
            }
            accounts.addTaken(account, 1);
            return element;
        } finally {
            taking.release();
        }
    }

    // ---- the manager's ----

    /** Counts an element that was never here as taken; {@link Step#FULL} if there are older ones here. */
    Step countTaken(int account) {
        if (!taking.tryAcquire(MANAGER, false)) {
            return Step.BUSY;
        }
        try {
            if (size(word(HEAD), word(TAIL)) > 0) {
                return Step.FULL;
            }
            accounts.addTaken(account, 1);
            return Step.DONE;
        } finally {
            taking.release();
        }
    }

    /** Throws all elements away. */
    Step clear() {
        if (!taking.tryAcquire(MANAGER, false)) {
            return Step.BUSY;
        }
        try {
            long head = word(HEAD);
            long tail = word(TAIL);
            int size = size(head, tail);
            if (size > 0 && move(HEAD, head, RingWord.withFlagsOf(tail, head))) {
                accounts.addThrownAway(size);
            }
            return Step.DONE;
        } finally {
            taking.release();
        }
    }

    /** How many elements were put and are not done; -1 if the lock is not free. The head stands still meanwhile. */
    long unfinished() {
        if (!taking.tryAcquire(MANAGER, false)) {
            return -1;
        }
        try {
            return size(word(HEAD), word(TAIL)) + accounts.open();
        } finally {
            taking.release();
        }
    }

    /**
     * Takes from a process that has ended what it held. If it had taken an element but not counted it, this does.
     *
     * @param account that of the process
     * @param neverHere how often {@link #countTaken} has counted
     */
    void recover(int account, int neverHere) {
        int dead = account + 1;
        putting.passOn(dead, 0);
        if (taking.passOn(dead, MANAGER)) {
            accounts.addTaken(account, RingWord.passed(word(HEAD)) + neverHere - accounts.taken());
            taking.release();
        }
    }

    /** Takes no more elements. */
    void close() {
        mark(TAIL, CLOSED, true);
    }

    /** Whether only the manager puts. */
    void gate(boolean on) {
        mark(TAIL, GATED, on);
    }

    /** Only the manager puts, and nobody takes, for ever: its memory goes away. */
    void shut() {
        mark(TAIL, GATED, true);
        mark(HEAD, SHUT, true);
    }

    // ---- facts ----

    /** How many elements there are. */
    int size() {
        // The head first: it only goes forward, up to the tail.
        long head = word(HEAD);
        return Math.clamp(RingWord.elements(head, word(TAIL)), 0, capacity);
    }

    boolean isClosed() {
        return (word(TAIL) & CLOSED) != 0;
    }

    /** Whether it is empty, and elements can be nowhere else. */
    boolean isAllEmpty() {
        long head = word(HEAD);
        long tail = word(TAIL);
        return (tail & GATED) == 0 && (head & SHUT) == 0 && RingWord.elements(head, tail) == 0;
    }

    /** Has whoever changes the ring tell; look at it once more then. */
    void want(Flag flag) {
        INT.setVolatile(memory, flag.at, 1);
    }

    /** Whether somebody wants to hear of a change; once. */
    boolean takeWanted(Flag flag) {
        return (int) INT.getVolatile(memory, flag.at) != 0 && INT.compareAndSet(memory, flag.at, 1, 0);
    }
}
