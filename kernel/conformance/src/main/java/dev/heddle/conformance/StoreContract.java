package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.StoreEngine;
import java.time.Duration;

/**
 * The contract of every {@link StoreEngine}: commits, reads, watches, sessions, and calls from all sides. An engine
 * inherits this class and says how it is made; one that can let a session expire implements {@link
 * StoreExpiryContract} too:
 *
 * <pre>{@code
 * final class MemoryStoreTest extends StoreContract {
 *     public StoreEngine engine() {
 *         return MemoryStore.create();
 *     }
 * }
 * }</pre>
 *
 * <p>The engine must be one that nothing happens to meanwhile: no server dies, no line is cut. Each test opens sessions
 * of a cluster whose name no other test has, so all may use one engine.
 *
 * <p>Threads: each test makes its own loops.
 */
@TestLimit
public abstract class StoreContract
        implements
            StoreCommitContract,
            StoreLimitsContract,
            StoreReadContract,
            StoreWatchContract,
            StoreSessionContract,
            StoreCallersContract {

    /** For subclasses. */
    protected StoreContract() {}

    @Override
    public abstract StoreEngine engine();

    /** Runs a test as the main task of a loop; an engine of a simulation does so there. */
    @Override
    public void run(Action body) {
        Heddle.run(body);
    }

    /** The timeout that sessions are opened with: 4 s, the least that ZooKeeper grants as it is delivered. */
    @Override
    public Duration timeout() {
        return Duration.ofSeconds(4);
    }

    /** How long an answer may take before a test fails: far more than any needs, 20 s. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(20);
    }
}
