package dev.heddle.http.idempotency;

import dev.heddle.http.Headers;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request: the fingerprint by which it is known again, and the response, unless that was too long or
 * was cut off.
 *
 * @param print the hash of a {@link Fingerprint}
 * @param printed how many bytes of the body it has
 * @param whole whether that was all of the body
 * @param status of the response
 * @param headers of the response
 * @param body null if it was not kept
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Outcome(byte[] print, long printed, boolean whole, int status, Headers headers, byte @Nullable [] body) {

    private static final int FORM = 1;
    private static final int PRINT_BYTES = 32;
    private static final int PIECE_BYTES = 8 * 1024;

    static Outcome of(Fingerprint print, Response response, byte @Nullable [] body) {
        return new Outcome(print.end(), print.bytes(), print.isWhole(), response.status(), response.headers(), body);
    }

    /** That it was there. */
    Outcome lost() {
        return new Outcome(print, printed, whole, status, Headers.EMPTY, null);
    }

    /** As a store keeps it. */
    byte[] encoded() {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        try {
            out.writeByte(FORM);
            out.write(print);
            out.writeLong(printed);
            out.writeBoolean(whole);
            out.writeShort(status);
            out.writeInt(headers.size());
            for (int i = 0; i < headers.size(); i++) {
                write(out, headers.name(i).getBytes(StandardCharsets.ISO_8859_1));
                write(out, headers.value(i).getBytes(StandardCharsets.ISO_8859_1));
            }
            out.writeBoolean(body != null);
            write(out, body == null ? new byte[0] : body);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory there is none
        }
        return bytes.toByteArray();
    }

    /**
     * From a store.
     *
     * @throws IllegalStateException if it is none
     */
    static Outcome decoded(byte[] bytes) {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            if (in.readByte() != FORM) {
                throw new IOException("another form");
            }
            byte[] print = in.readNBytes(PRINT_BYTES);
            long printed = in.readLong();
            boolean whole = in.readBoolean();
            int status = in.readShort();
            Headers.Builder headers = Headers.builder();
            for (int left = in.readInt(); left > 0; left--) {
                headers.add(text(in), text(in));
            }
            byte[] body = in.readBoolean() ? in.readNBytes(in.readInt()) : null;
            return new Outcome(print, printed, whole, status, headers.build(), body);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("the store has given what it did not get", e);
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1);
    }

    /** Whether a request is the same one; reads as much of its body as was read of the first. */
    boolean isOf(Request request) {
        var other = new Fingerprint(request);
        byte[] piece = new byte[(int) Math.min(PIECE_BYTES, printed + 1)];
        while (other.bytes() < printed) {
            int count = request.read(piece, 0, (int) Math.min(piece.length, printed - other.bytes()));
            if (count < 0) {
                return false;
            }
            other.add(piece, 0, count);
        }
        boolean ends = !whole || request.read(piece, 0, 1) < 0;
        return ends && MessageDigest.isEqual(print, other.end());
    }
}
