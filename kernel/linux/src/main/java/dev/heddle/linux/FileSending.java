package dev.heddle.linux;

import dev.heddle.ClosedException;
import dev.heddle.internal.Descriptors;
import dev.heddle.linux.internal.Errno;
import java.nio.channels.FileChannel;

/** The sending of a file of Java to a descriptor of ours: sendfile(2). */
final class FileSending {

    /** This part of the file cannot be sent so, or the loop would wait for a disk; a worker thread can read it. */
    static final int NO_SUCH_WAY = Integer.MIN_VALUE;

    private FileSending() {}

    /**
     * Sends a piece.
     *
     * @return the bytes sent, 0 if the file has nothing there, the negative error, or {@link #NO_SUCH_WAY}
     * @throws ClosedException if the file is closed
     */
    static int send(Descriptor endpoint, FileChannel file, long position, long count) {
        if (!file.isOpen()) {
            throw new ClosedException("the file was closed while it was sent over " + endpoint);
        }
        int descriptor;
        try {
            descriptor = Descriptors.of(file);
        } catch (UnsupportedOperationException notOfTheJdk) {
            return NO_SUCH_WAY;
        }
        long step = Math.min(count, Sockets.MAX_FILE_BYTES);
        if (!endpoint.sockets.isInMemory(descriptor, position, step)) {
            return NO_SUCH_WAY;
        }
        int sent = endpoint.sockets.sendFile(endpoint.descriptor, descriptor, position, step);
        if (sent == -Errno.EPIPE && endpoint.sentShort) {
            // Behind bytes that it has sent, the call keeps an error to itself, and the kernel tells each error once: an
            // EPIPE with no EAGAIN before it may have been a reset.
            return -Errno.ECONNRESET;
        }
        endpoint.sentShort = sent > 0 && sent < step;
        // A file system that has no way to, or a file that was not opened for reading, of which reading will tell.
        return sent == -Errno.EINVAL || sent == -Errno.ENOSYS || sent == -Errno.EBADF ? NO_SUCH_WAY : sent;
    }
}
