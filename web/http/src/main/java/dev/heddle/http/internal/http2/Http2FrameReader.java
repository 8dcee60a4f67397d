package dev.heddle.http.internal.http2;

import dev.heddle.internal.BoundedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The reader of frames: cuts a connection's bytes (RFC 9113, sections 4 and 6), and checks all that can be checked
 * without knowing any stream. DATA is handed on as it comes; every other frame when it is whole, which the limit on its
 * size bounds.
 *
 * <pre>
 *   FRAME ──DATA──▶ inside it ──last byte──▶ FRAME
 *     └──HEADERS without END_HEADERS──▶ only CONTINUATION ──END_HEADERS──▶ FRAME
 * </pre>
 */
public final class Http2FrameReader {

    private static final byte[] NOTHING = {};

    private final Http2FrameHandler handler;
    private final int maxFrameBytes;
    private final int maxBlockBytes;
    private final int maxContinuations;

    /** The stream of the DATA frame under way; 0 if there is none. */
    private int dataStream;

    private int dataLeft;
    private int paddingLeft;
    private int padding;
    private boolean dataEnds;

    /** The stream of the header block under way; 0 if there is none. */
    private int blockStream;

    private boolean blockEnds;
    private byte[] block = NOTHING;
    private int blockBytes;
    private int continuations;

    private boolean settled;

    /**
     * @param maxFrameBytes longest frame, as announced, its head not counted
     * @param maxBlockBytes longest header block over all its frames, as it is on the wire
     * @param maxContinuations most CONTINUATION frames of one header block
     */
    public Http2FrameReader(Http2FrameHandler handler, int maxFrameBytes, int maxBlockBytes, int maxContinuations) {
        this.handler = handler;
        this.maxFrameBytes = maxFrameBytes;
        this.maxBlockBytes = maxBlockBytes;
        this.maxContinuations = maxContinuations;
    }

    /** Whether a frame or header block has begun whose rest the peer owes at once; a body may take its time. */
    boolean isInside(ByteBuffer unread) {
        return blockStream != 0 || (dataStream == 0 && unread.hasRemaining());
    }

    /** Whether a header block has begun that CONTINUATION must end. */
    boolean isInsideBlock() {
        return blockStream != 0;
    }

    /** Whether the first SETTINGS have come, without which nothing else may (section 3.4). */
    boolean isSettled() {
        return settled;
    }

    /**
     * Reads all that is complete.
     *
     * @return how many bytes, with those that are left in the buffer, there must be for more
     * @throws Http2Fault of the connection
     */
    public int read(ByteBuffer in) {
        while (true) {
            if (dataStream != 0 && !readData(in)) {
                return 1;
            }
            int start = in.position();
            if (in.remaining() < Http2Frame.HEAD_BYTES) {
                return Http2Frame.HEAD_BYTES;
            }
            int lengthAndType = in.getInt(start);
            int length = lengthAndType >>> 8;
            int type = lengthAndType & 0xff;
            int flags = in.get(start + 4);
            int stream = in.getInt(start + 5) & Integer.MAX_VALUE;
            if (length > maxFrameBytes) {
                throw fault(Http2Error.FRAME_SIZE_ERROR, "a frame of " + length + " bytes");
            }
            if (!settled && (type != Http2Frame.SETTINGS || (flags & Http2Frame.FLAG_ACK) != 0)) {
                throw fault(Http2Error.PROTOCOL_ERROR, "no SETTINGS at the beginning");
            }
            if (blockStream != 0 && (type != Http2Frame.CONTINUATION || stream != blockStream)) {
                throw fault(Http2Error.PROTOCOL_ERROR, "a header block is interrupted");
            }
            boolean padded = (flags & Http2Frame.FLAG_PADDED) != 0;
            int needed = type == Http2Frame.DATA ? padded ? 1 : 0 : length;
            if (in.remaining() < Http2Frame.HEAD_BYTES + needed) {
                return Http2Frame.HEAD_BYTES + needed;
            }
            settled = true;
            handler.frame(type, flags, length);
            int from = start + Http2Frame.HEAD_BYTES;
            in.position(from + needed);
            try {
                if (type == Http2Frame.DATA) {
                    beginData(in, from, stream, length, flags);
                } else {
                    readWhole(in, from, type, flags, stream, length);
                }
            } catch (Http2Fault e) {
                if (e.stream() == 0) {
                    throw e;
                }
                handler.fault(e);
            }
        }
    }

