package dev.heddle.os;

import dev.heddle.engine.Stdio;
import dev.heddle.os.StartFailedException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Named pipes, fifo(7), among the files that a child is to read or write: to open one waits until its other end is open
 * too, and no cancel reaches that wait.
 */
final class NamedPipes {

    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    private NamedPipes() {}

    /**
     * Checks that no stream leads to one. Blocks for as long as the file system needs.
     *
     * @param command for the message
     */
    static void refuse(String command, Stdio... streams) {
        for (Stdio stream : streams) {
            if (stream instanceof Stdio.ToFile(Path path, boolean _) && isNamedPipe(path)) {
                throw new StartFailedException(command, Reason.REFUSED, path + " is a named pipe, and to open one may"
                        + " wait for ever; use Stdio.PIPE, or let a shell open it", null);
            }
        }
    }

    /** A pipe without a name, as behind /dev/stdout, is opened at once. */
    private static boolean isNamedPipe(Path path) {
        try {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == FIFO
                    && Files.exists(path.toRealPath());
        } catch (IOException e) {
            return false; // the system says why when it is opened
        }
    }
}
