package dev.heddle.process.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The accounts of how many elements of a ring each process has taken, and how many of these are done: two numbers for
 * each, in a cache line of its own. The first account is of nobody: of processes that have ended or got no account,
 * and of what was thrown away.
 *
 * <p>What was taken changes under the lock of those who take, so that its sum is what has left the ring. What is done
 * is never more than what was taken.
 *
 * @param at the first account's place, a multiple of 4
 */
record RingAccounts(MemorySegment memory, long at) {

    /** The account of nobody. */
    static final int NOBODY = 0;

    static final int COUNT = 64;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int BYTES_EACH = 64;
    private static final int DONE = Integer.BYTES;

    static final int BYTES = COUNT * BYTES_EACH;

    private long taken(int account) {
        return at + (long) account * BYTES_EACH;
    }

    private long done(int account) {
        return taken(account) + DONE;
    }

    /** Under the lock. */
    void addTaken(int account, int more) {
        INT.setVolatile(memory, taken(account), (int) INT.get(memory, taken(account)) + more);
    }

    /** Whether an element that was taken is now done; false if all are. */
    boolean addDone(int account) {
        while (true) {
            int done = (int) INT.getVolatile(memory, done(account));
            if ((int) INT.getVolatile(memory, taken(account)) - done <= 0) {
                return false;
            }
            if (INT.compareAndSet(memory, done(account), done, done + 1)) {
                return true;
            }
        }
    }

    /** How many that were taken are not done. */
    int open(int account) {
        int done = (int) INT.getVolatile(memory, done(account));
        return Math.max(0, (int) INT.getVolatile(memory, taken(account)) - done);
    }

    /** The same of all. Exact under the lock, but for those that become done. */
    long open() {
        long all = 0;
        for (int i = 0; i < COUNT; i++) {
            all += open(i);
        }
        return all;
    }

    /** How many were ever taken, as an {@code int} that overflows. Under the lock. */
    int taken() {
        int all = 0;
        for (int i = 0; i < COUNT; i++) {
            all += (int) INT.getVolatile(memory, taken(i));
        }
        return all;
    }

    /** Counts elements that were thrown away. Under the lock. */
    void addThrownAway(int count) {
        addNobodys(count, count);
    }

    /** Adds one to nobody's, whose process has ended, and empties it. */
    void close(int account) {
        addNobodys((int) INT.getVolatile(memory, taken(account)), (int) INT.getVolatile(memory, done(account)));
        INT.setVolatile(memory, taken(account), 0);
        INT.setVolatile(memory, done(account), 0);
    }

    private void addNobodys(int taken, int done) {
        addTaken(NOBODY, taken);
        INT.setVolatile(memory, done(NOBODY), (int) INT.get(memory, done(NOBODY)) + done);
    }
}
