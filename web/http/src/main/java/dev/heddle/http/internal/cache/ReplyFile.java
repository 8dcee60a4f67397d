package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.syntax.Protocol;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A kept reply as the bytes of a file. A checksum stands behind all: what was torn by a crash is none. Of the request
 * only the names of the fields are there by which replies differ; what these were is in the file's name, hashed.
 *
 * <pre>
 * magic | names of fields | status, reason, protocol | fields | trailers | freshness | when it was asked for
 *       | length of the body | body | CRC-32C of all before
 * </pre>
 */
final class ReplyFile {

    /** Changes with the form: what another version has written is not read. */
    private static final int MAGIC = 0x48_44_43_01;

    private static final int MAX_FIELDS = 10_000;

    /** A head is shorter, by far. */
    private static final int MAX_HEAD_BYTES = 1 << 20;

    /** What is read of a file: all but the URL, and what the fields of the request were. */
    record Content(
            ReplyHead head, Headers trailers, StoredBytes body, List<String> names, Freshness freshness,
            Instant requested) {

        /** The reply to a request that is of this kind. */
        StoredReply reply(String url, RequestFields request) {
            return StoredReply.restored(url, head, trailers, body, Variant.of(names, request),
                    freshness, requested);
        }
    }

    private ReplyFile() {}

    static void write(StoredReply reply, OutputStream file) throws IOException {
        var checked = new CheckedOutputStream(file, new CRC32C());
        var out = new DataOutputStream(checked);
        writeHead(reply, reply.body().length(), out);
        reply.body().writeTo(out, 0, reply.body().length());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /** What stands before the body. */
    static void writeHead(StoredReply reply, long length, DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        List<String> names = reply.variant().names();
        out.writeInt(names.size());
        for (String name : names) {
            writeText(out, name);
        }
        ReplyHead head = reply.head();
        out.writeInt(head.status());
        writeText(out, head.reason());
        writeText(out, head.protocol().name());
        writeFields(out, head.headers());
        writeFields(out, reply.trailers());
        out.writeLong(reply.freshness().lifetimeMillis());
        out.writeLong(reply.freshness().initialAgeMillis());
        out.writeLong(reply.freshness().receivedMillis());
        Instant requested = reply.requested();
        out.writeLong(requested.getEpochSecond());
        out.writeInt(requested.getNano());
        out.writeLong(length);
    }

    private static void writeFields(DataOutputStream out, Headers fields) throws IOException {
        out.writeInt(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            writeText(out, fields.name(i));
            writeText(out, fields.value(i));
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** What a file has; null if it is torn, or of another form. */
    static @Nullable Content read(byte[] file) {
        int end = file.length - Long.BYTES;
        if (end < 0) {
            return null;
        }
        var sum = new CRC32C();
        sum.update(file, 0, end);
        if (sum.getValue() != ByteBuffer.wrap(file).getLong(end)) {
            return null;
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(file, 0, end))) {
            return readHead(in, length -> {
                if (length != in.available()) {
                    throw new IOException("the length is wrong");
                }
                return StoredBytes.of(in.readAllBytes());
            });
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return null; // its sum is right, and it was written by who does not know the form
        }
    }

    /**
     * What a file has whose body stays there; null if it is torn, or of another form.
     *
     * @param checked whether its sum was found right before: else it is read to its end
     */
    static @Nullable Content readLong(FileChannel file, boolean checked) throws IOException {
        long end = file.size() - Long.BYTES;
        if (end < 0 || !(checked || isWhole(file, end))) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(end, MAX_HEAD_BYTES));
        while (head.hasRemaining() && file.read(head, head.position()) >= 0) {
            // On to the end of what can be a head.
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(head.array(), 0, head.position()))) {
            return readHead(in, length -> {
                int begin = head.position() - in.available();
                if (begin + length != end) {
                    throw new IOException("the length is wrong");
                }
                return new FileBytes(file, begin, length);
            });
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static boolean isWhole(FileChannel file, long end) throws IOException {
        var sum = new CRC32C();
        ByteBuffer piece = ByteBuffer.allocate(MAX_HEAD_BYTES);
        long at = 0;
        while (at < end) {
            piece.clear().limit((int) Math.min(piece.capacity(), end - at));
            if (file.read(piece, at) < 0) {
                return false;
            }
            at += piece.position();
            sum.update(piece.flip());
        }
        ByteBuffer last = ByteBuffer.allocate(Long.BYTES);
        return file.read(last, end) == Long.BYTES && last.getLong(0) == sum.getValue();
    }

    /** Makes a body of so many bytes. */
    private interface BodyOf {
        StoredBytes length(long bytes) throws IOException;
    }

    private static Content readHead(DataInputStream in, BodyOf body) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("another form");
        }
        int count = count(in);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(readText(in));
        }
        int status = in.readInt();
        String reason = readText(in);
        Protocol protocol = Protocol.valueOf(readText(in));
        Headers fields = readFields(in);
        Headers trailers = readFields(in);
        var freshness = new Freshness(in.readLong(), in.readLong(), in.readLong());
        Instant requested = Instant.ofEpochSecond(in.readLong(), in.readInt());
        return new Content(
                new ReplyHead(status, reason, fields, protocol), trailers, body.length(in.readLong()), names, freshness,
                requested);
    }

    private static Headers readFields(DataInputStream in) throws IOException {
        int count = count(in);
        Headers.Builder fields = Headers.builder();
        for (int i = 0; i < count; i++) {
            fields.add(readText(in), readText(in));
        }
        return fields.build();
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_FIELDS) {
            throw new IOException("so many fields are none");
        }
        return count;
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text is longer than the file");
        }
        byte[] bytes = in.readNBytes(length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
