package dev.heddle.quic.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.ParkingLot;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.WaitSlot;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection in both directions (RFC 9000, section 2.1): those that this side opens, and, as an
 * acceptor, those that the peer does.
 *
 * <p>Threads: the tasks and callbacks of the connection's loop.
 */
public final class QuicStreams implements Acceptor {

    /** Ids of streams of one kind are so far apart. */
    private static final int STEP = 4;

    /** The bit of an id that says that it goes in one direction. */
    private static final long ONE_WAY = 2;

    private final Conversation conversation;
    private final boolean server;

    /** In the order in which they came, so that a simulation repeats. */
    private final Map<Long, QuicStream> open = new LinkedHashMap<>();

    private final ArrayDeque<QuicStream> arrived = new ArrayDeque<>();
    private final Set<QuicStream> reading = new LinkedHashSet<>();
    private final Set<QuicStream> blocked = new LinkedHashSet<>();

    /** Closed here, but the last bytes may be under way. */
    private final Set<Long> leaving = new LinkedHashSet<>();

    /** How often it was settled: to look which have left is worth it now and then. */
    private int settled;

    private long written;
    private final Set<QuicStream> watched = new LinkedHashSet<>();

    /** Who hears of streams in one direction; and those that it is to hear of, while there is nobody. */
    private @Nullable OneWayStreams oneWay;

    private final Set<Long> oneWayNews = new LinkedHashSet<>();

    private final WaitSlot accepting;
    private final ParkingLot opening;
    private @Nullable Runnable onMore;
    private int leftBefore;
    private long next;
    private long nextOneWay;
    private boolean closed;

    QuicStreams(Conversation conversation, boolean server) {
        this.conversation = conversation;
        this.server = server;
        this.next = server ? 1 : 0;
        this.nextOneWay = next + 2;
        this.accepting = new WaitSlot("a stream of ", conversation);
        this.opening = new ParkingLot("a stream that " + conversation + " lets begin");
    }

    // ---- those of this side ----

    /**
     * Opens a stream, waiting while the peer has as many as it allows.
     *
     * @throws ClosedException if this side has closed the connection
     * @throws BrokenException if the connection is lost
     */
    public QuicStream open() {
        while (true) {
            conversation.throwIfOver();
            if (conversation.quiche().streamsLeft() > 0) {
                long id = next;
                long begun = conversation.quiche().write(id, conversation.scratchAt(), 0, false);
                if (begun >= 0 || begun == Quiche.DONE) {
                    next += STEP;
                    var stream = new QuicStream(conversation, this, id);
                    open.put(id, stream);
                    return stream;
                }
            }
            opening.park();
        }
    }

    /** How many more the peer lets begin now. */
    public int left() {
        return conversation.isOpen() ? (int) Math.min(Integer.MAX_VALUE, conversation.quiche().streamsLeft()) : 0;
    }

    /** Has somebody hear when the peer lets more begin than before. */
    public void onMore(Runnable listener) {
        onMore = listener;
    }

    // ---- those of the peer ----

    @Override
    public QuicStream accept() {
        while (true) {
            QuicStream stream = acceptNow();
            if (stream != null) {
                return stream;
            }
            accepting.await();
        }
    }

    @Override
    public @Nullable QuicStream acceptNow() {
        if (closed) {
            throw new ClosedException("the streams of " + conversation + " are closed");
        }
        QuicStream stream = arrived.poll();
        if (stream == null && !conversation.isOpen()) {
            throw new ClosedException(conversation + " has ended: " + conversation.whyLost());
        }
        return stream;
    }

    @Override
    public SocketAddress localAddress() {
        return conversation.local();
    }

    /** Takes no more streams of the peer; those that nobody has accepted are refused. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(arrived).forEach(each -> each.abort(conversation.terms().codes().refused()));
        arrived.clear();
        accepting.wake();
    }

    // ---- streams in one direction, in which little goes, and without waits ----

    /** Has the peer's be read, those that are here already too. */
    public void read(OneWayStreams reader) {
        oneWay = reader;
        List<Long> before = List.copyOf(oneWayNews);
        oneWayNews.clear();
        before.forEach(reader::news);
    }

    /** Begins one; the peer hears of it by its first byte. */
    public long openOneWay() {
        long id = nextOneWay;
        nextOneWay += STEP;
        return id;
    }

    /** Lets one go before all others. */
    public void putFirst(long id) {
        if (conversation.whyLost() == null) {
            conversation.quiche().prioritize(id, 0, false);
        }
    }

