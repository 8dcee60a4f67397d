package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;

/**
 * The contract of every {@link Engine} over a real system: waiting, waking, the clock, listening and connecting. An
 * engine inherits this class, and {@link TcpContract} for its connections, and says how it is made:
 *
 * <pre>{@code
 * final class NioEngineTest extends EngineContract {
 *     public Engine newEngine() {
 *         return new NioEngine();
 *     }
 * }
 *
 * final class NioTcpTest extends TcpContract {
 *     protected Engine newEngine() {
 *         return new NioEngine();
 *     }
 * }
 * }</pre>
 *
 * <p>Threads: each test makes its own engines and loops.
 */
@TestLimit
@LeavesNothing
public abstract class EngineContract
        implements
            PollContract,
            ConnectContract,
            AcceptContract,
            FirstReadContract,
            IdleContract {

    /** For subclasses. */
    protected EngineContract() {}

    @Override
    public abstract Engine newEngine();

    @Override
    public final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), () -> {
            body.run();
            LeftoverCheck.checkTasksAndBuffers();
        });
    }
}
