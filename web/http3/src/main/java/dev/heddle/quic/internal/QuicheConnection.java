package dev.heddle.quic.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the library, {@code quiche_conn *}: it turns received packets into streams and back, and does nothing
 * by itself. It reads the system's clock.
 *
 * <p>Threads: one loop's. After {@link #free} nothing may be called.
 */
final class QuicheConnection {

    /** The most characters of a peer's reason. */
    private static final int MAX_REASON = 200;

    /** {@code sizeof(quiche_path_stats)}, which is larger than what else is answered, and where in it {@code rtt} is. */
    private static final int PATH_STATISTICS_BYTES = QuicheLibrary.IS_NEWER ? 448 : 400;

    private static final int ROUND_TRIP_AT = QuicheLibrary.IS_NEWER ? 344 : 320;

    private static final int LEAST_ROUND_TRIP_AT = ROUND_TRIP_AT + Long.BYTES;
    private static final int WINDOW_AT = ROUND_TRIP_AT + (QuicheLibrary.IS_NEWER ? 4 : 3) * Long.BYTES;

    /** In so much room no packet fits, and no header of one is too long (RFC 9000, section 17.3.1; RFC 9001, section 5.3). */
    private static final int NO_ROOM_BYTES = 21;

    /** Where in {@code quiche_stats} the bytes and the count of resets are. */
    private static final int SENT_AT = (QuicheLibrary.IS_NEWER ? 5 : 4) * Long.BYTES;

    private static final int RECEIVED_AT = SENT_AT + Long.BYTES;
    private static final int ACKNOWLEDGED_AT = RECEIVED_AT + Long.BYTES;
    private static final int LOST_AT = ACKNOWLEDGED_AT + Long.BYTES;
    private static final int RESETS_AT = (QuicheLibrary.IS_NEWER ? 15 : 12) * Long.BYTES;

    /** Where in {@code quiche_path_stats} the length of this end's address, the peer's, its length and the state are. */
    private static final int LOCAL_BYTES_AT = 128;

    private static final int PEER_AT = 136;
    private static final int PEER_BYTES_AT = PEER_AT + 128;
    private static final int STATE_AT = PEER_AT + 136;
    private static final int ACTIVE_AT = STATE_AT + Long.BYTES;

    /** States of a path: it has not answered, and it has. */
    static final int PATH_FAILED = -1;

    static final int PATH_PROVED = 3;

    /** Where in {@code quiche_send_info} the receiver's address is. */
    static final int RECEIVER_AT = 136;

    private final long address;

    /** What calls answer besides their result. */
    private final ByteBuffer answers = ByteBuffer.allocateDirect(PATH_STATISTICS_BYTES).order(ByteOrder.nativeOrder());

    private final long answersAt = MemorySegment.ofBuffer(answers).address();
    private boolean freed;

    /** @param address not 0 */
    QuicheConnection(long address) {
        this.address = address;
    }

    private long address() {
        if (freed) {
            throw new IllegalStateException("the connection was freed");
        }
        return address;
    }

    void free() {
        Quiche.FREE.call(address());
        freed = true;
    }

    // ---- packets ----

    /**
     * Takes a datagram in.
     *
     * @param info {@code quiche_recv_info}
     * @return how many bytes, or an error below 0
     */
    long receive(long bytes, int count, long info) {
        return Quiche.RECEIVE.call(address(), bytes, count, info);
    }

    /**
     * Makes the next datagram.
     *
     * @param info {@code quiche_send_info}, to be written
     * @return how many bytes, {@link Quiche#DONE} if there is nothing to send, or another error below 0
     */
    long send(long target, int room, long info) {
        return Quiche.SEND.call(address(), target, room, info);
    }

    /**
     * Says that there would be more to send. The library takes a window that is not filled for one that nobody needs, and
     * lets it grow no more, unless a packet did not fit in the room it was given.
     */
    void holdBack(long target, long info) {
        Quiche.SEND.call(address(), target, NO_ROOM_BYTES, info);
    }

    /** How long until {@link #onTimeout} is to be called, in nanoseconds; {@link Long#MAX_VALUE} for never. */
    long timeoutNanos() {
        long nanos = Quiche.TIMEOUT.call(address());
        return nanos < 0 ? Long.MAX_VALUE : nanos;
    }

    void onTimeout() {
        Quiche.ON_TIMEOUT.call(address());
    }

    // ---- ids and paths ----

    /** Whether the peer takes one more id of this side, to call it by from another address. */
    boolean wantsId() {
        return Quiche.IDS_LEFT.call(address()) > 0;
    }

    /** Gives the peer one more id; false if the library takes none. */
    boolean giveId(long id, byte[] resetToken) {
        answers.putLong(16, id).put(24, resetToken);
        return (int) Quiche.NEW_ID.call(address(), answersAt + 16, Long.BYTES, answersAt + 24, 0, answersAt) == 0;
    }

