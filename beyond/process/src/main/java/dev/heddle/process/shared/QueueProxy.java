package dev.heddle.process.shared;

import dev.heddle.CancelScope;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.sync.QueueStatistics;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a manager's queue, for its users. What the ring lets a process do is done here; who would have to wait, and
 * all that is rare, calls the manager.
 *
 * <p>Threads: any.
 */
final class QueueProxy<T> implements SharedQueue<T> {

    private final RemoteReference reference;
    private final QueueCalls calls;

    /** Null while it is not known, and where there are calls only. */
    private @Nullable ProcessRing ring;

    private volatile boolean entered;

    QueueProxy(RemoteReference reference) {
        this.reference = reference;
        this.calls = reference.proxy(QueueCalls.class);
    }

    RemoteReference reference() {
        return reference;
    }

    /** Known from the first use on; null if there are calls only. */
    private @Nullable ProcessRing ring() {
        if (!entered) {
            ring = ManagerLinks.to(reference).ring(reference, calls).orElse(null);
            entered = true;
        }
        return ring;
    }

    private Parcel pack(T element) {
        return reference.pack(element);
    }

    @SuppressWarnings("unchecked")
    private T open(Parcel element) {
        return (T) reference.open(element);
    }

    // ---- putting ----

    private Ring.Step putHere(Parcel element) {
        ProcessRing here = ring();
        return here == null ? Ring.Step.GATED : here.put(element.bytes());
    }

    @Override
    public void put(T element) {
        CancelScope.throwIfCancelled();
        Parcel packed = pack(element);
        if (putHere(packed) != Ring.Step.DONE) {
            calls.put(packed);
        }
    }

    @Override
    public boolean putWithin(T element, Duration limit) {
        CancelScope.throwIfCancelled();
        Parcel packed = pack(element);
        return putHere(packed) == Ring.Step.DONE || calls.putWithin(packed, limit);
    }

    @Override
    public boolean tryPut(T element) {
        ring(); // The first time this asks the manager; packing would too, but could be cancelled.
        Parcel packed = pack(element);
        return switch (putHere(packed)) {
            case DONE -> true;
            case FULL -> false;
            case EMPTY, NO_ROOM, CLOSED, GATED, BUSY -> calls.tryPut(packed);
        };
    }

    // ---- taking ----

    private @Nullable Parcel takeHere() {
        ProcessRing here = ring();
        byte[] element = here == null ? null : here.take();
        return element == null ? null : new Parcel(element);
    }

    @Override
    public T take() {
        CancelScope.throwIfCancelled();
        Parcel element = takeHere();
        return open(element == null ? calls.take() : element);
    }

    @Override
    public Optional<T> takeWithin(Duration limit) {
        CancelScope.throwIfCancelled();
        Parcel element = takeHere();
        return element == null ? calls.takeWithin(limit).map(this::open) : Optional.of(open(element));
    }

    @Override
    public Optional<T> tryTake() {
        Parcel element = takeHere();
        if (element != null) {
            return Optional.of(open(element));
        }
        ProcessRing here = ring();
        return here != null && here.isAllEmpty() ? Optional.empty() : calls.tryTake().map(this::open);
    }

    // ---- the rest ----

    @Override
    public void taskDone() {
        ProcessRing here = ring();
        if (here == null || !here.done()) {
            calls.taskDone();
        }
    }

    @Override
    public void awaitAllDone() {
        calls.awaitAllDone();
    }

    @Override
    public boolean awaitAllDoneWithin(Duration limit) {
        return calls.awaitAllDoneWithin(limit);
    }

    @Override
    public long repair() {
        return calls.repair();
    }

    @Override
    public void close() {
        calls.close();
    }

    @Override
    public void abort() {
        calls.abort();
    }

    @Override
    public boolean isClosed() {
        return calls.isClosed();
    }

    @Override
    public QueueStatistics statistics() {
        return calls.statistics();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QueueProxy<?> queue && reference.equals(queue.reference);
    }

    @Override
    public int hashCode() {
        return reference.hashCode();
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
