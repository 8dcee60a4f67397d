package dev.heddle.process.shared;

import dev.heddle.process.SharedMemory;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.sync.QueueStatistics;
import java.time.Duration;
import java.util.Optional;

/** The calls that make up a manager's queue: those of {@link SharedQueue}, with encoded elements. */
interface QueueCalls {

    /**
     * The ring of a queue as one process may use it.
     *
     * @param capacity most elements
     * @param account where it is counted what the process takes
     */
    record Place(SharedMemory memory, int capacity, int account) {}

    /** Gives the calling process its place at the ring; empty if it is to make calls only. */
    @NonBlocking
    Optional<Place> enter();

    void put(Parcel element);

    boolean putWithin(Parcel element, Duration limit);

    @NonBlocking
    boolean tryPut(Parcel element);

    Parcel take();

    Optional<Parcel> takeWithin(Duration limit);

    @NonBlocking
    Optional<Parcel> tryTake();

    @NonBlocking
    void taskDone();

    void awaitAllDone();

    boolean awaitAllDoneWithin(Duration limit);

    @NonBlocking
    long repair();

    @NonBlocking
    void close();

    @NonBlocking
    void abort();

    @NonBlocking
    boolean isClosed();

    @NonBlocking
    QueueStatistics statistics();
}
