package dev.heddle.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A new directory that nobody else may look into, for sockets. */
final class PrivateDirectory {

    private PrivateDirectory() {}

    /** Makes one in the system's directory for temporary files, with the mode 0700 from the start. */
    static Path make() throws IOException {
        return Files.createTempDirectory(
                "heddle-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
