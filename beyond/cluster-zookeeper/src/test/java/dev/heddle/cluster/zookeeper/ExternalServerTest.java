package dev.heddle.cluster.zookeeper;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.conformance.FreePorts;
import dev.heddle.tls.TlsAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that others run, as it is delivered but for its certificates. */
@Tag("full")
final class ExternalServerTest {

    private static final Duration VALID = Duration.ofDays(1);

    @TempDir
    Path directory;

    @Test
    void sessionOverMutualTlsIsForThoseWithACertificate() throws Exception {
        TlsAuthority authority = TlsAuthority.create("ours", VALID);
        Path trust = Files.writeString(directory.resolve("trust.pem"), authority.identity().chainPem());
        Path server = Files.writeString(directory.resolve("server.pem"), authority.issue(VALID, "localhost").pem());
        Path client = Files.writeString(directory.resolve("client.pem"), authority.issue(VALID, "localhost").pem());
        Path stranger = Files.writeString(
                directory.resolve("stranger.pem"),
                TlsAuthority.create("theirs", VALID).issue(VALID, "localhost").pem());
        int port = FreePorts.next();
        Path configuration = Files.write(
                directory.resolve("zoo.cfg"),
                List.of(
                        "dataDir=" + directory.resolve("data"),
                        "tickTime=500",
                        "secureClientPort=" + port,
                        "admin.enableServer=false",
                        "serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory",
                        "ssl.keyStore.location=" + server,
                        "ssl.keyStore.type=PEM",
                        "ssl.trustStore.location=" + trust,
                        "ssl.trustStore.type=PEM"));
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                QuorumPeerMain.class.getName(),
                configuration.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            ZooKeeperStore store = ZooKeeperStore.connect("localhost:" + port);
            Heddle.run(() -> {
                SessionOptions options = SessionOptions.of("test").withTimeout(Duration.ofSeconds(20));
                try (Store session = store.withTls(new PemFiles(client, trust)).open(options)) {
                    Op create = new Op.Create(new Key("things", "a"), Bytes.EMPTY, Lifetime.DURABLE);
                    assertInstanceOf(Committed.class, session.commit(List.of(create)).join());
                }
                SessionOptions shortly = options.withTimeout(Duration.ofSeconds(2));
                assertThrows(StoreUnavailableException.class, () -> store.open(shortly));
                assertThrows(
                        StoreUnavailableException.class,
                        () -> store.withTls(new PemFiles(stranger, trust)).open(shortly));
            });
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
