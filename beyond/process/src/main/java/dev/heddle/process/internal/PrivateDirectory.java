package dev.heddle.process.internal;

import dev.heddle.internal.GuardProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A directory in which one socket lies, and which nobody else may look into. It goes with the socket; if its process is
 * killed before, the guard removes it, and {@link Leftovers} if the machine goes down.
 *
 * @param path the directory
 * @param socket the place of the socket, which is made by others
 */
public record PrivateDirectory(Path path, Path socket) implements AutoCloseable {

    public static final String PREFIX = "heddle-";

    /** The mode of a directory that only its user may enter. */
    public static final String OURS = "rwx------";

    // ---- the names of sockets ----

    public static final String OF_A_CHILD = "socket";
    public static final String OF_A_MANAGER = "manager";

    /** What the path of a directory may have, so that that of a socket in one inside has at most 107 bytes: unix(7). */
    private static final int MAX_PARENT_BYTES = 70;

    private static final Path SHORT = Path.of("/tmp");

    /** Makes one in the system's directory for temporary files, or where no socket's path would be short enough in /tmp. */
    public static PrivateDirectory make(String socketName) throws IOException {
        Path path = Files.createTempDirectory(parent(), PREFIX, mode(OURS));
        GuardProcess.own(path);
        Leftovers.removeOnce(path);
        return new PrivateDirectory(path, path.resolve(socketName));
    }

    private static Path parent() {
        String temporary = System.getProperty("java.io.tmpdir");
        boolean isLong = temporary.getBytes(StandardCharsets.UTF_8).length > MAX_PARENT_BYTES;
        return isLong && Files.isDirectory(SHORT) ? SHORT : Path.of(temporary);
    }

    /** The mode that a file has from the start. */
    public static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** What is in a directory. */
    public static List<Path> contents(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    /** The one that a socket lies in. */
    public static PrivateDirectory of(Path socket) {
        return new PrivateDirectory(Objects.requireNonNull(socket.getParent()), socket);
    }

    /** Takes both away. Fails never: what cannot be taken away is in nobody's way. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(path);
            GuardProcess.disown(path);
        } catch (IOException e) {
            // Left to whoever cleans the system's temporary directory; nobody listens there.
        }
    }
}
