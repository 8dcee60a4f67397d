package dev.heddle.quic.internal;

import dev.heddle.engine.AbstractTransport;
import dev.heddle.engine.WaitSlot;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a connection as a transport (RFC 9000, section 2): its end is a FIN, to abort it resets its output and
 * stops its input. A reset of the peer's loses both directions; a peer that stops what this side sends loses the output.
 *
 * <pre>
 *   input:   OPEN ──last byte read──▶ ENDED        output:  OPEN ──shutdownOutput(), close()──▶ ENDED
 *              └──────reset, lost──▶ LOST                      ├──last bytes taken──────────────▲
 *                                                              └──abort()──▶ RESET   └──stopped, lost──▶ LOST
 * </pre>
 *
 * <p>Threads: as {@link dev.heddle.engine.Transport}.
 */
public final class QuicStream extends AbstractTransport {

    /** The most bytes of one call. */
    private static final int MAX_STEP_BYTES = 64 * 1024;

    /** The most bytes that are taken over for a reader who may come. */
    private static final int MAX_KEPT_BYTES = 16 * 1024;

    /** What the library takes for the urgency 0; without a word it is 3, and incremental. */
    private static final int FIRST_URGENCY = 124;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Conversation conversation;
    private final QuicStreams streams;
    private final long id;
    private final WaitSlot readable = new WaitSlot("reading from ", this);
    private final WaitSlot writable = new WaitSlot("writing to ", this);
    private final long resetsBefore;
    private boolean ended;
    private boolean outputOver;
    private int urgency = 3;
    private boolean incremental = true;

    /** The round of the connection in which the last bytes were written. */
    private long writtenIn = -1;

    private boolean stopped;
    private long givenUp;
    private @Nullable WaitSlot gone;
    private @Nullable String reset;
    private long resetCode = -1;

    /** What was taken over from the library before anybody read it; null for nothing. */
    private @Nullable ByteBuffer kept;

    QuicStream(Conversation conversation, QuicStreams streams, long id) {
        this.conversation = conversation;
        this.streams = streams;
        this.id = id;
        this.resetsBefore = conversation.quiche().resets();
        this.givenUp = conversation.terms().codes().givenUp();
    }

    /** Its number (RFC 9000, section 2.1). */
    public long id() {
        return id;
    }

    /** How many bytes it takes now; below 0 if none any more. */
    public long capacity() {
        return conversation.whyLost() == null ? conversation.quiche().capacity(id) : -1;
    }

    /** The code with which the peer has reset it; -1 if it has not, as far as was read. */
    public long resetCode() {
        return resetCode;
    }

    /** Aborts it, and says why. */
    public void abort(long code) {
        givenUp = code;
        abort();
    }

    /** Aborts its connection, and says why. */
    public void abortConnection(long code, String reason) {
        conversation.abort(code, reason);
    }

    /** Whether nothing can be sent any more, since the peer wants nothing or is gone. */
    public boolean isGone() {
        return !isOpen() || reset != null || conversation.whyLost() != null
                || (!outputOver && conversation.quiche().capacity(id) < 0);
    }

    /** Whether the peer has reset it, or wants nothing more of it, as far as is known; not for the loss of the connection. */
    public boolean isGivenUp() {
        return conversation.whyLost() == null
                && (reset != null || (!outputOver && isOpen() && conversation.quiche().capacity(id) < 0));
    }

    /** Waits until {@link #isGone}. */
    public void awaitGone() {
        WaitSlot slot = gone;
        if (slot == null) {
            slot = new WaitSlot("the end of ", this);
            gone = slot;
        }
        while (!isGone()) {
            streams.awaitGone(this, slot);
        }
    }

