package dev.heddle.net;

import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import dev.heddle.io.MemoryStreams;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets in the file system: who may connect, and whose file it is. */
final class UnixTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void choosePath() {
        path = directory.resolve("app.sock");
    }

    private static void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), body);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Leaves what a process that was killed leaves. */
    private void leaveStaleSocket() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void serverAndAClientTalkAndTheFileIsGoneInTheEnd() {
        run(() -> {
            try (Listener listener = Unix.listen(path)) {
                assertEquals(path.toString(), listener.address());
                assertEquals(List.of("app.sock"), files());
                Task<Void> server = Heddle.spawn(() -> listener.serve(10,
                        stream -> stream.write("hello " + stream.readLine(100).orElseThrow())));
                try (ByteStream client = Unix.connect(path)) {
                    client.write("Ada\n");
                    assertEquals("hello Ada", text(client.readAll(100)));
                }
                assertTrue(listener.stop(LONG));
                server.join();
            }
            assertEquals(List.of(), files());
        });
    }

    @Test
    void onlyTheOwnerMayConnectUnlessToldOtherwise() {
        run(() -> {
            try (Listener listener = Unix.listen(path)) {
                assertTrue(listener.isOpen());
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
            try (Listener listener = Unix.listen(path, UnixOptions.DEFAULT.withPermissions("rw-rw----"))) {
                assertTrue(listener.isOpen());
                assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        });
        assertThrows(IllegalArgumentException.class, () -> UnixOptions.DEFAULT.withPermissions("rw"));
        assertThrows(IllegalArgumentException.class, () -> UnixOptions.DEFAULT.withBacklog(0));
    }

    @Test
    void socketIsBornWhereNobodyElseCanComeAndGetsItsNameLast_CVE_2026_65183() {
        run(() -> {
            Path place = UnixPaths.privatePlace(path, ".new");
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
            Path fresh = place.resolve("s");
            try (ServerSocketChannel born = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                born.bind(UnixDomainSocketAddress.of(fresh));
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxrwxrwx"));
                assertFalse(Files.exists(path));
                UnixPaths.publish(fresh, path, PosixFilePermissions.fromString("rw-------"));
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        });
    }

    @Test
    void staleSocketIsReplaced() throws Exception {
        leaveStaleSocket();
        run(() -> {
            assertThrows(ConnectFailedException.class, () -> Unix.connect(path));
            try (Listener listener = Unix.listen(path);
                    ByteStream client = Unix.connect(path);
                    ByteStream accepted = listener.accept()) {
                client.write("x");
                assertEquals("x", text(accepted.readExactly(1)));
                assertEquals(List.of("app.sock"), files());
            }
            assertEquals(List.of(), files());
        });
    }

    @Test
    void liveServerIsLeftAlone() {
        run(() -> {
            try (Listener listener = Unix.listen(path)) {
                var e = assertThrows(ListenFailedException.class, () -> Unix.listen(path));
                assertTrue(e.getMessage().contains("is listening"), e.getMessage());
                listener.accept().close();
                try (ByteStream client = Unix.connect(path); ByteStream accepted = listener.accept()) {
                    assertTrue(client.isOpen() && accepted.isOpen());
                }
                assertEquals(List.of("app.sock"), files());
            }
        });
    }

    @Test
    void fileADirectoryAndALinkAreLeftAlone() throws Exception {
        byte[] content = {1, 2, 3};
        Path file = Files.write(directory.resolve("file"), content);
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        Path folder = Files.createDirectory(directory.resolve("folder"));
        leaveStaleSocket();
        run(() -> {
            for (Path taken : List.of(file, link, folder)) {
                var e = assertThrows(ListenFailedException.class, () -> Unix.listen(taken));
                assertTrue(e.getMessage().contains("no socket"), e.getMessage());
            }
        });
        assertArrayEquals(content, Files.readAllBytes(file));
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(List.of("app.sock", "file", "folder", "link"), files());
    }

    @Test
    void socketThatAnotherServerHasPutThereStaysWhenThisOneCloses() {
        run(() -> {
            Listener first = Unix.listen(path);
            Files.delete(path);
            try (Listener second = Unix.listen(path)) {
                first.close();
                assertEquals(List.of("app.sock"), files());
                try (ByteStream client = Unix.connect(path); ByteStream accepted = second.accept()) {
                    assertTrue(client.isOpen() && accepted.isOpen());
                }
            }
            assertEquals(List.of(), files());
        });
    }

    @Test
    void pathTooLongIsRefused() {
        Path longest = directory.resolve("x".repeat(Unix.MAX_PATH_BYTES - directory.toString().length() - 1));
        Path tooLong = Path.of(longest + "x");
        run(() -> {
            var e = assertThrows(IllegalArgumentException.class, () -> Unix.listen(tooLong));
            assertTrue(e.getMessage().contains("107 bytes"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> Unix.connect(tooLong));
            assertThrows(IllegalArgumentException.class, () -> Unix.connect(Path.of("")));
            try (Listener listener = Unix.listen(longest); ByteStream client = Unix.connect(longest)) {
                assertTrue(listener.isOpen() && client.isOpen());
            }
        });
    }

    @Test
    void missingDirectoryOrSocketIsAClearError() {
        run(() -> {
            var listen = assertThrows(ListenFailedException.class, () -> Unix.listen(directory.resolve("no/app.sock")));
            assertTrue(listen.getMessage().contains("no/app.sock"), listen.getMessage());
            var connect = assertThrows(ConnectFailedException.class, () -> Unix.connect(path));
            assertEquals(ConnectFailedException.Phase.CONNECT, connect.phase());
            assertEquals(List.of(), connect.attempts());
        });
    }

    @Test
    void cancelledListenHasMadeNothing() throws Exception {
        run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");
            assertThrows(CancelledException.class, () -> Unix.listen(path));
            assertThrows(CancelledException.class, () -> Unix.connect(path));
        }));
        assertEquals(List.of(), files());
    }

    @Test
    void peersUserIsTold() {
        run(() -> {
            try (Listener listener = Unix.listen(path);
                    ByteStream client = Unix.connect(path);
                    ByteStream accepted = listener.accept()) {
                String me = Files.getOwner(path).getName();
                assertEquals(me, Unix.peer(accepted).orElseThrow().user());
                assertEquals(me, Unix.peer(client).orElseThrow().user());
                assertFalse(Unix.peer(accepted).orElseThrow().group().isBlank());
            }
            try (var pair = MemoryStreams.pair()) {
                assertEquals(Optional.empty(), Unix.peer(pair.left()));
            }
            try (Listener listener = Tcp.listen(0); ByteStream tcp = Tcp.connect("127.0.0.1", listener.port())) {
                assertEquals(Optional.empty(), Unix.peer(tcp));
            }
        });
    }

    @Test
    void fileGoesOverItByTheKernel() throws Exception {
        Path file = Files.write(directory.resolve("file"), Fixtures.noise(100_000, 3));
        run(() -> {
            try (Listener listener = Unix.listen(path);
                    ByteStream client = Unix.connect(path);
                    ByteStream accepted = listener.accept()) {
                Task<byte[]> reader = Heddle.spawn(() -> client.readExactly(100_000));
                assertEquals(100_000, accepted.sendFile(file));
                assertArrayEquals(Files.readAllBytes(file), reader.join());
            }
        });
    }
}