    /**
     * Tells what the library has to tell of paths, and drops what else it sees to by itself: ids that the peer uses no more,
     * and streams that the peer has stopped, which the newer one keeps until it has told of them.
     */
    void tellNews(PeerPaths paths) {
        while (QuicheLibrary.IS_NEWER && Quiche.WRITABLE_NEXT.call(address()) >= 0) {
            // Whether a stream can be written to is asked when somebody wants to.
        }
        for (long event = Quiche.PATH_EVENT.call(address()); event != 0; event = Quiche.PATH_EVENT.call(address())) {
            paths.heard((int) Quiche.PATH_EVENT_TYPE.call(event));
            Quiche.PATH_EVENT_FREE.call(event);
        }
        if (QuicheLibrary.IS_NEWEST) {
            Quiche.RETIRED_IDS_FREE.call(Quiche.RETIRED_IDS.call(address()));
            return;
        }
        while (Quiche.RETIRED_IDS.is(address(), answersAt, answersAt + 8, 0, 0)) {
            // Which one it is the library tells in memory that it has freed.
        }
    }

    /** Looks at a path, which what follows is about; false if there is none of that number, 0 to 7. */
    boolean look(int path) {
        return (int) Quiche.PATH_STATISTICS.call(address(), path, answersAt, 0) == 0;
    }

    int pathState() {
        return (int) answers.getLong(STATE_AT);
    }

    boolean isPathActive() {
        return answers.get(ACTIVE_AT) != 0;
    }

    boolean isPathTo(byte[] peer) {
        return NativeAddresses.isAt(answers, PEER_AT, peer);
    }

    /** Asks the path's address to show that it is there. */
    void probePath() {
        Quiche.PROBE_PATH.call(address(), answersAt, answers.getInt(LOCAL_BYTES_AT), answersAt + PEER_AT,
                answers.getInt(PEER_BYTES_AT), answersAt + ACTIVE_AT + Long.BYTES);
    }

    /** As {@link #send}, on the path. */
    long sendOnPath(long target, int room, long info) {
        return Quiche.SEND_ON_PATH.call(address(), target, room, answersAt, answers.getInt(LOCAL_BYTES_AT),
                answersAt + PEER_AT, answers.getInt(PEER_BYTES_AT), info, 0, 0, 0);
    }

    /** Writes the path's address into {@code quiche_send_info} as the receiver's. */
    void writePeer(long info) {
        QuicheLibrary.at(info + RECEIVER_AT, NativeAddresses.MOST_BYTES)
                .copyFrom(MemorySegment.ofBuffer(answers.duplicate().clear()).asSlice(PEER_AT,
                        NativeAddresses.MOST_BYTES));
    }

    // ---- the connection ----

