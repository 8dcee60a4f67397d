package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.ParkingLot;
import dev.heddle.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small program in every order finds each fault of a lock that somebody else has written over public types. */
final class LockMutantsTest {

    /** What its writer has got wrong. */
    enum Fault {
        NONE,
        RELEASE_WAKES_NOBODY,
        WHO_IS_WOKEN_DOES_NOT_LOOK_AGAIN,
        WAIT_BETWEEN_LOOK_AND_HOLD,
        CANCELLED_CALL_HOLDS_IT,
        CANCEL_IS_SWALLOWED,
        FAILED_BODY_KEEPS_IT
    }

    /** The lock. */
    private static final class OutsideLock {

        private final ParkingLot waiting = new ParkingLot("the lock");
        private final Fault fault;
        private boolean held;

        OutsideLock(Fault fault) {
            this.fault = fault;
        }

        private void acquire() {
            while (held) {
                try {
                    waiting.park();
                } catch (CancelledException e) {
                    held |= fault == Fault.CANCELLED_CALL_HOLDS_IT;
                    if (fault != Fault.CANCEL_IS_SWALLOWED) {
                        throw e;
                    }
                    break;
                }
                if (fault == Fault.WHO_IS_WOKEN_DOES_NOT_LOOK_AGAIN) {
                    break;
                }
            }
            if (fault == Fault.WAIT_BETWEEN_LOOK_AND_HOLD) {
                Heddle.checkpoint();
            }
            held = true;
        }

        private void release() {
            held = false;
            if (fault != Fault.RELEASE_WAKES_NOBODY) {
                waiting.unpark();
            }
        }

        void run(Runnable body) {
            acquire();
            boolean good = false;
            try {
                body.run();
                good = true;
            } finally {
                if (good || fault != Fault.FAILED_BODY_KEEPS_IT) {
                    release();
                }
            }
        }
    }

    /** Three tasks want it: one goes well, one fails, one is cancelled. Another gets it then. */
    private static void use(Fault fault) {
        var lock = new OutsideLock(fault);
        int[] inside = {0};
        Runnable alone = () -> {
            assertEquals(1, ++inside[0], "holders");
            try {
                Heddle.checkpoint();
            } finally {
                inside[0]--;
            }
        };
        Task<Void> good = Heddle.spawn(() -> lock.run(alone));
        Task<Void> cancelled = Heddle.spawn(() -> lock.run(alone));
        Task<Void> bad = Heddle.spawn(() -> {
            assertThrows(IllegalStateException.class, () -> lock.run(() -> {
                alone.run();
                throw new IllegalStateException("planned");
            }));
        });
        Heddle.checkpoint();
        cancelled.cancel();
        good.join();
        bad.join();
        cancelled.awaitOutcome();
        lock.run(alone);
    }

    @Test
    void rightLockHasNoFailingOrder() {
        Exploration found = Sim.inEveryOrder(() -> use(Fault.NONE));
        assertTrue(found.isComplete(), found::toString);
    }

    @ParameterizedTest
    @Tag("night")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void faultIsFound(Fault planted) {
        assertThrows(Throwable.class, () -> Sim.inEveryOrder(() -> use(planted)));
    }
}
