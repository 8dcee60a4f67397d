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

    /** Whether it was woken from here, and not from another thing that its waiter waits for as well. */
    boolean woken;

    /** Set before it is woken if it is woken only to fail. */
    @Nullable Broken broken;

    @Nullable Parked next;
    @Nullable Parked previous;
    boolean linked;

    Parked(Waiter waiter, @Nullable Object borrower) {
        this.waiter = waiter;
        this.borrower = borrower;
    }
}
