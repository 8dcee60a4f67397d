package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The fixture under the parts of {@link EngineContract}. */
public interface EngineFixture {

    /** A fresh engine. */
    Engine newEngine();

    /** Runs a body as the main task of a loop with a fresh engine. */
    void run(Action body);

    /** A test over a listener. */
    interface AcceptorBody {
        void run(Acceptor acceptor) throws Exception;
    }

    /** A test over a listener and one connection of it. */
    interface ConnectionBody {
        void run(Acceptor acceptor, ByteStream client, ByteStream server) throws Exception;
    }

    default void withAcceptor(AcceptorBody body) {
        run(() -> {
            try (Acceptor acceptor = listen()) {
                body.run(acceptor);
            }
        });
    }

    default void withConnection(ConnectionBody body) {
        withAcceptor(acceptor -> {
            try (var client = new ByteStream(engine().connect(acceptor.localAddress()));
                    ByteStream server = new ByteStream(acceptor.accept())) {
                body.run(acceptor, client, server);
            }
        });
    }

    static Engine engine() {
        return Heddle.currentLoop().engine();
    }

    static Acceptor listen() throws IOException {
        return engine().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
    }

    /** A port on which nobody listens. */
    static InetSocketAddress deadPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next());
    }
}
