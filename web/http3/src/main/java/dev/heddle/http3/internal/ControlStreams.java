package dev.heddle.http3.internal;

import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.OneWayStreams;
import dev.heddle.quic.internal.QuicStreams;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The streams in one direction of a connection (RFC 9114, section 6.2): this side's control stream, and the peer's, those
 * of QPACK (RFC 9204, section 4.2), which say nothing here, and others, which nobody wants.
 *
 * <p>Threads: the loop's; read below the tasks, so nothing waits here.
 */
final class ControlStreams implements OneWayStreams {

    /** The most streams that a peer may have open in this direction. */
    static final int MAX_STREAMS = 16;

    /** The most bytes of a frame that is looked into. */
    private static final int MAX_FRAME_BYTES = 1_024;

    private static final long CONTROL = 0x0;
    private static final long PUSH = 0x1;
    private static final long ENCODER = 0x2;
    private static final long DECODER = 0x3;

    private static final long DATA = 0x0;
    private static final long HEADERS = 0x1;
    private static final long CANCEL_PUSH = 0x3;
    private static final long SETTINGS = 0x4;
    private static final long PUSH_PROMISE = 0x5;
    private static final long GOAWAY = 0x7;
    private static final long MAX_PUSH_ID = 0xd;

    /** RFC 9218, section 7.2. */
    private static final long PRIORITY_UPDATE = 0xf0700;
    private static final long PRIORITY_UPDATE_OF_PUSH = 0xf0701;
    private static final Set<Long> OF_HTTP_2 = Set.of(0x2L, 0x6L, 0x8L, 0x9L);

    private static final long MAX_FIELD_SECTION_SIZE = 0x6;

    /** RFC 9220, section 3. */
    private static final long ENABLE_CONNECT_PROTOCOL = 0x8;

    /** Settings that HTTP/2 has and HTTP/3 has not: section 7.2.4.1. */
    private static final Set<Long> SETTINGS_OF_HTTP_2 = Set.of(0x2L, 0x3L, 0x4L, 0x5L);

    /** A stream of the peer's. */
    private static final class Inward {

        /** Of which type it is; -1 before that is known. */
        private long type = VariableLength.INCOMPLETE;

        /** What has come and cannot be understood yet. */
        private final ByteBuffer held = ByteBuffer.allocate(MAX_FRAME_BYTES + 2 * VariableLength.MAX_BYTES).flip();

        /** The rest of a frame that nobody knows. */
        private long ignoredLeft;

        private boolean inNumber;
    }

    private final Conversation conversation;
    private final QuicStreams streams;
    private final boolean server;
    private final Listener listener;
    private final Map<Long, Inward> inward = new HashMap<>();
    private final Set<Long> types = new HashSet<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(MAX_FRAME_BYTES);
    private final long own;
    private ByteBuffer unsent;
    private boolean settled;
    private long lastGoAway = Long.MAX_VALUE;
    private long lastPushId = -1;

    /** Who hears what the peer says. */
    interface Listener {

        /** Takes note of what the peer allows: whether streams may carry something else than HTTP, which a server says. */
        default void settled(boolean allowsTunnels) {
            // A server opens none.
        }

        /** Takes note of it; the number is of the first request that is not answered, or of a push. */
        void goAway(long id);

        /** Takes note of a frame or a stream that means nothing here. */
        default void ignored() {
            // A client asks for no more of a server than that it answers.
        }

        /** Takes note of what a client wants of the response to a request, which may not have come; it is not checked. */
        default void prioritize(long id, String value) {
            // A client hears none.
        }
    }

    private ControlStreams(Conversation conversation, boolean server, Listener listener, ByteBuffer first) {
        this.conversation = conversation;
        this.streams = conversation.streams();
        this.server = server;
        this.listener = listener;
        this.own = streams.openOneWay();
        this.unsent = first;
    }

    /**
     * Begins this side's, and reads the peer's.
     *
     * @param maxHeaderBytes what the peer is told about its heads
     */
    static ControlStreams begin(
            Conversation conversation, boolean server, int maxHeaderBytes, Listener listener) {
        int connect = server ? 2 : 0;
        ByteBuffer out = ByteBuffer.allocate(3 + 1 + VariableLength.MAX_BYTES + connect);
        out.put((byte) CONTROL).put((byte) SETTINGS);
        out.put((byte) (1 + VariableLength.size(maxHeaderBytes) + connect)).put((byte) MAX_FIELD_SECTION_SIZE);
        VariableLength.write(out, maxHeaderBytes);
        if (server) {
            out.put((byte) ENABLE_CONNECT_PROTOCOL).put((byte) 1);
        }
        var streams = new ControlStreams(conversation, server, listener, out.flip());
        streams.flush();
        conversation.streams().putFirst(streams.own);
        conversation.streams().read(streams);
        return streams;
    }