    private void beginData(ByteBuffer in, int from, int stream, int length, int flags) {
        requireStream(stream);
        boolean padded = (flags & Http2Frame.FLAG_PADDED) != 0;
        paddingLeft = padded && length > 0 ? in.get(from) & 0xff : 0;
        padding = padded ? paddingLeft + 1 : 0;
        if (padding > length) {
            throw fault(Http2Error.PROTOCOL_ERROR, "more padding than frame");
        }
        dataStream = stream;
        dataLeft = length - padding;
        dataEnds = (flags & Http2Frame.FLAG_END_STREAM) != 0;
        handler.beginData(stream, length, dataEnds);
    }

    /** True at the end of the frame. */
    private boolean readData(ByteBuffer in) {
        int content = Math.min(dataLeft, in.remaining());
        if (content > 0) {
            int limit = in.limit();
            in.limit(in.position() + content);
            handler.data(in);
            in.position(in.limit()).limit(limit);
            dataLeft -= content;
        }
        int skipped = dataLeft > 0 ? 0 : Math.min(paddingLeft, in.remaining());
        in.position(in.position() + skipped);
        paddingLeft -= skipped;
        if (dataLeft + paddingLeft > 0) {
            return false;
        }
        int stream = dataStream;
        dataStream = 0;
        try {
            handler.endData(stream, padding, dataEnds);
        } catch (Http2Fault e) {
            if (e.stream() == 0) {
                throw e;
            }
            handler.fault(e);
        }
        return true;
    }

