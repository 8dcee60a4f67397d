package dev.heddle.http.internal.http2;

import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection, and what each frame of the peer does to them. Nothing here waits.
 *
 * <p>A stream stands here while frames may come for it, and has a place until the work on it is over: a handler counts
 * also after the peer has reset its stream. Places are what {@link Http2Limits#maxStreams} bounds.
 */
public final class Http2Streams implements Http2FrameHandler {

    private final Http2Connection connection;
    private final ByteStream stream;
    private final Http2Role role;
    private final Http2Limits limits;
    private final Http2Budgets budgets;
    private final Http2Writer writer;
    private final HpackReader hpack;
    private final Http2Fields fields;
    private final Http2PeerSettings peer;
    private final Http2ReceiveWindow window;
    private final Http2StreamTable table;
    private final Http2Priorities priorities = new Http2Priorities();

    private int active;
    private int streamWindow;
    private boolean acknowledged;

    /** Where the content of the DATA frame under way goes; null if nobody wants it. */
    private @Nullable Http2Stream dataStream;

    private int dataContent;

    Http2Streams(Http2Connection connection, Http2Role role, Http2Options options, Http2Budgets budgets,
            Http2Writer writer) {
        this.connection = connection;
        this.stream = connection.stream();
        this.role = role;
        this.limits = options.limits();
        this.budgets = budgets;
        this.writer = writer;
        this.hpack = new HpackReader(limits.headerTableBytes());
        this.fields = new Http2Fields(options.maxHeaderBytes(), options.maxHeaderCount());
        this.peer = new Http2PeerSettings(writer, role.isServer());
        this.window = new Http2ReceiveWindow(limits.connectionWindow());
        this.table = new Http2StreamTable(role.isServer(), limits.maxStreams());
        // Until the peer knows our setting it counts with the one that every connection begins with.
        this.streamWindow = Math.max(limits.streamWindow(), Http2Frame.INITIAL_WINDOW);
    }

    /** How many streams have work that is not over. */
    public int active() {
        return active;
    }

    /** The streams by their numbers. */
    Http2StreamTable table() {
        return table;
    }

    /** Whether the peer knows our settings. */
    boolean isAcknowledged() {
        return acknowledged;
    }

    /** The connection has ended, and with it all of its streams. */
    void loseAll(String why) {
        for (Http2Stream each : table.copy()) {
            each.lose(why, Http2Stream.Loss.CONNECTION);
        }
        table.clear();
    }

    /** The peer has not processed its streams of ours above this number, and will not: section 6.8. */
    public void loseAbove(int last, Http2Error error) {
        String why = error == Http2Error.NO_ERROR ? "" : ", which says " + error;
        for (Http2Stream each : table.copy()) {
            if (each.id() > last) {
                each.lose("the peer went away before it took " + each + why, Http2Stream.Loss.UNPROCESSED);
                table.remove(each, false);
            }
        }
    }

    /**
     * Opens a stream of our own, if this is a client. Its HEADERS must be sent before the caller gives way, since
     * numbers go up on the wire (section 5.1.1).
     *
     * @throws ClosedException if the connection takes no new stream
     */
    public Http2Stream open() {
        if (!connection.isOpen() || !table.hasOwnNumber()) {
            throw new ClosedException("the connection to " + stream.remoteAddress() + " takes no more requests");
        }
        active++;
        connection.busy();
        Http2Stream opened = add(table.takeOwnNumber());
        opened.inbound().keepWhole();
        if (!table.hasOwnNumber()) {
            // Section 5.1.1: who needs more opens another connection.
            connection.finish();
        }
        return opened;
    }

    /** Whether the peer has said what it allows. */
    public boolean isPeerHeard() {
        return peer.isHeard();
    }

    /** Whether the peer lets a stream carry another protocol: RFC 8441, section 3. */
    public boolean allowsTunnels() {
        return peer.allowsTunnels();
    }

    /** Those that stand now. */
    public List<Http2Stream> standing() {
        return table.copy();
    }

    /** How many more streams the peer allows now. */
    public int openable() {
        return connection.isOpen() && table.hasOwnNumber() ? Math.max(0, peer.maxStreams() - active) : 0;
    }

    private Http2Stream add(int id) {
        var added = new Http2Stream(id, peer.streamWindow(), streamWindow);
        table.add(added);
        return added;
    }

    /** The work of a stream is over: whatever is still open of it is ended, and its place is free. */
    public void finished(Http2Stream over, Http2Error unlessWhole) {
        if (!over.isLost() && over.state() != Http2Stream.State.CLOSED) {
            // A whole response to a request that still comes: section 8.1 asks for NO_ERROR.
            boolean whole = !over.isOpenToUs();
            reset(over, whole ? Http2Error.NO_ERROR : unlessWhole, "the request is over");
        }
        table.remove(over, false);
        use(null, over.inbound().discard());
        free();
    }

    /** A stream that was just opened gets no work: what is wrong with it is on its way to {@link #fault}. */
    public void abandoned(Http2Stream over) {
        use(null, over.inbound().discard());
        free();
    }

    private void free() {
        active--;
        if (active == 0) {
            connection.idle();
        }
    }

    /** Ends a stream at once, on both sides. */
    public void reset(Http2Stream target, Http2Error error, String why) {
        if (target.isLost() || connection.hasEnded()) {
            return;
        }
        if (target.state() != Http2Stream.State.CLOSED) {
            writer.reset(target.id(), error);
        }
        target.lose(why, Http2Stream.Loss.RESET_BY_US);
        table.remove(target, true);
    }

    /** Bytes of a body have been used up; the stream is null if it wants no more. */
    public void use(@Nullable Http2Stream by, int bytes) {
        if (bytes == 0 || connection.hasEnded()) {
            return;
        }
        if (by != null && by.isOpenToPeer()) {
            int increment = by.receiveWindow().use(bytes);
            if (increment > 0) {
                writer.windowUpdate(by.id(), increment);
            }
        }
        int increment = window.use(bytes);
        if (increment > 0) {
            writer.windowUpdate(0, increment);
        }
    }

    /** Both sides have ended it in good order, so this is no frame that was under way. */
    private static void refuseClosed(Http2Stream target) {
        if (target.state() == Http2Stream.State.CLOSED) {
            throw Http2Fault.ofConnection(Http2Error.STREAM_CLOSED, "a frame on " + target);
        }
    }

    // ---- frames ----

    @Override
    public void frame(int type, int flags, int length) {
        boolean ack = (flags & Http2Frame.FLAG_ACK) != 0;
        switch (type) {
            case Http2Frame.DATA, Http2Frame.HEADERS, Http2Frame.CONTINUATION, Http2Frame.RST_STREAM -> {}
            case Http2Frame.SETTINGS -> budgets.spend(Http2Budgets.Kind.SETTINGS);
            case Http2Frame.PING -> budgets.spend(ack ? Http2Budgets.Kind.IGNORED : Http2Budgets.Kind.PING);
            case Http2Frame.PRIORITY_UPDATE -> budgets.spend(Http2Budgets.Kind.PRIORITY);
            case Http2Frame.WINDOW_UPDATE -> budgets.spend(Http2Budgets.Kind.WINDOW_UPDATE);
            default -> budgets.spend(Http2Budgets.Kind.IGNORED);
        }
    }

    @Override
    public void beginData(int id, int length, boolean end) {
        dataStream = null;
        dataContent = 0;
        if (!window.receive(length)) {
            throw Http2Fault.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
        }
        Http2Stream target = table.get(id);
        if (target == null) {
            table.late(id);
        } else if (!target.isOpenToPeer()) {
            refuseClosed(target);
            throw Http2Fault.ofStream(id, Http2Error.STREAM_CLOSED, "DATA after the end of the body");
        } else if (!role.isServer() && target.status() == 0) {
            throw Http2Fault.ofStream(id, Http2Error.PROTOCOL_ERROR,
                    "malformed response: its body comes before its head");
        } else if (!target.receiveWindow().receive(length)) {
            throw Http2Fault.ofStream(id, Http2Error.FLOW_CONTROL_ERROR, "more DATA than the stream's window");
        } else {
            dataStream = target;
        }
    }

    @Override
    public void data(ByteBuffer piece) {
        int count = piece.remaining();
        dataContent += count;
        Http2Stream target = dataStream;
        if (target == null || target.isLost() || !target.inbound().append(piece)) {
            use(null, count);
        } else if (!target.count(count, false)) {
            dataStream = null;
            fault(Http2Fault.ofStream(target.id(), Http2Error.PROTOCOL_ERROR, "the body is longer than announced"));
        }
    }

    @Override
    public void endData(int id, int padding, boolean end) {
        Http2Stream target = dataStream;
        dataStream = null;
        use(target, padding);
        if (dataContent == 0 && !end) {
            budgets.spend(Http2Budgets.Kind.EMPTY);
        }
        if (end && target != null && !target.isLost()) {
            endBody(target, Headers.EMPTY);
        }
    }

    /** The peer has ended its half of a stream; of the fields behind the body, some have no place there. */
    public void endBody(Http2Stream target, Headers trailers) {
        if (!target.count(0, true)) {
            throw Http2Fault.ofStream(target.id(), Http2Error.PROTOCOL_ERROR, "the body is shorter than announced");
        }
        target.on(Http2Stream.Event.ENDED_BY_PEER);
        target.inbound().end(TrailerFields.allowed(trailers));
    }

    @Override
    public void headers(int id, ByteBuffer block, boolean end) {
        hpack.read(block, fields.clear());
        Http2Stream known = table.get(id);
        if (known != null) {
            if (!known.isOpenToPeer()) {
                refuseClosed(known);
                throw Http2Fault.ofStream(id, Http2Error.STREAM_CLOSED, "HEADERS after the end of the body");
            }
            role.headers(known, fields, end);
            return;
        }
        if (!table.isIdle(id)) {
            table.lateHeaders(id);
            budgets.spend(Http2Budgets.Kind.IGNORED);
            return;
        }
        if (!role.isServer() || (id & 1) == 0) {
            throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "stream " + id + " is not the peer's to open");
        }
        if (!connection.takesStreams()) {
            // The last GOAWAY has told the peer that this one does not count: section 6.8.
            table.leftOut(id);
            budgets.spend(Http2Budgets.Kind.IGNORED);
            return;
        }
        if (active >= limits.maxStreams()) {
            table.refused(id);
            throw Http2Fault.ofStream(id, Http2Error.REFUSED_STREAM, "more than " + limits.maxStreams() + " streams");
        }
        table.taken(id);
        Http2Stream added = add(id);
        active++;
        prioritize(added);
        if (end) {
            endBodyless(added);
        }
        role.opened(added, fields, end);
    }

    private void prioritize(Http2Stream added) {
        // What a stream carries in place of HTTP has no end that others could wait for.
        Http2Priority silent = fields.protocol() == null ? Http2Priority.DEFAULT : Http2Priority.SHARED;
        priorities.passedOver(added.id()); // RFC 9113, section 5.1.1
        writer.prioritize(added, priorities.opened(added.id(), fields.headers(), silent));
    }

    /** RFC 9218, section 7.1. */
    @Override
    public void priorityUpdate(int id, String value) {
        if (!role.isServer() || (id & 1) == 0) {
            throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE of stream " + id);
        }
        Http2Stream target = table.get(id);
        if (target != null) {
            writer.prioritize(target, priorities.updated(value));
        } else if (table.isIdle(id)) {
            long open = table.all().stream().filter(each -> each.state() != Http2Stream.State.CLOSED).count();
            boolean kept = priorities.keep(id, value, (int) Math.max(0, limits.maxStreams() - open));
            // Who does not know the limit yet has not gone beyond it.
            if (!kept && acknowledged) {
                throw Http2Fault.ofConnection(Http2Error.PROTOCOL_ERROR,
                        "priorities for more than " + limits.maxStreams() + " streams");
            }
        }
    }

    private static void endBodyless(Http2Stream added) {
        added.on(Http2Stream.Event.ENDED_BY_PEER);
        added.inbound().end(Headers.EMPTY);
    }

    @Override
    public void reset(int id, Http2Error error) {
        Http2Stream target = table.get(id);
        if (target == null) {
            table.resetByPeer(id);
            budgets.spend(Http2Budgets.Kind.IGNORED);
            return;
        }
        target.lose("the peer reset stream " + id + ": " + error, Http2Stream.Loss.byPeer(error));
        table.remove(target, false);
        budgets.spend(Http2Budgets.Kind.RESET);
    }

    @Override
    public void fault(Http2Fault fault) {
        int id = fault.stream();
        budgets.spend(Http2Budgets.Kind.RESET);
        Http2Stream target = table.get(id);
        if (target == null) {
            table.requireNotIdle(id);
            writer.reset(id, fault.error());
        } else {
            reset(target, fault.error(), fault.text());
        }
    }

    @Override
    public void setting(int id, int value) {
        peer.set(id, value);
    }

    @Override
    public void settingsEnd() {
        int change = peer.apply();
        if (change != 0) {
            for (Http2Stream each : table.all()) {
                if (!each.sendWindow().add(change)) {
                    throw Http2Fault.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "a window goes beyond 2^31-1");
                }
                writer.enqueue(each);
            }
        }
        writer.settingsAck();
        role.openableChanged();
    }

    @Override
    public void settingsAck() {
        if (!acknowledged) {
            acknowledged = true;
            streamWindow = limits.streamWindow();
            hpack.acknowledged();
            for (Http2Stream each : table.all()) {
                each.receiveWindow().resize(streamWindow);
            }
        }
    }

    @Override
    public void ping(boolean ack, long content) {
        if (!ack) {
            writer.pingAck(content);
        } else {
            connection.ponged(content);
        }
    }

    @Override
    public void goAway(int lastStream, Http2Error error) {
        role.goAway(lastStream, error);
    }

    @Override
    public void windowUpdate(int id, int increment) {
        if (id == 0) {
            if (!writer.window().add(increment)) {
                throw Http2Fault.ofConnection(Http2Error.FLOW_CONTROL_ERROR,
                        "the connection's window goes beyond 2^31-1");
            }
            writer.windowOpened();
            return;
        }
        Http2Stream target = table.get(id);
        if (target == null) {
            table.requireNotIdle(id);
        } else if (!target.sendWindow().add(increment)) {
            throw Http2Fault.ofStream(id, Http2Error.FLOW_CONTROL_ERROR, "the window goes beyond 2^31-1");
        } else {
            writer.enqueue(target);
        }
    }
}
