package dev.heddle.http3.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.HeaderBlock;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.internal.http2.TrailerBlock;
import dev.heddle.quic.internal.QuicStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The frames of one request and its response on their stream (RFC 9114, sections 4.1 and 7), of either end.
 *
 * <pre>
 *   in:   HEAD ──HEADERS──▶ BODY ──HEADERS──▶ TRAILED ──FIN──▶ ENDED
 *          ▲ └─interim─┘      └─────────────FIN────────────────▲
 * </pre>
 *
 * <p>Frames are read by whoever wants what is in them, so a body that nobody reads holds up its sender, by the window of
 * the stream.
 *
 * <p>A method that waits throws a {@link ClosedException} if the stream is lost or the peer too slow, and a {@link
 * Http3Fault} for what the peer does wrong.
 */
final class Http3Stream {

    /** The types of frames: section 7.2. */
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    private static final int CANCEL_PUSH = 0x3;
    private static final int SETTINGS = 0x4;
    private static final int PUSH_PROMISE = 0x5;
    private static final int GOAWAY = 0x7;
    private static final int MAX_PUSH_ID = 0xd;

    /** Types that HTTP/2 has and HTTP/3 has not: section 7.2.8. */
    private static final long OF_HTTP_2 = 1L << 0x2 | 1L << 0x6 | 1L << 0x8 | 1L << 0x9;

    private static final long OF_OTHER_STREAMS = 1L << CANCEL_PUSH | 1L << SETTINGS | 1L << PUSH_PROMISE | 1L << GOAWAY
            | 1L << MAX_PUSH_ID;

    private static final int FIRST_BYTES = 512;

    /** A whole frame of a type that means nothing: the type, and the length 0. */
    private static final byte[] RESERVED = {0x21, 0};

    /** The most bytes of a frame's type and length. */
    static final int FRAME_HEAD = 2 * VariableLength.MAX_BYTES;

    private enum Phase {
        HEAD, BODY, TRAILED, ENDED
    }

    /** What stands next. */
    private enum Next {
        UNKNOWN, BLOCK, DATA, END
    }

    private final QuicStream stream;
    private final Loop loop;
    private final QpackReader qpack;
    private final BufferStack buffers;
    private final int maxBlockBytes;

    private ByteBuffer in = ByteBuffer.allocate(FIRST_BYTES).flip();
    private Phase phase = Phase.HEAD;
    private boolean inputOver;

    /** How much is left of a DATA frame, and of one that nobody knows. */
    private long dataLeft;

    private long ignoredLeft;

    /** The length of the header block that is coming; -1 if none is. */
    private int blockBytes = -1;

    /** How long the body is to be; -1 if the peer did not say. */
    private long announced = -1;

    private long received;
    private Headers trailers = Headers.EMPTY;

    private boolean outputEnded;
    private long sentBytes;

    /** @param maxBlockBytes the most bytes of a header block */
    Http3Stream(QuicStream stream, Loop loop, QpackReader qpack, BufferStack buffers, int maxBlockBytes) {
        this.stream = stream;
        this.loop = loop;
        this.qpack = qpack;
        this.buffers = buffers;
        this.maxBlockBytes = maxBlockBytes;
    }

    QuicStream transport() {
        return stream;
    }

    // ---- reading ----

    /**
     * Reads the next head, if all of it has come; never waits.
     *
     * @param fields filled with it; it is too large where they say so
     * @return whether it was there
     */
    boolean tryHead(Http2Fields fields) {
        Next next = look();
        return next != Next.UNKNOWN && takeHead(next, fields);
    }

    /** Reads the next head, waiting for it; false if the time was not enough. */
    boolean readHead(Http2Fields fields, Duration time) {
        return awaitNext(loop.nanoTime() + time.toNanos()) && takeHead(next(), fields);
    }

    private boolean takeHead(Next next, Http2Fields fields) {
        if (next != Next.BLOCK) {
            throw Http3Fault.ofStream(Http3Error.REQUEST_INCOMPLETE, "it ends before its head");
        }
        readBlock(fields);
        return true;
    }

