package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.engine.WaitSlot;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tasks that wait for one channel or descriptor by {@link Readiness}, at most one for each direction. */
final class ReadinessWaits implements Watch.Listener {

    private final Object watched;
    private @Nullable Watch watch;
    private final WaitSlot reading = new WaitSlot("reading ", this);
    private final WaitSlot writing = new WaitSlot("writing ", this);

    /** What is waited for now. */
    private int wanted;

    private boolean closed;

    ReadinessWaits(Object watched) {
        this.watched = watched;
    }

    void watch(Watch opened) {
        watch = opened;
    }

    void await(int what) {
        WaitSlot slot = what == Watch.READABLE ? reading : writing;
        if ((wanted & what) != 0) {
            throw new BusyException("another task waits for " + slot);
        }
        wanted |= what;
        try {
            tell();
            slot.await();
            if (closed) {
                throw new ClosedException(this + " was closed while it was waited for");
            }
        } finally {
            wanted &= ~what;
            if (!closed && !isIdle()) {
                tell();
            }
        }
    }

    private void tell() {
        try {
            Objects.requireNonNull(watch).want(wanted);
        } catch (IOException e) {
            throw new BrokenException(this + " cannot be watched: " + Throwables.describe(e), e);
        }
    }

    boolean isIdle() {
        return wanted == 0;
    }

    @Override
    public void ready(int readiness) {
        if ((readiness & (Watch.READABLE | Watch.FAILED)) != 0) {
            reading.wake();
        }
        if ((readiness & (Watch.WRITABLE | Watch.FAILED)) != 0) {
            writing.wake();
        }
    }

    void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        reading.wake();
        writing.wake();
    }

    @Override
    public String toString() {
        return watched instanceof Integer descriptor ? "descriptor " + descriptor : watched.toString();
    }
}
