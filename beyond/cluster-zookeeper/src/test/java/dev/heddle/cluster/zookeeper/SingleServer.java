package dev.heddle.cluster.zookeeper;

import dev.heddle.Heddle;
import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** An ensemble of one server in this JVM, for tests. */
final class SingleServer implements AutoCloseable {

    private final EmbeddedZooKeeper server;

    SingleServer(Path directory) {
        server = Heddle.run(() -> EmbeddedZooKeeper.found(options(directory)));
    }

    static EmbeddedOptions options(Path directory) throws IOException {
        return EmbeddedOptions.of(directory, ZooKeeperPeer.voter(1, "127.0.0.1", FreePorts.next(), FreePorts.next()))
                .withTick(Duration.ofMillis(200))
                .withPatience(Duration.ofSeconds(30));
    }

    EmbeddedZooKeeper server() {
        return server;
    }

    @Override
    public void close() {
        Heddle.run(server::close);
    }
}
