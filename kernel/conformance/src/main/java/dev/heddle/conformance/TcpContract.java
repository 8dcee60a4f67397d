package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

/**
 * The {@link TransportContract} for TCP connections of an engine, on the loopback address; see {@link EngineContract}
 * for how to inherit it.
 */
public abstract class TcpContract extends TransportContract {

    /** For subclasses. */
    protected TcpContract() {}

    /** A fresh engine. */
    protected abstract Engine newEngine();

    @Override
    protected final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), body);
    }

    @Override
    protected final Ends connect() {
        return connectOverLoopback();
    }

    @Override
    public boolean closesBeforeUnreadAreResets() {
        return true;
    }

    static Ends connectOverLoopback() {
        try (Listener listener = Tcp.listen(0)) {
            ByteStream client = Tcp.connect("127.0.0.1", listener.port());
            return new Ends(client.transport(), listener.accept().transport());
        }
    }
}