    private void readWhole(ByteBuffer in, int from, int type, int flags, int stream, int length) {
        switch (type) {
            case Http2Frame.HEADERS -> headers(in, from, flags, stream, length);
            case Http2Frame.CONTINUATION -> continuation(in, from, flags, length);
            case Http2Frame.PRIORITY -> {
                requireStream(stream);
                if (length != 5) {
                    throw Http2Fault.ofStream(stream, Http2Error.FRAME_SIZE_ERROR, "PRIORITY of " + length + " bytes");
                }
                checkDependency(stream, in.getInt(from));
            }
            case Http2Frame.RST_STREAM -> {
                requireStream(stream);
                requireLength(length, 4, "RST_STREAM");
                handler.reset(stream, Http2Error.of(in.getInt(from)));
            }
            case Http2Frame.SETTINGS -> settings(in, from, flags, stream, length);
            case Http2Frame.PING -> {
                requireNoStream(stream);
                requireLength(length, 8, "PING");
                handler.ping((flags & Http2Frame.FLAG_ACK) != 0, in.getLong(from));
            }
            case Http2Frame.GOAWAY -> {
                requireNoStream(stream);
                if (length < 8) {
                    throw fault(Http2Error.FRAME_SIZE_ERROR, "GOAWAY of " + length + " bytes");
                }
                handler.goAway(in.getInt(from) & Integer.MAX_VALUE, Http2Error.of(in.getInt(from + 4)));
            }
            case Http2Frame.WINDOW_UPDATE -> {
                requireLength(length, 4, "WINDOW_UPDATE");
                int increment = in.getInt(from) & Integer.MAX_VALUE;
                if (increment == 0) {
                    throw stream == 0
                            ? fault(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by 0")
                            : Http2Fault.ofStream(stream, Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by 0");
                }
                handler.windowUpdate(stream, increment);
            }
            case Http2Frame.PRIORITY_UPDATE -> {
                requireNoStream(stream);
                if (length < 4) {
                    throw fault(Http2Error.FRAME_SIZE_ERROR, "PRIORITY_UPDATE of " + length + " bytes");
                }
                byte[] value = new byte[length - 4];
                in.get(from + 4, value);
                handler.priorityUpdate(in.getInt(from) & Integer.MAX_VALUE,
                        new String(value, StandardCharsets.ISO_8859_1));
            }
            // Ours say that push is off (section 8.4), and a client never may.
            case Http2Frame.PUSH_PROMISE -> throw fault(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE");
            default -> {
                // Unknown frames are extensions that we do not speak: section 5.5.
            }
        }
    }

    private void headers(ByteBuffer in, int from, int flags, int stream, int length) {
        requireStream(stream);
        int at = from;
        int end = from + length;
        if ((flags & Http2Frame.FLAG_PADDED) != 0) {
            if (length < 1) {
                throw fault(Http2Error.FRAME_SIZE_ERROR, "HEADERS without its padding length");
            }
            end -= in.get(at++) & 0xff;
        }
        if ((flags & Http2Frame.FLAG_PRIORITY) != 0) {
            if (end - at < 5) {
                throw fault(Http2Error.FRAME_SIZE_ERROR, "HEADERS without its priority");
            }
            checkDependency(stream, in.getInt(at));
            at += 5;
        }
        if (end < at) {
            throw fault(Http2Error.PROTOCOL_ERROR, "more padding than frame");
        }
        boolean endStream = (flags & Http2Frame.FLAG_END_STREAM) != 0;
        if ((flags & Http2Frame.FLAG_END_HEADERS) != 0) {
            handler.headers(stream, in.slice(at, end - at), endStream);
            return;
        }
        blockStream = stream;
        blockEnds = endStream;
        blockBytes = 0;
        continuations = 0;
        gather(in, at, end - at);
    }

    private void continuation(ByteBuffer in, int from, int flags, int length) {
        if (blockStream == 0) {
            throw fault(Http2Error.PROTOCOL_ERROR, "CONTINUATION of nothing");
        }
        if (++continuations > maxContinuations) {
            throw fault(Http2Error.ENHANCE_YOUR_CALM,
                    "more than " + maxContinuations + " CONTINUATION frames of one header block");
        }
        gather(in, from, length);
        if ((flags & Http2Frame.FLAG_END_HEADERS) != 0) {
            int stream = blockStream;
            ByteBuffer whole = ByteBuffer.wrap(block, 0, blockBytes);
            blockStream = 0;
            block = NOTHING;
            handler.headers(stream, whole, blockEnds);
        }
    }

    private void gather(ByteBuffer in, int from, int length) {
        if (length > maxBlockBytes - blockBytes) {
            throw fault(Http2Error.ENHANCE_YOUR_CALM, "a header block of more than " + maxBlockBytes + " bytes");
        }
        if (blockBytes + length > block.length) {
            block = BoundedBytes.grown(block, blockBytes + length, maxBlockBytes);
        }
        in.get(from, block, blockBytes, length);
        blockBytes += length;
    }

    private void settings(ByteBuffer in, int from, int flags, int stream, int length) {
        requireNoStream(stream);
        if ((flags & Http2Frame.FLAG_ACK) != 0) {
            requireLength(length, 0, "the acknowledgement of SETTINGS");
            handler.settingsAck();
            return;
        }
        if (length % 6 != 0) {
            throw fault(Http2Error.FRAME_SIZE_ERROR, "SETTINGS of " + length + " bytes");
        }
        for (int at = from; at < from + length; at += 6) {
            handler.setting(in.getShort(at) & 0xffff, in.getInt(at + 2));
        }
        handler.settingsEnd();
    }

    /** RFC 7540, section 5.3.1. These priorities are otherwise not looked at: RFC 9113 has done away with them. */
    private static void checkDependency(int stream, int word) {
        if ((word & Integer.MAX_VALUE) == stream) {
            throw fault(Http2Error.PROTOCOL_ERROR, "stream " + stream + " depends on itself");
        }
    }

    private static void requireStream(int stream) {
        if (stream == 0) {
            throw fault(Http2Error.PROTOCOL_ERROR, "a frame of a stream on stream 0");
        }
    }

    private static void requireNoStream(int stream) {
        if (stream != 0) {
            throw fault(Http2Error.PROTOCOL_ERROR, "a frame of the connection on stream " + stream);
        }
    }

    private static void requireLength(int length, int wanted, String what) {
        if (length != wanted) {
            throw fault(Http2Error.FRAME_SIZE_ERROR, what + " of " + length + " bytes");
        }
    }

    private static Http2Fault fault(Http2Error error, String message) {
        return Http2Fault.ofConnection(error, message);
    }
}
