package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import java.time.Duration;

/** The {@link TcpContract} through a {@link FaultProxy} that delays everything a little and cuts it anew. */
public abstract class FaultyTcpContract extends FaultProxyContract {

    private static final Faults LATE_AND_CUT = Faults.NONE
            .withDelay(Duration.ofNanos(100_000))
            .withJitter(Duration.ofNanos(400_000))
            .withPieceBytes(32 * 1024);

    /** For subclasses. */
    protected FaultyTcpContract() {
        super(LATE_AND_CUT);
    }

    /** A fresh engine. */
    protected abstract Engine newEngine();

    @Override
    protected final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }

    @Override
    protected final Ends connectDirectly() {
        return TcpContract.connectOverLoopback();
    }

    @Override
    public boolean closesBeforeUnreadAreResets() {
        return true;
    }
}
