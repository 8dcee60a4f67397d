package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodyBytes;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.http.internal.codec.BodyInputStream;
import dev.heddle.http.internal.codec.BodySource;
import dev.heddle.http.internal.codec.BodyType;
import dev.heddle.http.internal.form.PartHead;
import dev.heddle.http.internal.form.SafeFilename;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of a {@link FormData}: in memory if it is small, else on the disk, and gone when the request has ended. It can
 * be read as often as is wanted.
 *
 * <p>What the peer says of it is for the peer to say: never build a path from {@link #filename()}.
 *
 * <p>Threads: tasks of the server's loop. Tests: as {@link FormData}.
 */
public final class UploadedFile {

    private final PartHead head;
    private final byte @Nullable [] memory;
    private final UploadSpool spool;
    private final long begin;
    private final long size;

    private UploadedFile(PartHead head, byte @Nullable [] memory, UploadSpool spool, long begin, long size) {
        this.head = head;
        this.memory = memory;
        this.spool = spool;
        this.begin = begin;
        this.size = size;
    }

    static UploadedFile inMemory(PartHead head, byte[] bytes, UploadSpool spool) {
        return new UploadedFile(head, bytes, spool, 0, bytes.length);
    }

    /** Takes what was appended to the spool since some place. */
    static UploadedFile onDisk(PartHead head, UploadSpool spool, long begin) {
        return new UploadedFile(head, null, spool, begin, spool.size() - begin);
    }

    /** The name of its field, as UTF-8; malformed bytes become U+FFFD. Maybe empty. */
    public String name() {
        return head.name();
    }

    /** The filename as sent, as {@link Part#filename()}; maybe empty. */
    public String filename() {
        String filename = head.filename();
        return filename == null ? "" : filename;
    }

    /** What can be kept of the filename, as {@link Part#safeFilename()}. */
    public String safeFilename() {
        return SafeFilename.of(filename());
    }

    /** The headers of its part, as Latin-1. */
    public Headers headers() {
        return head.headers();
    }

    /** The media type as sent. */
    public Optional<String> contentType() {
        return head.headers().get("Content-Type");
    }

    /** How many bytes it has. */
    public long size() {
        return size;
    }

    /**
     * Reads all of it.
     *
     * @param max most bytes
     * @throws StatusException 413 if there are more
     * @throws IllegalStateException if the request is over
     */
    public byte[] bytes(int max) {
        return BodyBytes.readAll(source(), size, max, "a file");
    }

    /**
     * Reads all of it as text, in the charset of its Content-Type or UTF-8. Malformed bytes become U+FFFD.
     *
     * @param max most bytes
     * @throws StatusException 415 for an unknown charset; otherwise as {@link #bytes}
     */
    public String text(int max) {
        return new String(bytes(max), BodyType.charset(head.headers()));
    }

    /** A stream from its begin, for libraries that read one. For tasks only; closing it does nothing. */
    public InputStream inputStream() {
        return new BodyInputStream(source());
    }

    /**
     * Copies it into a file. The bytes go to a file beside it first, which takes its place only when it is whole.
     * Writes on worker threads.
     *
     * <p>Cancellation: a cancelled or failed call leaves the old file and nothing beside it.
     *
     * @return how many bytes it has
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if the request is over
     */
    public long saveTo(Path file) throws IOException {
        return BodyFile.copy(source(), file);
    }

    private BodySource source() {
        long[] at = {0};
        return (target, offset, count) -> {
            int wanted = (int) Math.min(count, size - at[0]);
            if (wanted == 0) {
                return count == 0 ? 0 : -1;
            }
            int taken = read(at[0], target, offset, wanted);
            at[0] += taken;
            return taken;
        };
    }

    private int read(long position, byte[] target, int offset, int count) {
        byte[] bytes = memory;
        if (bytes == null) {
            return spool.read(begin + position, target, offset, count);
        }
        System.arraycopy(bytes, (int) position, target, offset, count);
        return count;
    }

    @Override
    public String toString() {
        return "UploadedFile[" + FieldSyntax.printable(head.name()) + ", " + size + " bytes]";
    }
}
