package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.server.FileContent;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.PageCache;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A regular file that is about to be sent, as it was when it was opened: its length and time are promised to the peer
 * and do not change if the file does.
 *
 * <p>A small file is read in the same visit to the worker thread that opens it, and closed there; larger ones are read
 * piece by piece as the peer takes them.
 */
final class OpenFile implements FileContent {

    /** Most bytes of a file that is read at once. */
    static final int SMALL_BYTES = 64 * 1024;

    private final String name;
    private final long size;
    private final Instant modified;
    private final @Nullable SeekableByteChannel channel;
    private final byte[] content;

    private OpenFile(
            String name, long size, Instant modified, @Nullable SeekableByteChannel channel, byte[] content) {
        this.name = name;
        this.size = size;
        this.modified = modified;
        this.channel = channel;
        this.content = content;
    }

    /** A file that the system had in memory. Takes it over. */
    static OpenFile found(String name, PageCache.Snapshot file) {
        return new OpenFile(name, file.size(), file.modified(), file.file(), file.content());
    }

    /**
     * Takes an open channel over. Blocks; for worker threads.
     *
     * @param channel of a regular file; closed by this, also if it fails
     */
    static OpenFile take(String name, SeekableByteChannel channel, Instant modified) throws IOException {
        try {
            long size = channel.size();
            if (size > SMALL_BYTES) {
                return new OpenFile(name, size, modified, channel, new byte[0]);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // A file that shrinks meanwhile just has fewer bytes.
            }
            channel.close();
            byte[] bytes = Arrays.copyOf(content.array(), content.position());
            return new OpenFile(name, bytes.length, modified, null, bytes);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Opens a file of the program's choice, on a worker thread; symbolic links are followed.
     *
     * @throws StatusException 404 if there is no regular file to read
     */
    static OpenFile open(Path path) {
        return Heddle.offload(() -> {
            try {
                // Before opening: opening a FIFO waits for its other end.
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    Instant modified = attributes.lastModifiedTime().toInstant();
                    return take(path.toString(), Files.newByteChannel(path), modified);
                }
            } catch (IOException | InvalidPathException e) {
                throw refusal(e);
            }
            throw new StatusException(404, StatusLines.phrase(404));
        });
    }

    /** What a failed opening means for the peer; one that was cut off by a cancel says nothing about the file. */
    static Exception refusal(Exception e) {
        if (e instanceof ClosedByInterruptException) {
            return e;
        }
        boolean ours = String.valueOf(e.getMessage()).contains("Too many open files");
        int status = ours ? 503 : 404;
        return new StatusException(status, StatusLines.phrase(status));
    }

    /** Without its directories, or as the program has named it. */
    String name() {
        return name;
    }

    long size() {
        return size;
    }

    Instant modified() {
        return modified;
    }

    /** Whether all bytes are in memory, to be had from {@link #content()}. */
    boolean isLoaded() {
        return channel == null;
    }

    byte[] content() {
        return content;
    }

    @Override
    public @Nullable FileChannel kernelFile() {
        return channel instanceof FileChannel file ? file : null;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        SeekableByteChannel open = channel;
        if (open == null) {
            throw new IllegalStateException("the file is loaded");
        }
        return Heddle.offload(() -> {
            try {
                open.position(position);
                int start = target.position();
                int count = 0;
                while (target.hasRemaining() && count >= 0) {
                    count = open.read(target);
                }
                return target.position() == start ? -1 : target.position() - start;
            } catch (IOException e) {
                throw new ReadFailedException(this, e);
            }
        });
    }

    @Override
    public void copyTo(OutputStream target, long offset, long length) throws IOException {
        if (isLoaded()) {
            target.write(content, (int) offset, (int) length);
            return;
        }
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(SMALL_BYTES, length));
        long end = offset + length;
        for (long at = offset; at < end; at += piece.position()) {
            piece.clear().limit((int) Math.min(piece.capacity(), end - at));
            if (read(piece, at) < 0) {
                throw new IOException(this + " is shorter than when it was opened");
            }
            target.write(piece.array(), 0, piece.position());
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                ServerLog.fileFailed(this, e);
            }
        }
    }

    @Override
    public String toString() {
        return "file " + FieldSyntax.printable(name);
    }
}
