package dev.heddle.os;

import dev.heddle.engine.Stdio;
import dev.heddle.internal.FileKinds;
import dev.heddle.os.StartFailedException.Reason;
import java.nio.file.Path;

/**
 * Named pipes, fifo(7), among the files that a child is to read or write: to open one waits until its other end is open
 * too, and no cancel reaches that wait.
 */
final class NamedPipes {

    private NamedPipes() {}

    /**
     * Checks that no stream leads to one. Blocks for as long as the file system needs.
     *
     * @param command for the message
     */
    static void refuse(String command, Stdio... streams) {
        for (Stdio stream : streams) {
            if (stream instanceof Stdio.ToFile(Path path, boolean _) && FileKinds.isNamedPipe(path)) {
                throw new StartFailedException(command, Reason.REFUSED, path + " is a named pipe, and to open one may"
                        + " wait for ever; use Stdio.PIPE, or let a shell open it", null);
            }
        }
    }
}
