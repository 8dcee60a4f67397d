package dev.heddle.http.internal.http2;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection by their numbers (RFC 9113, section 5.1.1): which stand, which are next, and what a
 * frame means whose stream stands no more.
 *
 * <pre>
 *   peer's numbers   1 ............ last taken ............ last seen ............ 2^31-1
 *                    stand or ended │  left out by GOAWAY   │  idle
 * </pre>
 */
final class Http2StreamTable {

    private final boolean server;
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final Http2ClosedStreams closed;

    /** The one that was asked for last, if it stands: mostly the next frame is its too. */
    private @Nullable Http2Stream latest;

    private int lastTaken;

    /** The peer may send on this one what it has sent before it read that it was not taken. */
    private int lastSeen;

    /** The next number of our own; negative when there are no more. */
    private int nextOwn = 1;

    /**
     * @param server whether the peer opens the streams
     * @param maxStreams how many of them at once
     */
    Http2StreamTable(boolean server, int maxStreams) {
        this.server = server;
        this.closed = new Http2ClosedStreams(maxStreams);
    }

    /** The stream, if it stands. */
    @Nullable Http2Stream get(int id) {
        Http2Stream before = latest;
        if (before != null && before.id() == id) {
            return before;
        }
        Http2Stream found = streams.get(id);
        latest = found;
        return found;
    }

    /** Those that stand; not to be changed meanwhile. */
    Collection<Http2Stream> all() {
        return Collections.unmodifiableCollection(streams.values());
    }

    /** Those that stand now, whatever happens to them. */
    List<Http2Stream> copy() {
        return List.copyOf(streams.values());
    }

    void add(Http2Stream added) {
        streams.put(added.id(), added);
    }

    /** Takes it out, if it stands, and remembers it for a while. */
    void remove(Http2Stream gone, boolean resetByUs) {
        latest = null;
        if (streams.remove(gone.id()) != null) {
            closed.add(gone.id(), resetByUs);
        }
    }

    void clear() {
        latest = null;
        streams.clear();
    }

    // ---- numbers ----

    /** The highest number of the peer's that was taken, for GOAWAY. */
    int lastTaken() {
        return lastTaken;
    }

    /** The peer has opened a stream that was taken. */
    void taken(int id) {
        lastTaken = id;
        lastSeen = id;
    }

    /** The peer has opened a stream that stands no longer than this. */
    void refused(int id) {
        taken(id);
        closed.add(id, true);
    }

    /** The peer has opened a stream that our GOAWAY has left out (section 6.8). */
    void leftOut(int id) {
        lastSeen = id;
    }

    boolean hasOwnNumber() {
        return nextOwn > 0;
    }

    /** The number for the next stream of our own. */
    int takeOwnNumber() {
        int id = nextOwn;
        nextOwn += 2;
        return id;
    }

    /** Goes on from a higher number, so that a test comes to the last one. */
    void skipTo(int own) {
        nextOwn = own;
    }

    /** Whether the number belongs to a stream that nobody has opened yet. */
    boolean isIdle(int id) {
        boolean peers = (id & 1) == (server ? 1 : 0);
        return peers ? id > lastSeen : server || (hasOwnNumber() && id >= nextOwn);
    }

    // ---- frames of streams that do not stand ----

    void requireNotIdle(int id) {
        if (isIdle(id)) {
            throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR,
                    "a frame on stream " + id + " that is not open yet");
        }
    }

    /** A frame that may not be sent on a stream that has ended, unless the peer could not know yet. */
    void late(int id) {
        requireNotIdle(id);
        // A client gives up any number of streams at once, more than are remembered.
        if (server && id <= lastTaken && !closed.wasResetByUs(id)) {
            throw Http2Fault.ofConnection(Http2Error.STREAM_CLOSED, "a frame on stream " + id + " that has ended");
        }
    }

    /**
     * HEADERS of a stream that is not idle; as {@link #late}, but on a lower number than others they open it too late.
     */
    void lateHeaders(int id) {
        if (server && id <= lastTaken && !closed.wasResetByUs(id) && !closed.hasEnded(id)) {
            throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "stream " + id + " comes after higher ones");
        }
        late(id);
    }

    /** The peer has reset it too, so from here on it knows. */
    void resetByPeer(int id) {
        requireNotIdle(id);
        closed.resetByPeer(id);
    }
}
