package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;

/**
 * The contract of every {@link Transport}, also under a {@link ByteStream}. An implementation inherits this class and
 * says how to run a loop and how to connect two ends in it:
 *
 * <pre>{@code
 * final class MemoryTransportTest extends TransportContract {
 *
 *     protected void run(Action body) {
 *         Heddle.run(body);
 *     }
 *
 *     protected Ends connect() {
 *         var pair = MemoryStreams.pair();
 *         return new Ends(pair.left().transport(), pair.right().transport());
 *     }
 *
 *     public int moreThanBuffered() {     // saves time where a million bytes are more than fits
 *         return 1_000_000;
 *     }
 * }
 * }</pre>
 *
 * <p>A transport with promises beyond these adds tests of its own to that class, over {@link #withStreams}.
 *
 * <p>Threads: each test runs in a fresh loop.
 */
@TestLimit
@LeavesNothing
public abstract class TransportContract
        implements
            ReadingContract,
            WritingContract,
            ClosingContract,
            LossContract,
            CrossedLossContract,
            BareTransportContract {

    /** For subclasses. */
    protected TransportContract() {}

    /**
     * Two connected transports.
     *
     * @param left one end
     * @param right the other end
     */
    public record Ends(Transport left, Transport right) {}

    /** Runs a body as the main task of a fresh loop. */
    protected abstract void run(Action body) throws Exception;

    /** Connects two ends; called in a task. */
    protected abstract Ends connect() throws Exception;

    /** Waits until what stands between ends has ended too; called when all are closed. Mostly nothing does. */
    protected void awaitEnd() throws Exception {}

    @Override
    public final void inLoop(ConnectorBody body) {
        try {
            run(() -> {
                body.run(this::open);
                awaitEnd();
                LeftoverCheck.checkTasksAndBuffers();
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Pair open() throws Exception {
        Ends ends = connect();
        return new Pair(new ByteStream(ends.left()), new ByteStream(ends.right()));
    }

    @Override
    public final void withStreams(StreamBody body) {
        CrossedLossContract.super.withStreams(body);
    }
}