    private void readBlock(Http2Fields fields) {
        ByteBuffer block = in.slice(in.position(), blockBytes);
        in.position(in.position() + blockBytes);
        blockBytes = -1;
        qpack.read(block, fields.clear());
    }

    /**
     * A final head has come: its body follows.
     *
     * @param length what was announced; -1 for nothing
     */
    void beginBody(long length) {
        announced = length;
        phase = Phase.BODY;
    }

    /** Whether the body is known to have ended; never waits. */
    boolean hasEnded() {
        if (phase == Phase.ENDED) {
            return true;
        }
        Next next = look();
        return next == Next.END && end();
    }

    /** Whether a read need not wait. */
    boolean isReady() {
        if (phase == Phase.ENDED) {
            return true;
        }
        Next next = look();
        return next == Next.END || (next == Next.DATA && (in.hasRemaining() || fill()));
    }

    /** Whether all of the body was read. */
    boolean isDone() {
        return phase == Phase.ENDED;
    }

    /** What came behind the body; nothing before its end. */
    Headers trailers() {
        return phase == Phase.ENDED ? trailers : Headers.EMPTY;
    }

    /**
     * Takes bytes of the body, waiting while there are none.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param fields memory for trailers
     * @return how many, -1 at the end, or 0 if none came within the time
     */
    int read(ByteBuffer target, Http2Fields fields, Duration time) {
        long until = loop.nanoTime() + time.toNanos(); // for all waits: what is passed over buys no time
        while (true) {
            if (phase == Phase.ENDED) {
                return -1;
            }
            if (!awaitNext(until)) {
                return 0;
            }
            switch (next()) {
                case DATA -> {
                    int count = takeData(target);
                    if (count > 0) {
                        return count;
                    }
                    if (!awaitBytes(until)) {
                        return 0;
                    }
                }
                case BLOCK -> readTrailers(fields);
                case END -> end();
                case UNKNOWN -> {
                    // Looked at again.
                }
            }
        }
    }

    /** Takes bytes of what a tunnel carries, without a wait: how many, 0 if none are here, -1 at the end. */
    int tryRead(ByteBuffer target) {
        while (phase != Phase.ENDED) {
            switch (look()) {
                case DATA -> {
                    return takeData(target);
                }
                case BLOCK -> require(false, "HEADERS behind those of a CONNECT"); // section 4.4
                case END -> end();
                case UNKNOWN -> {
                    return 0;
                }
            }
        }
        return -1;
    }

    private int takeData(ByteBuffer target) {
        int most = (int) Math.min(dataLeft, target.remaining());
        int count;
        if (in.hasRemaining()) {
            count = Math.min(most, in.remaining());
            target.put(in.slice(in.position(), count));
            in.position(in.position() + count);
        } else {
            int limit = target.limit();
            target.limit(target.position() + most);
            count = receive(target);
            target.limit(limit);
        }
        if (count < 0) {
            throw truncated();
        }
        dataLeft -= count;
        received += count;
        if (announced >= 0 && received > announced) {
            throw Http3Fault.ofStream(Http3Error.MESSAGE_ERROR, "the body is longer than was announced");
        }
        return count;
    }

    private void readTrailers(Http2Fields fields) {
        if (phase == Phase.TRAILED) {
            throw Http3Fault.ofConnection(Http3Error.FRAME_UNEXPECTED, "HEADERS behind trailers");
        }
        readBlock(fields);
        if (fields.hasPseudo() || fields.malformed() != null || fields.isTooLarge()) {
            throw Http3Fault.ofStream(Http3Error.MESSAGE_ERROR, "malformed trailers");
        }
        trailers = fields.headers();
        phase = Phase.TRAILED;
    }

    private boolean end() {
        if (announced >= 0 && received != announced) {
            throw Http3Fault.ofStream(Http3Error.MESSAGE_ERROR, "the body is shorter than was announced");
        }
        phase = Phase.ENDED;
        return true;
    }

