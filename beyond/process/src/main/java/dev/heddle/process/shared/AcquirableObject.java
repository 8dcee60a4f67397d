package dev.heddle.process.shared;

import dev.heddle.sync.Permits;
import java.time.Duration;

/** The lock or semaphore behind a shared one, in its manager, which keeps who has it. */
abstract class AcquirableObject implements Permits {

    private final Permits inner;

    AcquirableObject(Permits inner) {
        this.inner = inner;
    }

    /** The caller of the running call has acquired it. */
    abstract void acquired();

    /** The caller of the running call has released it. */
    abstract void released();

    @Override
    public void acquire() {
        inner.acquire();
        acquired();
    }

    @Override
    public boolean acquireWithin(Duration limit) {
        return counted(inner.acquireWithin(limit));
    }

    @Override
    public boolean tryAcquire() {
        return counted(inner.tryAcquire());
    }

    private boolean counted(boolean got) {
        if (got) {
            acquired();
        }
        return got;
    }

    @Override
    public void release() {
        inner.release();
        released();
    }
}
