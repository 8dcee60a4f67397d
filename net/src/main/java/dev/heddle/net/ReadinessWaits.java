package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.engine.Watch;
import dev.heddle.io.internal.Failures;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tasks that wait for one channel or descriptor by {@link Readiness}, at most one for each direction. */
final class ReadinessWaits implements Watch.Listener {

    private final Object watched;
    private @Nullable Watch watch;
    private @Nullable Waiter reader;
    private @Nullable Waiter writer;
    private boolean closed;

    ReadinessWaits(Object watched) {
        this.watched = watched;
    }

    void watch(Watch opened) {
        watch = opened;
    }

    void await(int what) {
        boolean reads = what == Watch.READABLE;
        if ((reads ? reader : writer) != null) {
            throw new BusyException("another task waits for " + (reads ? "reading " : "writing ") + this);
        }
        Waiter waiter = new Waiter((reads ? "reading " : "writing ") + this);
        set(reads, waiter);
        try {
            want();
            waiter.await();
            if (closed) {
                throw new ClosedException(this + " was closed while it was waited for");
            }
        } finally {
            set(reads, null);
            if (!closed && !isIdle()) {
                want();
            }
        }
    }

    private void set(boolean reads, @Nullable Waiter waiter) {
        if (reads) {
            reader = waiter;
        } else {
            writer = waiter;
        }
    }

    private void want() {
        int wanted = (reader == null ? 0 : Watch.READABLE) | (writer == null ? 0 : Watch.WRITABLE);
        try {
            Objects.requireNonNull(watch).want(wanted);
        } catch (IOException e) {
            throw new BrokenException(this + " cannot be watched: " + Failures.describe(e), e);
        }
    }

    boolean isIdle() {
        return reader == null && writer == null;
    }

    @Override
    public void ready(int readiness) {
        if ((readiness & (Watch.READABLE | Watch.FAILED)) != 0) {
            complete(reader);
        }
        if ((readiness & (Watch.WRITABLE | Watch.FAILED)) != 0) {
            complete(writer);
        }
    }

    void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        complete(reader);
        complete(writer);
    }

    private static void complete(@Nullable Waiter waiter) {
        if (waiter != null) {
            waiter.complete();
        }
    }

    @Override
    public String toString() {
        return watched instanceof Integer descriptor ? "descriptor " + descriptor : watched.toString();
    }
}
