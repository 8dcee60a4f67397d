package dev.heddle;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;

/** An engine that does what another does; tests change one thing of it. */
public class ForwardingEngine implements Engine {

    private final Engine engine;

    public ForwardingEngine(Engine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public long nanoTime() {
        return engine.nanoTime();
    }

    @Override
    public Instant now() {
        return engine.now();
    }

    @Override
    public long random() {
        return engine.random();
    }

    @Override
    public boolean poll(long timeoutNanos, boolean external) {
        return engine.poll(timeoutNanos, external);
    }

    @Override
    public void wake() {
        engine.wake();
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        return engine.connect(remote);
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        return engine.listen(local, options);
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        return engine.resolve(host);
    }

    @Override
    public void close() {
        engine.close();
    }
}
