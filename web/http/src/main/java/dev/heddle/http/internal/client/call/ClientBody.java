package dev.heddle.http.internal.client.call;

import dev.heddle.http.BodyWriter;
import dev.heddle.http.Form;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.http.internal.codec.OffloadedIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.StringJoiner;
import java.util.function.Supplier;

/** The body of a client's request. */
public sealed interface ClientBody {

    /** No body, and no word about one. */
    None NONE = new None();

    /** The length that the head announces; -1 if it is not known and the body goes in chunks. */
    long length();

    /** Whether the same body can be sent once more, to another place or over another connection. */
    boolean isRepeatable();

    /** No body. */
    record None() implements ClientBody {

        @Override
        public long length() {
            return 0;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    /** Bytes in memory, in an array that is never changed. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Bytes(byte[] bytes) implements ClientBody {

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    /**
     * A body that is made while it is sent.
     *
     * @param trailers the fields behind it, asked when it has been written
     */
    record Written(BodyWriter writer, long length, boolean isRepeatable, Supplier<Headers> trailers)
            implements
                ClientBody {

        /** One with nothing behind it. */
        public Written(BodyWriter writer, long length, boolean isRepeatable) {
            this(writer, length, isRepeatable, () -> Headers.EMPTY);
        }
    }

    /** A form as {@code application/x-www-form-urlencoded}. */
    static ClientBody of(Form form) {
        var text = new StringJoiner("&");
        form.forEach((name, value) -> text.add(encoded(name) + "=" + encoded(value)));
        return new Bytes(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What a stream still holds. Read on worker threads, for it may block; closed at the end. */
    static ClientBody of(InputStream source) {
        return new Written(out -> copy(source, out), -1, false);
    }

    /** A file, with the length it has now. */
    static ClientBody of(Path file) throws IOException {
        long length = OffloadedIo.call(() -> {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                // A FIFO has no length to announce, and opening it waits for its other end.
                throw new IOException(file + " is not a regular file");
            }
            return attributes.size();
        });
        return new Written(out -> {
            long sent = copy(OffloadedIo.call(() -> Files.newInputStream(file)), out, length);
            if (sent != length) {
                throw new IllegalStateException(
                        file + " has another length than the " + length + " bytes that the request announces");
            }
        }, length, true);
    }

    private static void copy(InputStream source, OutputStream out) throws IOException {
        copy(source, out, Long.MAX_VALUE);
    }

    /** @return how many bytes there were; those beyond the most are not written */
    private static long copy(InputStream source, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[BodyFile.COPY_BYTES];
        long sent = 0;
        try (source) {
            for (int n = read(source, buffer); n >= 0 && sent <= most; n = read(source, buffer)) {
                sent += n;
                if (sent <= most) {
                    out.write(buffer, 0, n);
                }
            }
        }
        return sent;
    }

    private static int read(InputStream source, byte[] buffer) throws IOException {
        return OffloadedIo.call(() -> source.read(buffer));
    }
}
