package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Waiter;
import dev.heddle.internal.Checks;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A forced order among tasks of a test: the parts of it have numbers, and each waits until the one before has ended.
 *
 * <pre>{@code
 * Sequencer order = new Sequencer();
 * gather(
 *         () -> {
 *             order.turn(0, () -> account.read());
 *             order.turn(2, () -> account.write());
 *         },
 *         () -> order.turn(1, () -> account.close()));
 * }</pre>
 *
 * <p>Each number from 0 on is for one part. A number that is left out makes all behind it wait for ever; in a
 * simulation that is a deadlock, and its report says which number is missing.
 *
 * <p>Cancellation: a cancelled wait breaks the order: those that wait, and those that come later, get a {@link
 * BrokenException}. A part that has begun and fails ends its turn as any other.
 *
 * <p>Threads: tasks of any loop, and other threads.
 */
public final class Sequencer {

    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet taken = new BitSet();
    private final Map<Integer, Waiter> waiting = new HashMap<>();

    /** Whose turn it is; null between two turns. */
    private @Nullable Thread inTurn;

    /** Changed under the lock; reports read it without and may see an old value. */
    private int next;

    private volatile boolean broken;

    /** Makes one whose first turn is 0. */
    public Sequencer() {}

    /**
     * Waits for the turn of a number and runs a body in it. An exception comes out as it is.
     *
     * <p>Cancellation: a cancelled call has not run the body, and breaks the order.
     *
     * @param number from 0 on, each for one call
     * @throws BrokenException if another call was cancelled while it waited
     * @throws IllegalStateException if a call had this number before, or the caller is inside of the turn before
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public <T> T turn(int number, Callable<? extends T> body) throws Exception {
        awaitTurn(number);
        try {
            return body.call();
        } finally {
            end();
        }
    }

    /** Waits for the turn of a number and runs a body in it. An exception comes out as it is. */
    public void turn(int number, Action body) throws Exception {
        turn(number, () -> {
            body.run();
            return this;
        });
    }

    @Override
    public String toString() {
        return broken ? "a broken sequencer" : "a sequencer that stands at turn " + next;
    }

    private void awaitTurn(int number) {
        try {
            CancelScope.throwIfCancelled();
            claim(number).await();
        } catch (CancelledException e) {
            breakOff();
            throw e;
        }
        begin();
    }

    /** Takes a number; the waiter ends when its turn comes or the order breaks. */
    private Waiter claim(int number) {
        Checks.atLeast("number", number, 0);
        var waiter = new Waiter(new Turn(number));
        lock.lock();
        try {
            if (taken.get(number)) {
                throw new IllegalStateException("turn " + number + " was taken before");
            }
            if (inTurn == Thread.currentThread()) {
                throw new IllegalStateException(
                        "turn " + number + " would wait for the end of turn " + next + ", in which the caller is");
            }
            taken.set(number);
            if (broken) {
                waiter.complete();
            } else {
                waiting.put(number, waiter);
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
        return waiter;
    }

    private void begin() {
        lock.lock();
        try {
            requireWhole();
            inTurn = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            inTurn = null;
            next++;
            wakeNext();
        } finally {
            lock.unlock();
        }
    }

    private void wakeNext() {
        Waiter waiter = waiting.remove(next);
        if (waiter != null) {
            waiter.complete();
        }
    }

    private void breakOff() {
        lock.lock();
        try {
            broken = true;
            waiting.values().forEach(Waiter::complete);
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private void requireWhole() {
        if (broken) {
            throw new BrokenException("the order is broken: a call was cancelled while it waited for its turn");
        }
    }

    /** What a call waits for, in reports. */
    private final class Turn {

        private final int number;

        private Turn(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return "turn " + number + " of " + Sequencer.this;
        }
    }
}
