package dev.heddle.http.internal.server;

import dev.heddle.HeddleException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The content of an open file, of which a response has a part. */
public interface FileContent {

    /** A file that was there but cannot be read. */
    final class ReadFailedException extends HeddleException {
        private static final long serialVersionUID = 1L;

        public ReadFailedException(FileContent file, IOException cause) {
            super("cannot read " + file, cause);
        }
    }

    /** The file for the kernel to send, if it is one that the kernel knows. */
    @Nullable FileChannel kernelFile();

    /**
     * Fills the target with bytes from a position on, on a worker thread.
     *
     * @return how many, or -1 if the file ends before
     * @throws ReadFailedException if the system cannot read it
     */
    int read(ByteBuffer target, long position);

    /**
     * Writes a part of the file, which worker threads read.
     *
     * @throws IOException if the file is shorter than when it was opened, or the target fails
     */
    void copyTo(OutputStream target, long offset, long length) throws IOException;

    /** Closes the file; does nothing the second time. */
    void close();
}