    /** Writes as much as fits; nothing once the connection is lost. */
    public void tryWrite(long id, ByteBuffer source) {
        if (conversation.whyLost() == null) {
            ByteBuffer scratch = conversation.scratch();
            int count = Math.min(source.remaining(), scratch.capacity());
            scratch.clear().put(source.slice(source.position(), count));
            long taken = conversation.quiche().write(id, conversation.scratchAt(), count, false);
            source.position(source.position() + (int) Math.max(0, taken));
            conversation.touch();
        }
    }

    /** Reads what is there: how many bytes, 0 for none, -1 at the end or behind a reset. */
    public int tryRead(long id, ByteBuffer target) {
        if (conversation.isOver()) {
            return -1;
        }
        ByteBuffer scratch = conversation.scratch();
        int room = Math.min(target.remaining(), scratch.capacity());
        long count = conversation.quiche().read(id, conversation.scratchAt(), room);
        if (count > 0) {
            target.put(scratch.clear().limit((int) count));
            conversation.touch();
            return (int) count;
        }
        return count == Quiche.DONE ? 0 : -1;
    }

    /** Reads no more of one. */
    public void stop(long id, long code) {
        if (!conversation.isOver()) {
            conversation.quiche().shutdown(id, Quiche.SHUTDOWN_READ, code);
            conversation.touch();
        }
    }

    // ---- for the conversation ----

    /** Tells who waits what has changed; whether any of them is likely to write. */
    boolean settle() {
        boolean offered = false;
        for (long id = conversation.quiche().nextReadable(); id >= 0; id = conversation.quiche().nextReadable()) {
            QuicStream stream = open.get(id);
            if (stream != null) {
                stream.hasNews();
            } else if ((id & ONE_WAY) != 0) {
                hasOneWayNews(id);
            } else if (isPeers(id) && !leaving.contains(id)) {
                take(id);
            }
        }
        for (QuicStream stream : List.copyOf(reading)) {
            if (stream.hasEndOrBytes()) {
                stream.wake();
            }
        }
        for (QuicStream stream : List.copyOf(blocked)) {
            if (conversation.quiche().capacity(stream.id()) != 0) {
                stream.wake();
                offered = true;
            }
        }
        for (QuicStream stream : List.copyOf(watched)) {
            if (stream.isGone()) {
                stream.wake();
            }
        }
        if (closed || ++settled % 32 == 0) {
            leaving.removeIf(id -> conversation.quiche().capacity(id) < 0);
        }
        if (!opening.isEmpty()) {
            opening.unpark(left());
        }
        if (onMore != null) {
            int before = leftBefore;
            leftBefore = left();
            if (leftBefore > before) {
                onMore.run();
            }
        }
        return offered;
    }

    private void hasOneWayNews(long id) {
        if (oneWay == null) {
            oneWayNews.add(id);
        } else {
            oneWay.news(id);
        }
    }

    private boolean isPeers(long id) {
        return (id & 1) == (server ? 0 : 1);
    }

    private void take(long id) {
        var stream = new QuicStream(conversation, this, id);
        open.put(id, stream);
        if (closed) {
            stream.abort(conversation.terms().codes().refused());
        } else if (arrived.size() >= 2 * conversation.terms().maxStreams()) {
            // Only one that resets what it has opened can have so many.
            stream.abort();
            conversation.abort(conversation.terms().codes().excessive(), "streams are opened only to be reset");
        } else {
            arrived.add(stream);
            accepting.wake();
            stream.hasNews();
        }
    }

    /** The connection is lost: lets all look. */
    void lost() {
        open.values().forEach(QuicStream::wake);
        accepting.wake();
        opening.unparkAll();
    }

    /** The library's part is about to be freed. */
    void keepRest() {
        open.values().forEach(QuicStream::keepRest);
    }

    /** Whether all that was written and closed has arrived. */
    boolean areDone() {
        return open.isEmpty() && leaving.isEmpty();
    }

    /** Aborts what is open. */
    void abort() {
        close();
        List.copyOf(open.values()).forEach(QuicStream::abort);
    }

    // ---- for the streams ----

    void awaitBytes(QuicStream stream, WaitSlot readable) {
        reading.add(stream);
        try {
            readable.await();
        } finally {
            reading.remove(stream);
        }
    }

    void awaitRoom(QuicStream stream, WaitSlot writable) {
        blocked.add(stream);
        try {
            writable.await();
        } finally {
            blocked.remove(stream);
        }
    }

    void awaitGone(QuicStream stream, WaitSlot gone) {
        watched.add(stream);
        try {
            gone.await();
        } finally {
            watched.remove(stream);
        }
    }

    void wrote(long bytes) {
        written += bytes;
    }

    long written() {
        return written;
    }

    void closed(QuicStream stream) {
        open.remove(stream.id());
        if (conversation.whyLost() == null) {
            leaving.add(stream.id());
        }
    }
}
