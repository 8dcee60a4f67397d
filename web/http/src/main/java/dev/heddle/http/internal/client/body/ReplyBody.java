package dev.heddle.http.internal.client.body;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.internal.BoundedBytes;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply on its way to the reader, with the head that came before it and the request that it answers. It
 * is what the links of a call hand on; the {@code Reply} of the user is made of the last one. One reader at a time.
 */
public interface ReplyBody extends AutoCloseable {

    /** Most bytes that are collected before a larger array is made. */
    int FIRST_BYTES = 16 * 1024;

    /** The request that it answers, as errors and the reply name it. */
    RequestHop hop();

    /** The head that came before it. */
    ReplyHead head();

    /** The status of the reply, 200 to 999. */
    default int status() {
        return head().status();
    }

    /** The header fields of the reply. */
    default Headers headers() {
        return head().headers();
    }

    /** The coding that the bytes still have; null if they have none. */
    default @Nullable String coding() {
        Headers headers = headers();
        int count = length() == 0 ? 0 : headers.count("Content-Encoding");
        if (count == 0) {
            return null;
        }
        String coding = count == 1
                ? headers.first("Content-Encoding")
                : String.join(", ", headers.all("Content-Encoding"));
        return coding == null || coding.isEmpty() || coding.equalsIgnoreCase("identity") ? null : coding;
    }

    /** Whether it was made here: no other try can get another. */
    default boolean isStored() {
        return false;
    }

    /**
     * Reads what is there, waiting while there is nothing.
     *
     * @param count at least 1
     * @return how many bytes came, at least 1, or -1 at the end
     */
    int read(byte[] target, int offset, int count);

    /**
     * Shows what is there where it lies, waiting while there is nothing; all of it counts as read. It may be looked at
     * until the next call only.
     *
     * @return the bytes, none at the end; null if this body cannot show them: read it
     */
    default @Nullable ByteBuffer lend() {
        return null;
    }

    /** The length if it is known before reading, or -1. */
    long length();

    /** Whether something of it is there, or its end, so that a read need not wait: as far as known. */
    boolean hasArrived();

    /** The fields behind the body; none before its end was read. */
    default Headers trailers() {
        return Headers.EMPTY;
    }

    /** Stops reading and frees what is held. Never waits; does nothing the second time. */
    @Override
    void close();

    /** Stops reading as {@link #close}, but lets a request go on whose response has ended. */
    default void closeInput() {
        close();
    }

    /**
     * Waits until the body of the request is sent, or the server ends the exchange because it wants no more of it. At
     * once where nothing is sent behind the head of the reply.
     */
    default void awaitSent() {}

    /** A whole body. */
    final class InMemory implements ReplyBody {

        private static final byte[] NONE = {};

        private static final ByteBuffer NO_PIECE = ByteBuffer.wrap(NONE);

        private final RequestHop hop;
        private final ReplyHead head;
        private final byte[] bytes;
        private final Headers trailers;
        private int at;

        /** A body without bytes. */
        public InMemory(RequestHop hop, ReplyHead head) {
            this(hop, head, NONE, Headers.EMPTY);
        }

        public InMemory(RequestHop hop, ReplyHead head, byte[] bytes, Headers trailers) {
            this.hop = hop;
            this.head = head;
            this.bytes = bytes;
            this.trailers = trailers;
        }

        /** The same, not yet read, with another head. */
        InMemory with(RequestHop asked, ReplyHead told) {
            return new InMemory(asked, told, bytes, trailers);
        }

        @Override
        public RequestHop hop() {
            return hop;
        }

        @Override
        public ReplyHead head() {
            return head;
        }

        @Override
        public ByteBuffer lend() {
            if (at == bytes.length) {
                return NO_PIECE;
            }
            ByteBuffer rest = ByteBuffer.wrap(bytes, at, bytes.length - at).asReadOnlyBuffer();
            at = bytes.length;
            return rest;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            if (at == bytes.length) {
                return -1;
            }
            int taken = Math.min(count, bytes.length - at);
            System.arraycopy(bytes, at, target, offset, taken);
            at += taken;
            return taken;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public boolean hasArrived() {
            return true;
        }

        @Override
        public Headers trailers() {
            return at == bytes.length ? trailers : Headers.EMPTY;
        }

        @Override
        public void close() {
            at = bytes.length;
        }

        /** All bytes, read or not; not to be changed. */
        public byte[] whole() {
            return bytes;
        }

        /** The fields behind it, whether or not it was read. */
        Headers behind() {
            return trailers;
        }

        /** All bytes if none was read yet, else null: saves a copy. */
        byte @Nullable [] untouched() {
            if (at != 0) {
                return null;
            }
            at = bytes.length;
            return bytes;
        }
    }

    /**
     * Reads all that is left.
     *
     * @param read how many bytes were read before
     * @param what names the reply in the error
     * @throws LimitExceededException if there is more than the limit
     */
    static byte[] readAll(ReplyBody body, long read, int limit, Object what) {
        long left = body.length() < 0 ? -1 : body.length() - read;
        if (left > limit) {
            throw tooLong(what, limit);
        }
        if (body instanceof InMemory memory) {
            byte[] whole = memory.untouched();
            if (whole != null) {
                return whole;
            }
        }
        long first = left < 0 ? FIRST_BYTES : Math.min(FIRST_BYTES, left);
        return BoundedBytes.readAll(body::read, (int) first, FIRST_BYTES, limit, () -> tooLong(what, limit));
    }

    private static LimitExceededException tooLong(Object what, long limit) {
        return ClientErrors.about(what, new LimitExceededException("the response body", limit));
    }
}