    /** Takes in what is here until it is plain what stands next. */
    private Next look() {
        Next next = next();
        while (next == Next.UNKNOWN && fill()) {
            next = next();
        }
        return next;
    }

    /** Finds out what stands next, as far as it was taken in. */
    private Next next() {
        while (true) {
            if (dataLeft > 0) {
                return Next.DATA;
            }
            if (ignoredLeft > 0) {
                int ignored = (int) Math.min(ignoredLeft, in.remaining());
                in.position(in.position() + ignored);
                ignoredLeft -= ignored;
                if (ignoredLeft > 0) {
                    return unknown();
                }
            } else if (blockBytes >= 0) {
                return in.remaining() >= blockBytes ? Next.BLOCK : unknown();
            } else if (!beginFrame()) {
                return inputOver && !in.hasRemaining() ? Next.END : unknown();
            }
        }
    }

    private Next unknown() {
        if (inputOver) {
            throw truncated();
        }
        return Next.UNKNOWN;
    }

    private static Http3Fault truncated() {
        return Http3Fault.ofConnection(Http3Error.FRAME_ERROR, "the stream ends within a frame");
    }

    private boolean beginFrame() {
        int begin = in.position();
        long type = VariableLength.read(in);
        long length = type == VariableLength.INCOMPLETE ? VariableLength.INCOMPLETE : VariableLength.read(in);
        if (length == VariableLength.INCOMPLETE) {
            in.position(begin);
            return false;
        }
        int content = in.position();
        in.position(begin); // a fault stays in front of who looks again
        if (type == DATA) {
            require(phase == Phase.BODY, "DATA");
            dataLeft = length;
        } else if (type == HEADERS) {
            require(phase == Phase.HEAD || phase == Phase.BODY, "HEADERS");
            if (length > maxBlockBytes) {
                throw Http3Fault.ofStream(Http3Error.EXCESSIVE_LOAD, "a header block of " + length + " bytes");
            }
            blockBytes = (int) length;
        } else if (isOfOthers(type)) {
            require(false, "a frame of type " + type);
        } else {
            ignoredLeft = length; // section 9
        }
        in.position(content);
        return true;
    }

    private static boolean isOfOthers(long type) {
        return ControlStreams.isPriority(type)
                || (type < Long.SIZE && ((OF_HTTP_2 | OF_OTHER_STREAMS) >>> type & 1) != 0);
    }

    private static void require(boolean expected, String frame) {
        if (!expected) {
            throw Http3Fault.ofConnection(Http3Error.FRAME_UNEXPECTED, frame + " has no place here");
        }
    }

    private boolean awaitNext(long until) {
        while (next() == Next.UNKNOWN) {
            if (!fill() && !awaitBytes(until)) {
                return false;
            }
        }
        return true;
    }

    private boolean awaitBytes(long until) {
        Duration left = Duration.ofNanos(Math.max(0, until - loop.nanoTime()));
        return Heddle.moveOnAfter(left, stream::awaitReadable);
    }

    /** Reads what is there into memory of its own; false if nothing is. */
    private boolean fill() {
        if (inputOver) {
            return false;
        }
        int wanted = Math.max(FRAME_HEAD, blockBytes);
        if (in.capacity() - in.position() < wanted) {
            ByteBuffer larger = in.capacity() >= wanted ? in : ByteBuffer.allocate(Math.max(wanted, 2 * in.capacity()));
            ByteBuffer rest = larger == in ? in.compact() : larger.put(in);
            in = rest.flip();
        }
        int end = in.limit();
        int begin = in.position();
        in.limit(in.capacity()).position(end);
        int count;
        try {
            count = in.hasRemaining() ? receive(in) : 0;
        } finally {
            in.limit(Math.max(end, in.position())).position(begin);
        }
        inputOver = count < 0;
        return count != 0;
    }

    private int receive(ByteBuffer target) {
        try {
            return stream.tryRead(target);
        } catch (BrokenException e) {
            throw gone(e);
        }
    }

    private static ClosedException gone(BrokenException e) {
        return new ClosedException(String.valueOf(e.getMessage()), e);
    }