    /** Says that no requests from this one on are answered. */
    void sendGoAway(long id) {
        ByteBuffer out = ByteBuffer.allocate(unsent.remaining() + 2 + VariableLength.MAX_BYTES);
        out.put(unsent).put((byte) GOAWAY).put((byte) VariableLength.size(id));
        VariableLength.write(out, id);
        unsent = out.flip();
        flush();
    }

    private void flush() {
        if (unsent.hasRemaining()) {
            streams.tryWrite(own, unsent);
        }
    }

    @Override
    public void news(long id) {
        flush();
        try {
            read(id, inward.computeIfAbsent(id, _ -> new Inward()));
        } catch (Http3Fault fault) {
            conversation.abort(fault.error().code(), fault.text());
        }
    }

    private void read(long id, Inward stream) {
        for (int count = streams.tryRead(id, scratch.clear()); count != 0; count = streams.tryRead(id,
                scratch.clear())) {
            if (count < 0) {
                ended(id, stream);
                return;
            }
            scratch.flip();
            while (scratch.hasRemaining()) {
                take(id, stream);
            }
        }
    }

    private void ended(long id, Inward stream) {
        inward.remove(id);
        if (stream.type == VariableLength.INCOMPLETE) {
            listener.ignored();
        }
        if (stream.type == CONTROL || stream.type == ENCODER || stream.type == DECODER) {
            throw Http3Fault.ofConnection(Http3Error.CLOSED_CRITICAL_STREAM,
                    "the peer has ended a stream it must keep");
        }
    }

    /** Moves some of what was read on to its stream. */
    private void take(long id, Inward stream) {
        ByteBuffer held = stream.held;
        if (stream.type == ENCODER) {
            readEncoder();
            return;
        } else if (stream.type == DECODER) {
            readDecoder(stream);
            return;
        } else if (stream.type != CONTROL && stream.type != VariableLength.INCOMPLETE) {
            scratch.position(scratch.limit());
            return;
        }
        held.compact();
        while (scratch.hasRemaining() && held.hasRemaining()) {
            held.put(scratch.get());
        }
        held.flip();
        if (stream.type == VariableLength.INCOMPLETE) {
            beginType(id, stream);
        }
        if (stream.type == CONTROL) {
            while (takeFrame(stream)) {
                // One behind the other.
            }
        }
    }

    private void beginType(long id, Inward stream) {
        long type = VariableLength.read(stream.held);
        stream.type = type;
        if (type == CONTROL || type == ENCODER || type == DECODER) {
            if (!types.add(type)) {
                throw Http3Fault.ofConnection(Http3Error.STREAM_CREATION_ERROR, "a second stream of type " + type);
            }
            if (type != CONTROL) {
                // The rest is read as it comes.
                scratch.position(scratch.position() - Math.min(scratch.position(), stream.held.remaining()));
                stream.held.position(stream.held.limit());
            }
        } else if (type == PUSH) {
            throw Http3Fault.ofConnection(server ? Http3Error.STREAM_CREATION_ERROR : Http3Error.ID_ERROR,
                    "a push that nobody has allowed");
        } else if (type != VariableLength.INCOMPLETE) {
            stream.held.position(stream.held.limit());
            streams.stop(id, Http3Error.STREAM_CREATION_ERROR.code());
            inward.remove(id); // section 6.2: what it would say is not known here
            listener.ignored();
        }
    }

    /** The peer's encoder may not fill a table that there is not: it can only say so. */
    private void readEncoder() {
        while (scratch.hasRemaining()) {
            if (scratch.get() != 0x20) {
                throw Http3Fault.ofConnection(Http3Error.ENCODER_STREAM_ERROR, "there is no table to fill");
            }
        }
    }

    /** The peer's decoder can only say which streams it has given up. */
    private void readDecoder(Inward stream) {
        while (scratch.hasRemaining()) {
            int b = scratch.get() & 0xff;
            if (stream.inNumber) {
                stream.inNumber = (b & 0x80) != 0;
            } else if ((b & 0xc0) == 0x40) {
                stream.inNumber = (b & 0x3f) == 0x3f;
            } else {
                throw Http3Fault.ofConnection(Http3Error.DECODER_STREAM_ERROR, "nothing was put into its table");
            }
        }
    }

