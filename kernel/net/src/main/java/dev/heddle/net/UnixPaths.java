package dev.heddle.net;

import dev.heddle.Heddle;
import dev.heddle.internal.FirstUse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of Unix sockets: a private place to make one, and putting it where it belongs without harm to anything that
 * is there.
 *
 * <p>All that is done is atomic by itself (mkdir, link, rename), so two servers that start at the same time cannot take
 * each other's socket away: a stale one is moved aside, looked at again, and put back if it is another by now.
 *
 * <p>Threads: a worker's, except for {@link #checkLength} and {@link #randomName}.
 */
final class UnixPaths {

    /** S_IFMT and S_IFSOCK, inode(7). */
    private static final int FILE_TYPE_BITS = 0170000;

    private static final int SOCKET_TYPE = 0140000;

    private static final String ATTRIBUTES = "unix:mode,uid,ino,dev";

    private UnixPaths() {}

    /** A file that is there: its type, its owner, and what tells it from any other. */
    record Found(boolean isSocket, int uid, Object inode, Object device) {}

    static void checkLength(Path path) {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > Unix.MAX_PATH_BYTES) {
            throw new IllegalArgumentException("the path of a Unix socket has " + length + " bytes, must have 1 to "
                    + Unix.MAX_PATH_BYTES + ": " + path);
        }
    }

    /** Short, since it counts for the longest path; random, by the engine's numbers. */
    static String randomName() {
        long random = Heddle.currentLoop().engine().random();
        return "." + Long.toString(Math.floorMod(random, 36L * 36 * 36 * 36 * 36), 36);
    }

    /** Makes a directory beside the path that nobody else can enter. */
    static Path privatePlace(Path path, String name) throws IOException {
        Path place = path.resolveSibling(name);
        checkLength(place.resolve("s"));
        try {
            return Files.createDirectory(
                    place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileSystemException e) {
            throw ofDirectory(path.toAbsolutePath().getParent(), e);
        }
    }

    /** The failure in words of the directory; nobody knows the random name in it. */
    private static FileSystemException ofDirectory(@Nullable Path directory, FileSystemException cause) {
        String reason = switch (cause) {
            case NoSuchFileException missing -> "there is no such directory";
            case AccessDeniedException denied -> "this user may not make files in this directory";
            default -> cause.getReason();
        };
        var failure = new FileSystemException(String.valueOf(directory), null, reason);
        failure.initCause(cause);
        return failure;
    }

    /** Gives a fresh socket its permissions and its name, in the place of a stale one if need be. */
    static Found publish(Path fresh, Path path, Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(fresh, permissions);
        Found own = find(fresh);
        if (own == null) {
            throw new NoSuchFileException(fresh.toString());
        }
        Found there = find(path);
        if (there != null) {
            refuseUnlessStale(there, own, path);
            moveAside(there, path, fresh.resolveSibling("old"));
        }
        try {
            Files.createLink(path, fresh);
        } catch (FileAlreadyExistsException e) {
            throw new FileSystemException(path.toString(), null, "another server has just taken it");
        }
        return own;
    }

    private static void refuseUnlessStale(Found there, Found own, Path path) throws IOException {
        if (!there.isSocket()) {
            throw new FileSystemException(path.toString(), null,
                    "there is something that is no socket; remove it or take another path");
        }
        if (there.uid() != own.uid()) {
            throw new FileSystemException(path.toString(), null, "there is a socket of another user");
        }
        if (somebodyListens(path)) {
            throw new FileSystemException(path.toString(), null, "a server is listening on it");
        }
    }

    private static boolean somebodyListens(Path path) throws IOException {
        FirstUse.CHANNELS.begin();
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Not blocking: a server whose backlog is full would keep a blocking one waiting. Full is alive.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // EAGAIN and all else: not known to be dead.
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void moveAside(Found stale, Path path, Path aside) throws IOException {
        try {
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        Found moved = find(aside);
        if (!stale.equals(moved)) {
            try {
                Files.createLink(path, aside);
            } finally {
                Files.delete(aside);
            }
            throw new FileSystemException(path.toString(), null, "another server has just taken it");
        }
        Files.delete(aside);
    }

    /** Removes what was left in the private place, and the place. */
    static void removePlace(Path place) {
        for (Path path : new Path[]{place.resolve("s"), place.resolve("old"), place}) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // A file too many does no harm, and there is nobody to tell.
            }
        }
    }

    /** Removes a socket unless another server's is there by now. */
    static void removeIfOwn(Path path, Found own) {
        try {
            if (own.equals(find(path))) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // The next server will find it stale.
        }
    }

    static @Nullable Found find(Path path) throws IOException {
        try {
            Map<String, Object> facts = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            return new Found(
                    ((int) fact(facts, "mode") & FILE_TYPE_BITS) == SOCKET_TYPE,
                    (int) fact(facts, "uid"),
                    fact(facts, "ino"),
                    fact(facts, "dev"));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Object fact(Map<String, Object> facts, String name) {
        return Objects.requireNonNull(facts.get(name), name);
    }
}
