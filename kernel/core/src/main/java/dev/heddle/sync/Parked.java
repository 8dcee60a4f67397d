package dev.heddle.sync;

import dev.heddle.Waiter;
import dev.heddle.internal.WaitLine;
import org.jspecify.annotations.Nullable;

/** One call that waits in a {@link ParkedCalls}. */
final class Parked extends WaitLine.Call<Parked> {

    final Thread thread = Thread.currentThread();

    /** For whom it waits, in the lot of a limiter. */
    final @Nullable Object borrower;

    /** Whether it must look by itself if the holder is alive, in the lot of a mutex. */
    boolean mustLook;

    /** Whether it was woken from here, and not from another thing that its waiter waits for as well. */
    boolean woken;

    /** Set before it is woken if it is woken only to fail. */
    @Nullable Broken broken;

    Parked(Waiter waiter, @Nullable Object borrower) {
        super(waiter);
        this.borrower = borrower;
    }

    @Override
    protected boolean commit() {
        woken = super.commit();
        return woken;
    }
}
