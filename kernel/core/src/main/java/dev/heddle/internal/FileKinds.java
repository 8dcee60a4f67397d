package dev.heddle.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kinds of files that the JDK does not tell apart. */
public final class FileKinds {

    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    private FileKinds() {}

    /**
     * Whether a path is a named pipe, fifo(7): to open one waits until its other end is open too, and nothing ends that
     * wait. A pipe without a name, as behind /dev/stdout, is opened at once. Blocks for as long as the file system
     * needs.
     */
    public static boolean isNamedPipe(Path path) {
        try {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == FIFO
                    && Files.exists(path.toRealPath());
        } catch (IOException e) {
            return false; // the system says why when it is opened
        }
    }
}