    // ---- reading ----

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        if (kept != null) {
            return readKept(kept, target);
        }
        if (ended) {
            return endOfInput();
        }
        int count = conversation.isOver() ? 0 : take(target);
        if (count == 0) {
            if (ended) {
                return endOfInput();
            } else if (reset != null) {
                throw lost(reset);
            }
            throwIfLost();
        }
        return count;
    }

    private int readKept(ByteBuffer left, ByteBuffer target) {
        int count = Math.min(left.remaining(), target.remaining());
        target.put(left.slice(left.position(), count));
        left.position(left.position() + count);
        if (!left.hasRemaining()) {
            kept = null;
        }
        return count;
    }

    /** Moves bytes out of the library, and remembers an end or a reset; 0 if there are none. */
    private int take(ByteBuffer target) {
        int count = take(target.remaining());
        if (count > 0) {
            target.put(conversation.scratch());
        }
        return count;
    }

    /** The same into the connection's memory for a step. */
    private int take(int most) {
        ByteBuffer scratch = conversation.scratch().clear();
        int room = Math.min(Math.min(most, MAX_STEP_BYTES), scratch.capacity());
        long count = conversation.quiche().read(id, conversation.scratchAt(), room);
        if (count >= 0) {
            scratch.limit((int) count);
            ended = conversation.quiche().sawEnd();
            conversation.touch();
        } else if (count == Quiche.STREAM_RESET) {
            resetCode = conversation.quiche().code();
            reset = "the peer has reset it with code " + resetCode;
        } else if (conversation.quiche().isFinished(id)) {
            endUntold();
        }
        return (int) Math.max(count, 0);
    }

    /**
     * The library says nothing of an end that comes with bytes it has, as where they are sent again; nor of a reset behind
     * an end. Where the peer has reset any stream meanwhile, it may be this one, of which bytes are then missing.
     */
    private void endUntold() {
        if (conversation.quiche().resets() == resetsBefore) {
            ended = true;
        } else {
            reset = "the peer has reset it behind its end, or has reset another stream while this one ended";
        }
    }

    private void throwIfLost() {
        String why = conversation.whyLost();
        if (why != null) {
            throw lost(why);
        }
    }

    /** Something can be read. A reset would take it away, so without a reader the first of it is taken over. */
    void hasNews() {
        if (!readable.wake()) {
            keep(MAX_KEPT_BYTES);
        }
    }

    /** The library's part of the connection is about to go: takes over all that can be read. */
    void keepRest() {
        keep(conversation.terms().streamWindowBytes() + MAX_KEPT_BYTES);
    }

    private void keep(int most) {
        int count = 1;
        while (count > 0 && !ended && reset == null && conversation.quiche().isReadable(id)) {
            int room = most - (kept == null ? 0 : kept.remaining());
            count = room > 0 ? take(room) : 0;
            if (count > 0) {
                keep(conversation.scratch());
            }
        }
    }

    /** Peers send as little at a time as they like, so memory that is taken anew doubles. */
    private void keep(ByteBuffer more) {
        ByteBuffer before = kept == null ? EMPTY : kept;
        int count = before.remaining() + more.remaining();
        ByteBuffer all = count > before.capacity()
                ? ByteBuffer.allocate(Math.max(count, 2 * before.remaining())).put(before)
                : before.compact();
        kept = all.put(more).flip();
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        boolean told = kept != null || ended || reset != null || conversation.whyLost() != null;
        if (!told && !hasEndOrBytes()) {
            streams.awaitBytes(this, readable);
            checkOpen();
        }
    }

    /** Whether a read has something to say, as far as the library knows. */
    boolean hasEndOrBytes() {
        return conversation.quiche().isReadable(id) || conversation.quiche().isFinished(id);
    }

    // ---- writing ----

    /** Sets its place among those that want to send (RFC 9218): urgency 0, the first, to 7, and whether it takes turns. */
    public void prioritize(int wanted, boolean takesTurns) {
        if (isOpen() && conversation.whyLost() == null && (wanted != urgency || takesTurns != incremental)) {
            urgency = wanted;
            incremental = takesTurns;
            conversation.quiche().prioritize(id, FIRST_URGENCY + wanted, takesTurns);
        }
    }

    /** How many bytes all streams of the connection have written. */
    public long writtenByAll() {
        return streams.written();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return tryWrite(source, false);
    }

    /**
     * Writes without waiting, as {@link #tryWrite(ByteBuffer)}.
     *
     * @param last whether the output ends behind the bytes: if all are taken, it has ended
     */
    public int tryWrite(ByteBuffer source, boolean last) {
        checkOutputOpen();
        throwIfLost();
        ByteBuffer scratch = conversation.scratch();
        int count = Math.min(Math.min(source.remaining(), MAX_STEP_BYTES), scratch.capacity());
        scratch.clear().put(source.slice(source.position(), count));
        boolean end = last && count == source.remaining();
        // The library takes the end with the last byte only.
        long taken = conversation.quiche().write(id, conversation.scratchAt(), count, end);
        if (taken > 0) {
            source.position(source.position() + (int) taken);
            streams.wrote(taken);
            writtenIn = conversation.round();
            conversation.touch();
            if (end && taken == count) {
                outputOver = true;
                shutdownOutput();
            }
            return (int) taken;
        }
        if (taken != Quiche.DONE || conversation.quiche().capacity(id) < 0) {
            throw outputLost("the peer takes no more of it");
        }
        return 0;
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        if (conversation.whyLost() == null && conversation.quiche().capacity(id) == 0) {
            streams.awaitRoom(this, writable);
            checkOpen();
        }
    }

    /**
     * Whether an end of the output would go alone, since all bytes have left. The library takes an end for delivered once
     * those bytes are, and may then forget the stream before the end has left, or has been sent again.
     */
    public boolean endsAlone() {
        return writtenIn != conversation.round();
    }

    @Override
    protected void endOutput() {
        boolean told = outputOver;
        outputOver = true;
        if (!told && conversation.whyLost() == null) {
            conversation.quiche().write(id, conversation.scratchAt(), 0, true);
            conversation.touch();
            if (endsAlone()) {
                conversation.sendNow(); // before an acknowledgement can make the library forget it
            }
        }
    }

    // ---- the end ----

    @Override
    protected void resetOnClose() {
        outputOver = true;
        if (conversation.whyLost() == null) {
            conversation.quiche().shutdown(id, Quiche.SHUTDOWN_WRITE, givenUp);
            conversation.quiche().shutdown(id, Quiche.SHUTDOWN_READ, givenUp);
            stopped = true;
            conversation.touch();
        }
    }

    @Override
    protected void release() {
        if (!outputOver) {
            endOutput();
        }
        if (!ended && !stopped && reset == null && conversation.whyLost() == null) {
            conversation.quiche().shutdown(id, Quiche.SHUTDOWN_READ, conversation.terms().codes().unread());
            conversation.touch();
        }
        streams.closed(this);
        wake();
    }

    /** Lets who waits look again. */
    void wake() {
        readable.wake();
        writable.wake();
        if (gone != null) {
            gone.wake();
        }
    }

    @Override
    public String localAddress() {
        return conversation.localAddress();
    }

    @Override
    public String remoteAddress() {
        return conversation.remoteAddress();
    }

    @Override
    public String toString() {
        return "stream " + id + " of QUIC to " + remoteAddress();
    }
}
