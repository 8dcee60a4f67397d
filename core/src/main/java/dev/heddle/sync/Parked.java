package dev.heddle.sync;

import dev.heddle.Waiter;
import org.jspecify.annotations.Nullable;

/** One call that waits in a {@link ParkingLot}. */
final class Parked {

    final Waiter waiter;
    final Thread thread = Thread.currentThread();

    /** On whose behalf it waits, in the lot of a limiter. */
    final @Nullable Object borrower;

    /** Whether it must look by itself if the holder is alive, in the lot of a mutex. */
    boolean mustLook;

    /** Set before it is woken if it is woken only to fail. */
    @Nullable Broken broken;

    @Nullable Parked next;
    @Nullable Parked previous;
    boolean linked;

    Parked(ParkingLot lot, @Nullable Object borrower) {
        this.waiter = new Waiter(lot);
        this.borrower = borrower;
    }
}