    // ---- writing ----

    /** How many bytes of a body were sent. */
    long sentBytes() {
        return sentBytes;
    }

    /**
     * Sends a head.
     *
     * @param end whether nothing follows
     */
    void sendHead(HeaderBlock fields, boolean end, TransferLimit limit) {
        ByteBuffer out = buffers.take(FRAME_HEAD + fields.mostBytes() + FRAME_HEAD);
        out.position(FRAME_HEAD);
        QpackWriter.INSTANCE.begin(out);
        fields.write(QpackWriter.INSTANCE, out);
        int length = out.position() - FRAME_HEAD;
        out.limit(out.position()).position(FRAME_HEAD - 1 - VariableLength.size(length));
        int begin = out.position();
        out.put((byte) HEADERS);
        VariableLength.write(out, length);
        out.position(begin);
        try {
            write(out, end, limit);
        } finally {
            buffers.give(out);
        }
    }

    /** Sends a piece of the body. */
    void sendBody(ByteBuffer source, boolean end, TransferLimit limit) {
        int count = source.remaining();
        if (count > 0) {
            ByteBuffer out = buffers.take(FRAME_HEAD);
            try {
                out.put((byte) DATA);
                VariableLength.write(out, count);
                if (count <= out.remaining()) {
                    out.put(source);
                }
                write(out.flip(), end && !source.hasRemaining(), limit);
            } finally {
                buffers.give(out);
            }
            write(source, end, limit);
        } else if (end) {
            endOutput(limit);
        }
        sentBytes += count;
    }

    /** Sends what follows a body, and ends it. */
    void sendTrailers(Headers fields, TransferLimit limit) {
        sendHead(new TrailerBlock(fields), true, limit);
    }

    /** Ends the output; where nothing is under way, behind an empty frame that every peer passes over (section 7.2.8). */
    private void endOutput(TransferLimit limit) {
        if (stream.endsAlone() && stream.capacity() >= 0) {
            write(ByteBuffer.wrap(RESERVED), true, limit);
        } else {
            outputEnded = true;
            stream.shutdownOutput();
        }
    }

    /** Ends the output of a tunnel, without a wait; nothing if that is over, or nobody wants more of it. */
    void endNow() {
        if (!outputEnded && !stream.isGone()) {
            if (stream.capacity() >= RESERVED.length) {
                endOutput(TransferLimit.none());
            } else {
                outputEnded = true;
                stream.shutdownOutput();
            }
        }
    }

    /** @param end whether nothing follows: the end goes with the last bytes */
    private void write(ByteBuffer source, boolean end, TransferLimit limit) {
        try {
            long before = -1;
            while (source.hasRemaining()) {
                int count = stream.tryWrite(source, end);
                if (count > 0) {
                    limit.moved(count);
                    before = -1;
                } else {
                    if (before >= 0) { // there was room, and others were put before: what the peer takes of them counts
                        limit.moved(stream.writtenByAll() - before);
                    }
                    before = stream.writtenByAll();
                    awaitRoom(source.remaining(), limit);
                }
            }
            outputEnded |= end;
        } catch (BrokenException e) {
            throw gone(e);
        }
    }

    private void awaitRoom(int bytes, TransferLimit limit) {
        long start = loop.nanoTime();
        boolean room = Heddle.moveOnAfter(limit.allowance(bytes), stream::awaitWritable);
        limit.waited(loop.nanoTime() - start);
        if (!room) {
            throw new ClosedException("the peer of " + stream + " takes what it is sent too slowly");
        }
    }

    // ---- the end ----

    /** Says to the peer what it has done wrong. */
    void answer(Http3Fault fault) {
        if (fault.isOfConnection()) {
            stream.abortConnection(fault.error().code(), fault.text());
        } else {
            stream.abort(fault.error().code());
        }
    }

    /** Frees what it holds: in order if all was sent, and otherwise with an error. */
    void close(Http3Error unlessWhole) {
        if (outputEnded) {
            stream.close();
        } else {
            stream.abort(unlessWhole.code());
        }
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
