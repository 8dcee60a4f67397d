package dev.heddle.cluster.store;

/**
 * A place where a cluster keeps what its nodes agree on: an ensemble, an embedded peer, the memory of this JVM.
 *
 * <p>Threads: {@link #open} is called in tasks and may be called from several.
 */
public interface StoreEngine {

    /**
     * Opens a session and waits for it. A cancelled call leaves no session behind.
     *
     * @throws StoreUnavailableException if the store cannot be reached within the session's timeout
     */
    Store open(SessionOptions options);
}
