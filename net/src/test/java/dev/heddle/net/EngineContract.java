package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;

/**
 * What every {@link Engine} over a real system does. An engine inherits this class and says how it is made:
 *
 * <pre>{@code
 * final class NioEngineTest extends EngineContract {
 *     public Engine newEngine() { return new NioEngine(); }
 * }
 * }</pre>
 *
 * <p>Its transports have a suite of their own, {@link TransportContract}.
 */
public abstract class EngineContract implements PollContract, ConnectContract, AcceptContract, IdleContract {

    @Override
    public final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }
}
