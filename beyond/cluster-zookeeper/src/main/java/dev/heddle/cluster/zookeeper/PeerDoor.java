package dev.heddle.cluster.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The file that tells other programs of the same user the way to a server that runs: its port and its password.
 *
 * @param file where it is
 */
record PeerDoor(Path file) {

    /** That of a server's directory. */
    static PeerDoor of(Path directory) {
        return new PeerDoor(directory.toAbsolutePath().resolve("door"));
    }

    /** Writes it, whole or not at all. */
    void open(int port, PeerAccess access) {
        try {
            // By this name nobody finds it before it is whole, and nobody else may ever read it.
            Path fresh = Files.createTempFile(
                    file.getParent(), "door", ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, port + "\n" + access.secret() + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes it away. */
    void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It leads nowhere.
        }
    }

    /** The way to the server. */
    ZooKeeperStore engine() {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() == 2) {
                return PeerAccess.engine(Integer.parseInt(lines.getFirst()), lines.getLast());
            }
            throw new EmbeddedZooKeeperException(file + " is not what a server has written");
        } catch (NoSuchFileException e) {
            throw new EmbeddedZooKeeperException("no server runs in " + file.getParent(), e);
        } catch (IOException | NumberFormatException e) {
            throw new EmbeddedZooKeeperException("cannot read " + file, e);
        }
    }
}