    private boolean takeFrame(Inward stream) {
        ByteBuffer held = stream.held;
        if (stream.ignoredLeft > 0) {
            int count = (int) Math.min(stream.ignoredLeft, held.remaining());
            held.position(held.position() + count);
            stream.ignoredLeft -= count;
            return count > 0;
        }
        int begin = held.position();
        long type = VariableLength.read(held);
        long length = type == VariableLength.INCOMPLETE ? VariableLength.INCOMPLETE : VariableLength.read(held);
        if (length == VariableLength.INCOMPLETE) {
            held.position(begin);
            return false;
        }
        if (!settled && type != SETTINGS) {
            throw Http3Fault.ofConnection(Http3Error.MISSING_SETTINGS, "the first frame is no SETTINGS");
        }
        if (!isKnown(type)) {
            stream.ignoredLeft = length;
            listener.ignored();
            return true;
        }
        if (length > MAX_FRAME_BYTES) {
            throw Http3Fault.ofConnection(Http3Error.EXCESSIVE_LOAD, "a frame of " + length + " bytes");
        }
        if (held.remaining() < length) {
            held.position(begin);
            return false;
        }
        ByteBuffer content = held.slice(held.position(), (int) length);
        held.position(held.position() + (int) length);
        frame(type, content);
        return true;
    }

    private boolean isKnown(long type) {
        if (type == DATA || type == HEADERS || type == PUSH_PROMISE || OF_HTTP_2.contains(type)
                || (type == SETTINGS && settled) || (!server && (type == MAX_PUSH_ID || isPriority(type)))) {
            throw Http3Fault.ofConnection(Http3Error.FRAME_UNEXPECTED,
                    "a frame of type " + type + " has no place here");
        }
        return type == SETTINGS || type == GOAWAY || type == MAX_PUSH_ID || type == CANCEL_PUSH || isPriority(type);
    }

    /** Whether a frame says how urgent something is, which it may on a client's control stream only. */
    static boolean isPriority(long type) {
        return type == PRIORITY_UPDATE || type == PRIORITY_UPDATE_OF_PUSH;
    }

    private void frame(long type, ByteBuffer content) {
        if (type == SETTINGS) {
            settled = true;
            readSettings(content);
            return;
        }
        long id = VariableLength.read(content);
        if (id == VariableLength.INCOMPLETE || (content.hasRemaining() && !isPriority(type))) {
            throw Http3Fault.ofConnection(Http3Error.FRAME_ERROR, "a frame of the wrong length");
        }
        if (type == GOAWAY) {
            require(id <= lastGoAway && (server || id % 4 == 0), "GOAWAY");
            lastGoAway = id;
            listener.ignored();
            listener.goAway(id);
        } else if (type == MAX_PUSH_ID) {
            require(id >= lastPushId, "MAX_PUSH_ID");
            lastPushId = id;
            listener.ignored();
        } else if (type == PRIORITY_UPDATE) {
            require(id % 4 == 0, "PRIORITY_UPDATE");
            listener.prioritize(id, StandardCharsets.ISO_8859_1.decode(content).toString());
        } else {
            require(false, type == CANCEL_PUSH ? "CANCEL_PUSH" : "PRIORITY_UPDATE"); // nothing is pushed
        }
    }

    private static void require(boolean good, String frame) {
        if (!good) {
            throw Http3Fault.ofConnection(Http3Error.ID_ERROR, frame + " with a number that it must not have");
        }
    }

    private void readSettings(ByteBuffer content) {
        Set<Long> seen = new HashSet<>();
        boolean tunnels = false;
        while (content.hasRemaining()) {
            long name = VariableLength.read(content);
            long value = name == VariableLength.INCOMPLETE ? VariableLength.INCOMPLETE : VariableLength.read(content);
            if (value == VariableLength.INCOMPLETE) {
                throw Http3Fault.ofConnection(Http3Error.FRAME_ERROR, "SETTINGS end in a setting");
            }
            if (SETTINGS_OF_HTTP_2.contains(name) || !seen.add(name)) {
                throw Http3Fault.ofConnection(Http3Error.SETTINGS_ERROR, "setting " + name + " has no place here");
            }
            if (name == ENABLE_CONNECT_PROTOCOL) {
                if (value > 1) {
                    throw Http3Fault.ofConnection(Http3Error.SETTINGS_ERROR, "ENABLE_CONNECT_PROTOCOL is " + value);
                }
                tunnels = value == 1;
            }
        }
        listener.settled(tunnels);
    }
}
