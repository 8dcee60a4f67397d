package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.codec.BufferStack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The batch of frames that go out in the next write, made where they will lie (RFC 9113, sections 4.1 and 6). Nothing
 * here waits or counts: whoever puts a frame in has seen to it that it may go.
 */
public final class Http2Batch {

    /** Bytes of a batch; a header block that does not fit makes one larger. */
    public static final int BYTES = 32 * 1024;

    private final BufferStack buffers;
    private final HpackWriter hpack = new HpackWriter();
    private @Nullable ByteBuffer batch;
    private int maxFrameBytes = Http2Frame.MIN_MAX_BYTES;

    Http2Batch(BufferStack buffers) {
        this.buffers = buffers;
    }

    HpackWriter hpack() {
        return hpack;
    }

    /** The longest frame that the peer takes. */
    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** The peer takes longer or shorter frames. */
    void limitFrames(int bytes) {
        maxFrameBytes = bytes;
    }

    /** Whether it is long enough for now. */
    boolean isFull() {
        return batch != null && batch.position() >= BYTES / 2;
    }

    /** The most content of one more frame that does not make it larger; below zero if there is room for none. */
    int roomForData() {
        ByteBuffer current = batch;
        return (current == null ? BYTES : current.remaining()) - Http2Frame.HEAD_BYTES;
    }

    /** Takes what is there, to be written; null if nothing is. The next frame begins another batch. */
    @Nullable ByteBuffer take() {
        ByteBuffer full = batch;
        batch = null;
        return full == null ? null : full.flip();
    }

    /** Takes the memory of a batch back. */
    void free(ByteBuffer written) {
        buffers.give(written);
    }

    // ---- frames of streams ----

    /** Puts a header block in, in several frames if one does not hold it. */
    void head(int id, HeaderBlock fields, boolean end) {
        int most = fields.mostBytes();
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + most);
        int start = out.position();
        int content = start + Http2Frame.HEAD_BYTES;
        out.position(content);
        hpack.begin(out);
        fields.write(hpack, out);
        int length = out.position() - content;
        int flags = end ? Http2Frame.FLAG_END_STREAM : 0;
        int first = Math.min(length, maxFrameBytes);
        int last = first == length ? Http2Frame.FLAG_END_HEADERS : 0;
        putHead(out.position(start), first, Http2Frame.HEADERS, flags | last, id);
        if (first == length) {
            out.position(content + length);
        } else {
            byte[] rest = new byte[length - first];
            out.get(content + first, rest);
            out.position(content + first);
            continuations(id, rest);
        }
    }

    private void continuations(int id, byte[] rest) {
        for (int at = 0; at < rest.length; at += maxFrameBytes) {
            int count = Math.min(maxFrameBytes, rest.length - at);
            int flags = at + count == rest.length ? Http2Frame.FLAG_END_HEADERS : 0;
            ByteBuffer out = room(Http2Frame.HEAD_BYTES + count);
            putHead(out, count, Http2Frame.CONTINUATION, flags, id);
            out.put(rest, at, count);
        }
    }

    /** Puts the next bytes of a body in. */
    void data(int id, ByteBuffer source, int count, boolean end) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + count);
        putHead(out, count, Http2Frame.DATA, end ? Http2Frame.FLAG_END_STREAM : 0, id);
        out.put(out.position(), source, source.position(), count);
        out.position(out.position() + count);
        source.position(source.position() + count);
    }

    /** A RST_STREAM or a WINDOW_UPDATE. */
    void word(int type, int id, int word) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 4);
        putHead(out, 4, type, 0, id);
        out.putInt(word);
    }

    // ---- frames of the connection ----

    /** What a client begins with. */
    void preface() {
        byte[] preface = Http2Frame.PREFACE.getBytes(StandardCharsets.US_ASCII);
        room(preface.length).put(preface);
    }

    /** Settings: numbers and values in turn. */
    void settings(int... settings) {
        int length = settings.length * 3;
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + length);
        putHead(out, length, Http2Frame.SETTINGS, 0, 0);
        for (int i = 0; i < settings.length; i += 2) {
            out.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
    }

    void settingsAck() {
        putHead(room(Http2Frame.HEAD_BYTES), 0, Http2Frame.SETTINGS, Http2Frame.FLAG_ACK, 0);
    }

    void ping(int flags, long content) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 8);
        putHead(out, 8, Http2Frame.PING, flags, 0);
        out.putLong(content);
    }

    void goAway(int lastStream, Http2Error error) {
        ByteBuffer out = room(Http2Frame.HEAD_BYTES + 8);
        putHead(out, 8, Http2Frame.GOAWAY, 0, 0);
        out.putInt(lastStream).putInt(error.code());
    }

    private static void putHead(ByteBuffer out, int length, int type, int flags, int id) {
        out.putInt(length << 8 | type).put((byte) flags).putInt(id);
    }

    /** The batch, with this much room. */
    private ByteBuffer room(int bytes) {
        ByteBuffer current = batch;
        if (current == null) {
            current = buffers.take(Math.max(bytes, BYTES));
        } else if (current.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(current.position() + bytes, 2 * current.capacity()));
            larger.put(current.flip());
            buffers.give(current);
            current = larger;
        }
        batch = current;
        return current;
    }
}
