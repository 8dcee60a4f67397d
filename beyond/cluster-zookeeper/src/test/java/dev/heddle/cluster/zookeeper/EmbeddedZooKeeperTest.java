package dev.heddle.cluster.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome.Committed;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of this JVM: it starts, stops, comes again with what it knew, and refuses what would forget it. */
@Tag("full")
final class EmbeddedZooKeeperTest {

    private static final Key KEY = new Key("things", "a");

    private static final SessionOptions SESSION = SessionOptions.of("test").withTimeout(Duration.ofSeconds(4));

    @TempDir
    Path directory;

    @Test
    void serverThatIsStartedAgainKnowsWhatItKnew() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(options);
                    Store store = server.open(SESSION)) {
                assertEquals("leading", server.state());
                assertEquals(List.of(options.self()), server.peers());
                assertInstanceOf(
                        Committed.class,
                        store.commit(List.of(new Op.Create(KEY, Bytes.utf8("kept"), Lifetime.DURABLE))).join());
            }
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.restart(options);
                    Store store = server.open(SESSION)) {
                assertEquals("kept", store.read(KEY, ReadConsistency.FRESH).join().orElseThrow().value().utf8());
            }
        });
    }

    @Test
    void otherProgramsOfItsUserFindTheWayToItWhileItRuns() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(options);
                    Store store = server.open(SESSION)) {
                store.commit(List.of(new Op.Create(KEY, Bytes.utf8("seen"), Lifetime.DURABLE))).join();
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("door"))));
                try (Store other = EmbeddedZooKeeper.at(directory).open(SESSION)) {
                    assertEquals("seen", other.read(KEY, ReadConsistency.FRESH).join().orElseThrow().value().utf8());
                }
            }
            var gone = assertThrows(EmbeddedZooKeeperException.class, () -> EmbeddedZooKeeper.at(directory));
            assertEquals("no server runs in " + directory, gone.getMessage());
        });
    }

    @Test
    void serverWhoseDataAreGoneIsRefused() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            EmbeddedZooKeeper.found(options).close();
            delete(directory.resolve("data").resolve("version-2"));
            assertRefused("are gone", options);
            delete(directory);
            assertRefused("was never in", options);
        });
    }

    private static void assertRefused(String why, EmbeddedOptions options) {
        var refused = assertThrows(EmbeddedZooKeeperException.class, () -> EmbeddedZooKeeper.restart(options));
        assertTrue(refused.getMessage().contains(why), refused::getMessage);
    }

    @Test
    void directoryOfAnotherServerIsRefused() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            EmbeddedZooKeeper.found(options).close();
            ZooKeeperPeer self = options.self();
            assertRefused("is the directory of server 1, not 2", EmbeddedOptions.of(
                    directory, ZooKeeperPeer.voter(2, self.host(), self.quorumPort(), self.electionPort())));
        });
    }

    @Test
    void serverWhosePortIsTakenSaysSo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedOptions options = EmbeddedOptions.of(
                    directory,
                    ZooKeeperPeer.voter(1, "127.0.0.1", FreePorts.next(), taken.getLocalPort()))
                    .withPatience(Duration.ofSeconds(20));
            Heddle.run(() -> {
                var failed = assertThrows(EmbeddedZooKeeperException.class, () -> EmbeddedZooKeeper.found(options));
                assertEquals("cannot listen at 127.0.0.1:" + taken.getLocalPort(), failed.getMessage());
            });
        }
    }

    @Test
    void serverWithoutTheOthersSaysWhomItWaitsFor() throws Exception {
        ZooKeeperPeer missing = ZooKeeperPeer.voter(2, "127.0.0.1", FreePorts.next(), FreePorts.next());
        EmbeddedOptions one = SingleServer.options(directory);
        EmbeddedOptions options = EmbeddedOptions.of(directory, one.self(), missing)
                .withPatience(Duration.ofSeconds(1));
        Heddle.run(() -> {
            var failed = assertThrows(EmbeddedZooKeeperException.class, () -> EmbeddedZooKeeper.found(options));
            assertTrue(failed.getMessage().contains(missing.line()), failed::getMessage);
            assertTrue(failed.getMessage().contains("looking"), failed::getMessage);
        });
    }

    @Test
    void secondServerOfAJvmIsRefused() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(options)) {
                assertThrows(IllegalStateException.class, () -> EmbeddedZooKeeper.restart(options));
                assertEquals("leading", server.state());
            }
        });
    }

    @Test
    void strangersOnTheLoopbackReadAndChangeNothing() throws Exception {
        EmbeddedOptions options = SingleServer.options(directory);
        Heddle.run(() -> {
            try (EmbeddedZooKeeper server = EmbeddedZooKeeper.found(options);
                    Store store = server.open(SESSION)) {
                store.commit(List.of(new Op.Create(KEY, Bytes.utf8("secret"), Lifetime.DURABLE))).join();
                ZooKeeperStore stranger = ZooKeeperStore.connect("127.0.0.1:" + server.clientPort());
                assertThrows(Exception.class, () -> stranger.open(SESSION));
                assertThrows(Exception.class, () -> stranger.withDigest("super", "guess").open(SESSION));
                assertThrows(Exception.class, () -> stranger.open(SessionOptions.of("other")));
                assertEquals(
                        "stat is not executed because it is not in the whitelist.",
                        answer(server.clientPort(), "stat").strip());
            }
        });
    }

    /** What a server says to a four-letter word. */
    private static String answer(int port, String word) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(word.getBytes());
            return new String(socket.getInputStream().readAllBytes());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
