package dev.heddle.http3.internal;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.client.connection.ClientSession;
import dev.heddle.http.internal.client.connection.ClientStream;
import dev.heddle.http.internal.client.connection.HostPool;
import dev.heddle.http.internal.client.connection.RequestFields;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.quic.internal.Conversation;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/3 at the client's end. */
final class Http3ClientConnection extends ClientSession {

    /** So often in the time of an idle connection it is looked at, and its peer kept from taking this end for gone. */
    private static final int TICKS = 3;

    private final Conversation conversation;
    private final BufferStack buffers;
    private final QpackReader qpack = new QpackReader();
    private final Http2Fields fields;
    private final int maxBlockBytes;
    private final int maxStreams;
    private final long idleNanos;

    /** In the order in which they were opened. */
    private final Set<Http3ClientStream> standing = new LinkedHashSet<>();

    private boolean finishing;
    private boolean settled;
    private boolean tunnels;
    private long notProcessed = Long.MAX_VALUE;
    private @Nullable Handle tick;

    Http3ClientConnection(HostPool host, CallContext call, Conversation conversation, int maxStreams) {
        super(host, call.loop());
        this.conversation = conversation;
        this.buffers = call.loop().frameBuffers();
        this.maxStreams = maxStreams;
        int maxHeadBytes = call.options().limits().maxHeadBytes();
        this.maxBlockBytes = 2 * maxHeadBytes;
        this.fields = new Http2Fields(maxHeadBytes, call.options().limits().maxFields());
        this.idleNanos = Durations.toNanos(call.client().call().timeouts().idle());
        ControlStreams _ = ControlStreams.begin(conversation, false, maxHeadBytes, new OfServer());
    }

    /** What the server says on its control stream. */
    private final class OfServer implements ControlStreams.Listener {

        @Override
        public void settled(boolean allowsTunnels) {
            settled = true;
            tunnels = allowsTunnels;
            hasMoreRoom();
        }

        @Override
        public void goAway(long id) {
            losesFrom(id);
        }
    }

    // ---- for its requests ----

    BufferStack buffers() {
        return buffers;
    }

    /** Memory for one header block at a time. */
    Http2Fields fields() {
        return fields;
    }

    boolean isBehindGoAway(long id) {
        return id >= notProcessed;
    }

    boolean isLost() {
        return conversation.whyLost() != null;
    }

    /** A request is over. */
    void done(Http3ClientStream stream) {
        if (standing.remove(stream)) {
            stream.stream().close(Http3Error.REQUEST_CANCELLED);
            finishing |= stream.isRejected(); // it takes no more, though its GOAWAY may be lost on the way
            closeIfFinished();
            leave();
        }
    }

    // ---- for the pool ----

    @Override
    protected void start() {
        conversation.streams().onMore(this::hasMoreRoom);
        rearm();
        Kernel.get().spawnService(loop, "HTTP/3 to " + conversation.remoteAddress(), () -> {
            try {
                conversation.awaitLost();
            } finally {
                finishing = true;
                if (tick != null) {
                    tick.cancel();
                }
                conversation.close();
                ended();
            }
        });
    }

    private void rearm() {
        tick = loop.callLater(Duration.ofNanos(idleNanos / TICKS), this::look);
    }

    private void look() {
        if (!standing.isEmpty()) {
            conversation.ping();
        } else if (isIdle() && loop.nanoTime() - idleSinceNanos() >= idleNanos) {
            finish();
        }
        if (conversation.isOpen()) {
            rearm();
        }
    }

    @Override
    protected int openable() {
        return finishing ? 0 : Math.min(conversation.streams().left(), maxStreams - standing.size());
    }

    @Override
    public @Nullable ClientStream open(RequestHop hop, RequestFields head, boolean end, CallOptions call) {
        boolean opening = false;
        try {
            CancelScope.throwIfCancelled();
            opening = openable() > 0;
        } finally {
            if (!opening) {
                unreserve();
            }
        }
        if (!opening) {
            return null;
        }
        opened();
        var stream = new Http3Stream(conversation.streams().open(), loop, qpack, buffers, maxBlockBytes);
        var answer = new Http3ClientStream(this, stream, hop, head.protocol() != null, call, loop.nanoTime());
        standing.add(answer);
        boolean sent = false;
        try {
            answer.sendHead(head, end);
            sent = true;
            return answer;
        } catch (ClosedException e) {
            return null; // it goes while the head waits for room
        } finally {
            if (!sent) {
                done(answer);
            }
        }
    }

    @Override
    protected boolean isSettled() {
        return settled || finishing;
    }

    @Override
    protected boolean allowsTunnels() {
        return tunnels && !finishing;
    }

    @Override
    protected List<ClientStream> standing() {
        return List.copyOf(standing);
    }

    @Override
    protected String peer() {
        return conversation.remoteAddress();
    }

    @Override
    protected String version() {
        return "HTTP/3";
    }

    @Override
    protected ConnectionSight.Bytes traffic() {
        return conversation.traffic();
    }

    @Override
    protected long nanosLeft() {
        return -1;
    }

    @Override
    protected void finish() {
        finishing = true;
        closeIfFinished();
    }

    private void closeIfFinished() {
        if (finishing && standing.isEmpty()) {
            conversation.close();
        }
    }

    @Override
    protected void abort() {
        conversation.abort(Http3Error.NO_ERROR.code(), "");
    }

    /** The server goes: it has done nothing with these, which may be asked for elsewhere (RFC 9114, section 5.2). */
    private void losesFrom(long id) {
        notProcessed = id;
        finishing = true;
        for (Http3ClientStream stream : List.copyOf(standing)) {
            if (isBehindGoAway(stream.stream().transport().id())) {
                stream.cut("the server goes");
            }
        }
        hasMoreRoom();
    }
}
