package dev.heddle.cluster.zookeeper;

import dev.heddle.Heddle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;

/** An ensemble of one server in this JVM, for tests. */
final class SingleServer implements AutoCloseable {

    private final EmbeddedZooKeeper server;

    SingleServer(Path directory) {
        server = Heddle.run(() -> EmbeddedZooKeeper.found(options(directory)));
    }

    static EmbeddedOptions options(Path directory) throws IOException {
        return EmbeddedOptions.of(directory, ZooKeeperPeer.voter(1, "127.0.0.1", freePort(), freePort()))
                .withTick(Duration.ofMillis(200))
                .withPatience(Duration.ofSeconds(30));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    EmbeddedZooKeeper server() {
        return server;
    }

    @Override
    public void close() {
        Heddle.run(server::close);
    }
}
