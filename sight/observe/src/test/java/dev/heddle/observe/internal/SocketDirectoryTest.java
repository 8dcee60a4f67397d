package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.SystemUser;
import dev.heddle.observe.internal.SocketDirectory.Entry;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of sockets: where it is, whose, and what killed processes leave in it. */
final class SocketDirectoryTest {

    /** No process has it: more than the system counts to. */
    private static final long NOBODY = 9_999_999_999L;

    @TempDir
    Path temporary;

    private int user;
    private Path runtime;

    @BeforeEach
    void makeRuntimeDirectory() throws IOException {
        user = SystemUser.number();
        runtime = Files.createDirectory(temporary.resolve("run"));
    }

    private SocketDirectory claim(@Nullable Path runtimeDirectory) throws IOException {
        return SocketDirectory.claim(user, environment(runtimeDirectory), temporary);
    }

    private static Map<String, String> environment(@Nullable Path runtimeDirectory) {
        return runtimeDirectory == null ? Map.of() : Map.of("XDG_RUNTIME_DIR", runtimeDirectory.toString());
    }

    private Path fallback() {
        return temporary.resolve("heddle-" + user);
    }

    @Test
    void directoryIsInTheRuntimeDirectoryAndForItsUserAlone() throws IOException {
        SocketDirectory directory = claim(runtime);

        assertEquals(runtime.resolve("heddle"), directory.path());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        assertEquals(directory, claim(runtime));
    }

    @Test
    void withoutARuntimeDirectoryItIsAmongTemporaryFiles() throws IOException {
        assertEquals(fallback(), claim(null).path());
        assertEquals(fallback(), claim(runtime.resolve("none")).path());
        assertEquals(fallback(), claim(Path.of("relative")).path());
    }

    @Test
    void directoryThatTheEnvironmentNamesIsTheOnlyOne() throws IOException {
        Path own = temporary.resolve("own");
        Map<String, String> environment = Map.of(
                "HEDDLE_OBSERVE_DIRECTORY", own.toString(), "XDG_RUNTIME_DIR", runtime.toString());

        assertEquals(own, SocketDirectory.claim(user, environment, temporary).path());
        assertEquals(List.of(new SocketDirectory(own)), SocketDirectory.of(user, environment));
    }

    @Test
    void runtimeDirectoryThatIsTooLongForASocketIsPassedOver() throws IOException {
        Path deep = Files.createDirectories(runtime.resolve("d".repeat(SocketDirectory.MAX_PATH_BYTES)));

        assertEquals(fallback(), claim(deep).path());
    }

    @Test
    void longestPathThatFitsCanBeListenedAt() throws IOException {
        String rest = "/heddle/9999999999.sock";
        int missing = SocketDirectory.MAX_PATH_BYTES - runtime.toString().length() - 1 - rest.length();
        Path deep = Files.createDirectories(runtime.resolve("d".repeat(missing)));
        SocketDirectory directory = claim(deep);

        assertEquals(deep.resolve("heddle"), directory.path());
        try (ServerSocketChannel server = directory.listen(NOBODY)) {
            assertTrue(server.isOpen());
        }
    }

    @Test
    void directoryOfAnotherUserIsRefused() throws IOException {
        Files.createDirectory(temporary.resolve("heddle-" + (user + 1)));

        FileSystemException refused = assertThrows(
                FileSystemException.class, () -> SocketDirectory.claim(user + 1, environment(runtime), temporary));
        assertTrue(refused.getMessage().contains("is no directory of user " + (user + 1)), refused.getMessage());
    }

    @Test
    void directoryThatOthersMayEnterIsRefusedAndNotLookedInto() throws IOException {
        Files.createDirectory(
                fallback(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        FileSystemException refused = assertThrows(FileSystemException.class, () -> claim(null));
        assertTrue(refused.getMessage().contains("its mode is 755 and must be 700"), refused.getMessage());
        Files.createDirectory(
                runtime.resolve("heddle"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertFalse(
                SocketDirectory.of(user, environment(runtime)).stream().anyMatch(it -> it.path().startsWith(runtime)));
    }

    @Test
    void linkInItsPlaceIsRefused() throws IOException {
        Files.createSymbolicLink(fallback(), Files.createDirectory(temporary.resolve("elsewhere")));

        assertThrows(FileSystemException.class, () -> claim(null));
    }

    @Test
    void socketOfADeadProcessIsReplaced() throws IOException {
        SocketDirectory directory = claim(runtime);
        directory.listen(NOBODY).close();
        assertTrue(Files.exists(directory.socket(NOBODY)));

        try (ServerSocketChannel server = directory.listen(NOBODY);
                SocketChannel peer = SocketChannel.open(
                        UnixDomainSocketAddress.of(directory.socket(NOBODY)))) {
            assertTrue(peer.isConnected());
            assertTrue(server.isOpen());
        }
    }

    @Test
    void socketWhereAnotherListensIsLeftToIt() throws IOException {
        SocketDirectory directory = claim(runtime);
        try (ServerSocketChannel first = directory.listen(NOBODY)) {
            FileSystemException refused = assertThrows(FileSystemException.class, () -> directory.listen(NOBODY));
            assertTrue(refused.getMessage().contains("a process with the same number listens there"));
            try (SocketChannel peer = SocketChannel.open(
                    UnixDomainSocketAddress.of(directory.socket(NOBODY)))) {
                assertTrue(peer.isConnected());
                assertTrue(first.accept().isConnected());
            }
            assertEquals(List.of(directory.socket(NOBODY)), files(directory));
        }
    }

    @Test
    void sweepTakesAwayWhatKilledProcessesHaveLeftAndNothingElse() throws IOException {
        SocketDirectory directory = claim(runtime);
        directory.listen(NOBODY).close();
        long here = ProcessHandle.current().pid();
        directory.listen(here).close();
        Path note = Files.writeString(directory.path().resolve("note"), "");
        Path noSocket = Files.writeString(directory.path().resolve("12.sockets"), "");

        try (ServerSocketChannel alive = directory.listen(NOBODY - 1)) {
            assertTrue(alive.isOpen());
            directory.sweep();

            assertEquals(
                    List.of(noSocket, directory.socket(NOBODY - 1), note, directory.socket(here)).stream().sorted()
                            .toList(),
                    files(directory));
        }
        assertEquals(List.of(here, NOBODY - 1), directory.entries().stream().map(Entry::pid).toList());
    }

    private static List<Path> files(SocketDirectory directory) throws IOException {
        try (var all = Files.list(directory.path())) {
            return all.sorted().toList();
        }
    }

    @Test
    void usersWhoHaveADirectoryAreFoundByItsName() throws IOException {
        SocketDirectory mine = SocketDirectory.claim(user, Map.of(), SocketDirectory.TEMPORARY);

        assertTrue(Files.isDirectory(mine.path()));
        assertTrue(SocketDirectory.users().contains(user));
    }
}
