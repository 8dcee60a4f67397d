package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

/** The fixture under the parts of {@link EngineContract}. */
interface EngineFixture {

    /** A fresh engine. */
    Engine newEngine();

    /** Runs a body as the main task of a loop with a fresh engine. */
    void run(Action body);

    static Engine engine() {
        return Heddle.currentLoop().engine();
    }

    static Acceptor listen() throws IOException {
        return engine().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
    }

    /** A port on which nobody listens. */
    static InetSocketAddress deadPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    /** Waits until no more descriptors are open than before; engines may close a little later. */
    static void awaitDescriptors(long before) {
        for (int i = 0; LeftoverCheck.openDescriptors() > before; i++) {
            if (i == 1_000) {
                fail(LeftoverCheck.openDescriptors() + " descriptors are open, there were " + before);
            }
            Heddle.sleep(Duration.ofMillis(1));
        }
    }
}
