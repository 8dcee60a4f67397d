package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import java.util.Optional;

/** A link to a manager, whatever the way. Threads: any. */
interface ManagerLink {

    /**
     * What the manager reads and writes values with; waits until that is known.
     *
     * @throws dev.heddle.ClosedException if there is no such manager any more
     */
    Codec codec();

    /**
     * Calls an object, and waits for the answer.
     *
     * <p>Cancellation: a cancelled call has had no effect, or its answer is given all the same. One that is prompt is
     * not cancelled.
     */
    Answer call(RemoteReference target, CallTable.Entry entry, byte[] arguments);

    /**
     * Tells the manager of another process that this one has an object now; never waits.
     *
     * @param entry a call that says so
     */
    default void arrived(RemoteReference target, CallTable.Entry entry) {}

    /** Tells the manager that the memory of an object has changed; never waits. */
    void changed(int object);

    /** A queue's ring, as this process may use it; empty if it is to make calls only. Asks the manager once. */
    Optional<ProcessRing> ring(RemoteReference target, QueueCalls calls);

    /** The manager, for people. */
    String where();

    /** Whether the manager is gone. */
    boolean isEnded();

    /** Ends all calls that wait, since the manager is gone. */
    void end();

    /** Says that the code of a thread has ended, though the thread goes on: what it holds is broken. */
    void callerEnded(Thread caller);
}
