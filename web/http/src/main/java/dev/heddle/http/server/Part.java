package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodyBytes;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.http.internal.codec.BodyInputStream;
import dev.heddle.http.internal.codec.BodyType;
import dev.heddle.http.internal.form.PartHead;
import dev.heddle.http.internal.form.SafeFilename;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One part of a {@code multipart/form-data} body: a field, or a file if it has a filename. Its data is read from the
 * connection as it is asked for, until the next part is.
 *
 * <p>What the peer says of it is for the peer to say: never build a path from {@link #filename()}.
 *
 * <p>Errors, threads and tests: as {@link MultipartReader}.
 */
public final class Part {

    private final MultipartReader reader;
    private final PartHead head;
    private long received;

    Part(MultipartReader reader, PartHead head) {
        this.reader = reader;
        this.head = head;
    }

    /** The name of the field, as UTF-8; malformed bytes become U+FFFD. Maybe empty. */
    public String name() {
        return head.name();
    }

    /**
     * The filename as sent, in UTF-8: maybe empty, with slashes, dots or percent signs, which mean nothing here. A
     * {@code filename*} is not looked at (RFC 7578, section 4.2).
     */
    public Optional<String> filename() {
        return Optional.ofNullable(head.filename());
    }

    /**
     * What can be kept of the filename: its last segment without what is special to a file system, at most 200 bytes.
     * Never empty, but not unique: two peers may send the same.
     */
    public Optional<String> safeFilename() {
        return filename().map(SafeFilename::of);
    }

    /** The headers, as Latin-1. */
    public Headers headers() {
        return head.headers();
    }

    /** The media type as sent. */
    public Optional<String> contentType() {
        return head.headers().get("Content-Type");
    }

    /** Reads into a whole array, as {@link #read(byte[], int, int)}. */
    public int read(byte[] target) {
        return read(target, 0, target.length);
    }

    /**
     * Reads some of the data, waiting while there is none.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return how many bytes, at least 1; 0 only if {@code count} is 0; -1 at the end
     * @throws IllegalStateException if the next part was asked for
     */
    public int read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        return reader.read(this, target, offset, count);
    }

    /**
     * Reads the rest of the data.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @param max most bytes
     * @throws StatusException 413 if there are more; otherwise as {@link MultipartReader}
     */
    public byte[] bytes(int max) {
        return BodyBytes.readAll(this::read, head.length() < 0 ? head.length() : head.length() - received, max,
                "a part");
    }

    /**
     * Reads the rest of the data as text, in the charset of the part's Content-Type or UTF-8. Malformed bytes become
     * U+FFFD.
     *
     * <p>Cancellation: what a cancelled call has read is lost.
     *
     * @param max most bytes
     * @throws StatusException 415 for an unknown charset; otherwise as {@link #bytes}
     */
    public String text(int max) {
        return new String(bytes(max), BodyType.charset(head.headers()));
    }

    /**
     * Puts the rest of the data into a file. It goes to a file beside it first, which takes its place only when it is
     * whole. Writes on worker threads.
     *
     * <p>Cancellation: a cancelled or failed call leaves the old file and nothing beside it.
     *
     * @return how many bytes there were
     * @throws IOException if the file cannot be written
     */
    public long saveTo(Path file) throws IOException {
        return BodyFile.copy(this::read, file);
    }

    /** The rest of the data as a stream, for libraries that read one. For tasks only; closing it does nothing. */
    public InputStream inputStream() {
        return new BodyInputStream(this::read);
    }

    /** Counts bytes of data; gives how many there were so far. */
    long count(int more) {
        received += more;
        return received;
    }

    /** The boundary decides where a part ends; a length that differs is a sign of another reading. */
    void checkWhole() {
        if (head.length() >= 0 && head.length() != received) {
            throw new StatusException(400, "a part has another length than it says");
        }
    }

    PartHead head() {
        return head;
    }

    @Override
    public String toString() {
        return "Part[" + FieldSyntax.printable(head.name()) + (head.filename() == null ? "]" : ", file]");
    }
}