    void close(boolean application, long code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.max(1, text.length)).put(text);
        Quiche.CLOSE.call(address(), application ? 1 : 0, code, MemorySegment.ofBuffer(bytes.flip()).address(),
                text.length, 0);
    }

    boolean isEstablished() {
        return Quiche.IS_ESTABLISHED.is(address());
    }

    boolean isClosed() {
        return Quiche.IS_CLOSED.is(address());
    }

    boolean isDraining() {
        return Quiche.IS_DRAINING.is(address());
    }

    boolean isTimedOut() {
        return Quiche.IS_TIMED_OUT.is(address());
    }

    /** Why the peer has ended the connection; null if it has not. */
    @Nullable Failure peerError() {
        return failure(Quiche.PEER_ERROR);
    }

    /** Why this end has ended the connection; null if it has not. */
    @Nullable Failure localError() {
        return failure(Quiche.LOCAL_ERROR);
    }

    private @Nullable Failure failure(QuicheFunction asked) {
        answers.putLong(0, 0);
        if (!asked.is(address(), answersAt, answersAt + 8, answersAt + 16, answersAt + 24)) {
            return null;
        }
        return new Failure(answers.get(0) != 0, answers.getLong(8), text(16));
    }

    /** What the ends have agreed to speak; empty before. */
    String protocol() {
        Quiche.PROTOCOL.call(address(), answersAt, answersAt + 8, 0);
        return text(0);
    }

    /** The name that the client asked for; empty if it named none. */
    String serverName() {
        Quiche.SERVER_NAME.call(address(), answersAt, answersAt + 8, 0);
        return text(0);
    }

    /** Lets the next packet be one that the peer answers, so that neither end takes the other for silent. */
    void sendPing() {
        Quiche.SEND_PING.call(address());
    }

    /** The peer's own certificate (X.509, DER); empty if it has shown none. */
    byte[] peerCertificate() {
        return bytes(Quiche.PEER_CERTIFICATE);
    }

    /** The last session that the server has given for a later connection; empty if it has given none. */
    byte[] session() {
        return bytes(Quiche.SESSION);
    }

    /** Offers a session of an earlier connection; one that the library does not take is as if there were none. */
    void offerSession(byte[] session) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, session);
            Quiche.SET_SESSION.call(address(), bytes.address(), session.length, 0);
        }
    }

    /** Whether the server has taken the session. */
    boolean isResumed() {
        return Quiche.IS_RESUMED.is(address());
    }

    private byte[] bytes(QuicheFunction asked) {
        asked.call(address(), answersAt, answersAt + 8, 0);
        int length = (int) answers.getLong(8);
        byte[] bytes = new byte[length];
        if (length > 0) {
            QuicheLibrary.at(answers.getLong(0), length).asByteBuffer().get(bytes);
        }
        return bytes;
    }

    /** The text whose address and length are in the answers. */
    private String text(int at) {
        int length = (int) Math.min(MAX_REASON, answers.getLong(at + 8));
        byte[] bytes = new byte[length];
        if (length > 0) {
            QuicheLibrary.at(answers.getLong(at), length).asByteBuffer().get(bytes);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.chars().anyMatch(Character::isISOControl) ? text.replaceAll("\\p{Cntrl}", "?") : text;
    }

    // ---- datagrams ----

    /** The most bytes of a datagram that the peer takes, or {@link Quiche#DONE} if it takes none. */
    long datagramRoom() {
        return Quiche.DATAGRAM_ROOM.call(address());
    }

    /** Whether one is there. */
    boolean hasDatagram() {
        return Quiche.DATAGRAM_LENGTH.call(address()) >= 0;
    }

    /** Takes one; returns its bytes, or {@link Quiche#DONE} if none is there. */
    long receiveDatagram(long target, int room) {
        return Quiche.DATAGRAM_RECEIVE.call(address(), target, room, 0);
    }

    /** Queues one; {@link Quiche#DONE} if so many wait already. */
    long sendDatagram(long source, int count) {
        return Quiche.DATAGRAM_SEND.call(address(), source, count, 0);
    }

    // ---- streams ----

    /** How many more streams the peer takes now. */
    long streamsLeft() {
        return Quiche.STREAMS_LEFT.call(address());
    }

    /** The next stream of which something new can be read; below 0 if there is none. */
    long nextReadable() {
        return Quiche.READABLE_NEXT.call(address());
    }

    /** Whether a stream's last byte was read, or it was reset or is gone. */
    boolean isFinished(long stream) {
        return Quiche.STREAM_FINISHED.is(address(), stream);
    }

    /** How many streams the peer has reset. */
    long resets() {
        Quiche.STATISTICS.call(address(), answersAt);
        return answers.getLong(RESETS_AT);
    }

    /** How many packets that it could open have come. */
    long receivedPackets() {
        Quiche.STATISTICS.call(address(), answersAt);
        return answers.getLong(0);
    }

    /** How many bytes of datagrams have come. */
    long receivedBytes() {
        Quiche.STATISTICS.call(address(), answersAt);
        return answers.getLong(RECEIVED_AT);
    }

    /** How many have left. */
    long sentBytes() {
        Quiche.STATISTICS.call(address(), answersAt);
        return answers.getLong(SENT_AT);
    }

    /** How many bytes of packets that ask for an acknowledgement have got one, or are taken for lost. */
    long resolvedBytes() {
        Quiche.STATISTICS.call(address(), answersAt);
        return answers.getLong(ACKNOWLEDGED_AT) + answers.getLong(LOST_AT);
    }

    /** How long a datagram takes to the peer and one back. */
    long roundTripNanos() {
        Quiche.PATH_STATISTICS.call(address(), 0, answersAt, 0);
        return answers.getLong(ROUND_TRIP_AT);
    }

    /** The least round trip by the bytes of the window, in nanoseconds, on the path in use; 0 if none is known. */
    double nanosOfByte() {
        int path = 0;
        while (look(path) && !isPathActive()) {
            path++;
        }
        return (double) answers.getLong(LEAST_ROUND_TRIP_AT) / answers.getLong(WINDOW_AT);
    }

    boolean isReadable(long stream) {
        return Quiche.STREAM_READABLE.is(address(), stream);
    }

    /** How many bytes a stream takes now, or an error below 0. */
    long capacity(long stream) {
        return Quiche.STREAM_CAPACITY.call(address(), stream);
    }

    /**
     * Reads from a stream; {@link #sawEnd} says whether these are its last bytes, {@link #code} why it was cut.
     *
     * @return how many, or an error below 0
     */
    long read(long stream, long target, int room) {
        answers.put(0, (byte) 0);
        return Quiche.STREAM_RECEIVE.call(address(), stream, target, room, answersAt, answersAt + 8);
    }

    boolean sawEnd() {
        return answers.get(0) != 0;
    }

    long code() {
        return answers.getLong(8);
    }

    /** Writes to a stream; returns as {@link #read}. */
    long write(long stream, long source, int count, boolean end) {
        return Quiche.STREAM_SEND.call(address(), stream, source, count, end ? 1 : 0, answersAt + 8);
    }

    /** Of what waits to leave, the lowest urgency goes first; those that are incremental then take turns. */
    void prioritize(long stream, int urgency, boolean incremental) {
        Quiche.STREAM_PRIORITY.call(address(), stream, urgency, incremental ? 1 : 0);
    }

    /** Gives one direction of a stream up. */
    void shutdown(long stream, int direction, long code) {
        Quiche.STREAM_SHUTDOWN.call(address(), stream, direction, code);
    }
}
