package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.internal.Leftovers;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What processes that were killed have left in the directory for temporary files. */
@Tag("full")
@LeavesNothing
final class LeftoversTest {

    private static final Instant NOW = Instant.now();
    private static final FileTime LONG_AGO = FileTime.from(NOW.minus(Duration.ofHours(2)));

    private final List<ServerSocketChannel> servers = new ArrayList<>();

    /** Short, since the path of a socket is. */
    private Path parent;

    private int user;

    @BeforeEach
    void make() throws IOException {
        parent = Files.createTempDirectory("left");
        user = (int) Files.getAttribute(parent, "unix:uid");
    }

    @AfterEach
    void delete() throws IOException {
        for (ServerSocketChannel server : servers) {
            server.close();
        }
        try (var all = Files.walk(parent)) {
            for (Path each : all.toList().reversed()) {
                Files.delete(each);
            }
        }
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectory(
                parent.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private void listen(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        servers.add(server);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    /** Where nobody listens any more: the file stays. */
    private static void leaveSocket(Path socket) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
    }

    private static Path old(Path directory) throws IOException {
        Files.setLastModifiedTime(directory, LONG_AGO);
        return directory;
    }

    private void remove() {
        Leftovers.remove(parent, user, NOW.minus(Duration.ofHours(1)));
    }

    @Test
    void emptyOnesAndThoseWithASocketOfNobodyAreRemoved() throws IOException {
        Path empty = old(directory("heddle-1"));
        Path child = directory("heddle-2");
        leaveSocket(child.resolve("socket"));
        Path manager = directory("heddle-3");
        leaveSocket(manager.resolve("manager"));
        old(child);
        old(manager);
        remove();
        for (Path each : List.of(empty, child, manager)) {
            assertFalse(Files.exists(each), each.toString());
        }
    }

    @Test
    void thoseWhereSomebodyListensStay() throws IOException {
        Path socket = directory("heddle-1").resolve("manager");
        listen(socket);
        old(Objects.requireNonNull(socket.getParent()));
        remove();
        assertTrue(Files.exists(socket));
    }

    @Test
    void whatMayBeSomethingElseStays() throws IOException {
        Path young = directory("heddle-1");
        Path withOther = directory("heddle-2");
        Files.createFile(withOther.resolve("manager"));
        old(withOther);
        Path withMore = directory("heddle-3");
        leaveSocket(withMore.resolve("manager"));
        Files.createFile(withMore.resolve("notes"));
        old(withMore);
        Path open = directory("heddle-4");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        old(open);
        Path named = old(directory("heddle-x"));
        Path memory = directory("heddle-" + user);
        old(memory);
        Path target = old(directory("elsewhere"));
        Path link = Files.createSymbolicLink(parent.resolve("heddle-5"), target);
        Path file = old(Files.createFile(parent.resolve("heddle-6")));
        remove();
        for (Path each : List.of(young, withOther.resolve("manager"), withMore.resolve("manager"), open, named, memory,
                target, link, file)) {
            assertTrue(Files.exists(each, LinkOption.NOFOLLOW_LINKS), each.toString());
        }
    }

    @Test
    void thoseOfAnotherUserStay() throws IOException {
        Path empty = old(directory("heddle-77777777777"));
        Leftovers.remove(parent, user + 1, NOW);
        assertTrue(Files.exists(empty));
    }

    @Test
    void parentThatIsNotThereIsNoFailure() {
        Leftovers.remove(parent.resolve("nowhere"), user, NOW);
        assertTrue(Files.exists(parent));
    }

    @Test
    void managerThatLivesStaysAndGoesOn() throws IOException {
        try (Manager manager = Manager.open()) {
            SharedCounter counter = manager.counter();
            Path socket = Path.of(Objects.requireNonNull(RemoteReference.behind(counter)).address);
            Path directory = Objects.requireNonNull(socket.getParent());
            old(directory);
            Leftovers.remove(
                    Objects.requireNonNull(directory.getParent()), user, LONG_AGO.toInstant().plusSeconds(1));
            assertTrue(Files.exists(socket));
            assertEquals(1, counter.incrementAndGet());
            try (ProcessPool pool = ProcessPool.of(InChildren.QUIET.withWorkers(1))) {
                assertEquals(2, pool.call(counter::incrementAndGet));
            }
        }
    }
}
