package dev.heddle.io;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Incoming;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.io.internal.CoopBudget;
import dev.heddle.io.internal.SecuredTransport;
import dev.heddle.io.internal.StreamSight;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A two-way stream of bytes over any engine's {@link Transport}: a TCP connection, an in-memory pair, a simulated one.
 *
 * <p>Bytes keep their order and nothing else: how they were cut into writes is lost. All that cuts them into messages,
 * {@link #readLine}, {@link #readExactly} and their like, gathers in one buffer that is borrowed from the loop while
 * bytes lie in it, so an idle stream holds none.
 *
 * <p>Every reading method may throw {@link ClosedException} if this side closes the stream before or while it waits,
 * {@link BrokenException} if the connection is lost (what came before stays in {@link #buffered}), {@link
 * BusyException} if another task is reading, and {@link CancelledException}. The writing methods throw the same.
 *
 * <p>A loss is told again and again, to each read behind the bytes that came before it and to each write, whoever met
 * it first. The end is told only where the peer has ended its direction, so what {@link #readAll} returns, and what is
 * read until -1, is whole; also if a write has failed before, as one does to a peer that ends, closes, and reads no
 * more. A write that returns was taken: the loss that it meets is told to a later call. The words of this contract are
 * {@link Transport}'s. A transport that breaks them fails the call with an {@link IllegalStateException} that names it:
 * that is a bug, and not the loss of a connection.
 *
 * <p>Cancellation: a cancelled read has taken nothing. A cancelled write has handed over nothing, or else the stream's
 * output is broken: the peer must not take half a message for a whole one, so later writes fail and {@link #close}
 * aborts.
 *
 * <p>Threads: tasks of one loop; one reads and one writes at a time, and any may close.
 *
 * <p>To test code that uses streams, give it one end of {@link MemoryStreams#pair()} and play the peer at the other.
 */
public final class ByteStream implements AutoCloseable {

    static {
        StreamSight.install(new Access());
    }

    private final Transport transport;
    private final Inbound in;
    private final Outbound out;
    private final CoopBudget pace;

    /** Sees to it that it is told if it is dropped open; null if nobody watches. */
    private @Nullable Unclosed watch;

    /**
     * Makes a stream, which owns the transport from now on.
     *
     * @param transport a connected transport of the current loop
     */
    public ByteStream(Transport transport) {
        this.transport = transport;
        this.pace = new CoopBudget();
        this.in = new Inbound(transport, pace);
        this.out = new Outbound(transport, pace, in);
        if (transport instanceof FilterTransport filter) {
            StreamSight.watchedAfter(filter.takeWatch(), this);
        }
    }

    /** Reads into a whole array, as {@link #read(byte[], int, int)}. */
    public int read(byte[] target) {
        return in.read(ByteBuffer.wrap(target));
    }

    /**
     * Reads what is there, waiting while there is nothing.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param target where the bytes go
     * @param offset where in it they begin
     * @param length the most to take
     * @return how many came, at least 1; 0 only if {@code length} is 0, which does nothing at all; -1 at the end
     */
    public int read(byte[] target, int offset, int length) {
        return in.read(ByteBuffer.wrap(target, offset, length));
    }

    /** Reads into a buffer and moves its position, as {@link #read(byte[], int, int)}. */
    public int read(ByteBuffer target) {
        return in.read(target);
    }

    /**
     * Reads a number of bytes, waiting until all are there. Memory grows with the bytes that come, not with the number.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param count how many, 0 or more
     * @throws EndOfStreamException if the stream ends before; with the bytes so far
     */
    public byte[] readExactly(int count) {
        return in.readExactly(count);
    }

    /**
     * Reads a line that ends with {@code \n} or {@code \r\n}, as UTF-8; malformed bytes become U+FFFD.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param maxBytes the most bytes of the line, its end not counted
     * @return the line without its end; empty if the stream ends before its first byte
     * @throws LimitExceededException if the line is longer; it stays unread
     * @throws EndOfStreamException if the stream ends in the middle of the line; with the bytes so far
     */
    public Optional<String> readLine(int maxBytes) {
        return in.readLine(maxBytes);
    }

    /**
     * The lines that come, for a loop over them; it ends when the peer ends the stream. Each is read as by {@link
     * #readLine}, with its failures, when the loop asks for it.
     *
     * <pre>{@code
     * for (String line : stream.lines(1024)) {
     *     stream.write(answer(line));
     * }
     * }</pre>
     *
     * <p>Cancellation: a loop that is cancelled while it waits has taken nothing, and another may go on. It has the
     * line that {@code hasNext} has found.
     *
     * @param maxBytes the most bytes of each line, its end not counted
     */
    public Iterable<String> lines(int maxBytes) {
        return () -> new Incoming<>(() -> readLine(maxBytes), "the stream has ended");
    }

    /** A line without its end, as {@link #readLine}, but as it came. */
    Optional<byte[]> readLineBytes(int maxBytes) {
        return in.readLineBytes(maxBytes);
    }

    /**
     * Reads up to a delimiter.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param delimiter the bytes to look for, at least one
     * @param maxBytes the most bytes, the delimiter counted
     * @return the bytes, the delimiter included
     * @throws LimitExceededException if the delimiter is not among the first {@code maxBytes}; they stay unread
     * @throws EndOfStreamException if the stream ends before the delimiter; with the bytes so far
     */
    public byte[] readUntil(byte[] delimiter, int maxBytes) {
        return in.readUntil(delimiter, maxBytes);
    }

    /**
     * Reads the rest of the stream.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param maxBytes the most bytes
     * @throws LimitExceededException if more come; they stay unread
     */
    public byte[] readAll(int maxBytes) {
        return in.readAll(maxBytes);
    }

    /** Waits until at least one byte is buffered, as {@link #fill(int)}. */
    public ByteBuffer fill() {
        return in.fill(1);
    }

    /**
     * Waits until some bytes are buffered and shows them: for parsers, which thus copy nothing. The buffer is the
     * stream's own; what the caller moves its position past is read. It may be looked at until the next reading call
     * only.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param atLeast how many bytes to wait for, at least 1; the buffer grows to hold them
     * @return the unread bytes, from position to limit; fewer than asked for only at the end of the stream
     */
    public ByteBuffer fill(int atLeast) {
        return in.fill(atLeast);
    }

    /** Shows what is buffered, maybe nothing, and never waits; the buffer is used as that of {@link #fill(int)}. */
    public ByteBuffer buffered() {
        return in.buffered();
    }

    /** Writes a whole array, as {@link #write(ByteBuffer)}. */
    public void write(byte[] source) {
        out.write(ByteBuffer.wrap(source));
    }

    /** Writes a part of an array, as {@link #write(ByteBuffer)}. */
    public void write(byte[] source, int offset, int length) {
        out.write(ByteBuffer.wrap(source, offset, length));
    }

    /**
     * Writes all bytes of a buffer, waiting while the peer is slower: returns when the system has taken them all.
     * Writing no bytes does nothing.
     *
     * <p>Cancellation: a cancelled call has written nothing, or has broken the output; the position says how much has
     * left.
     *
     * @param source the bytes; its position moves to its limit
     * @throws BrokenException if the connection is lost, or an earlier write was cut off
     */
    public void write(ByteBuffer source) {
        out.write(source);
    }

    /**
     * Hands over as much of a buffer as the system takes at once, and never waits: for who sends to many. What is left is
     * the caller's to write, before anything else: a message that is offered and cut so does not break the output.
     *
     * <p>Cancellation: it does not wait, and hands over also in a scope that is cancelled.
     *
     * @param source the bytes; its position says how much has left
     * @throws BusyException if another task is writing
     * @throws BrokenException if the connection is lost, or an earlier write was cut off
     */
    public void offer(ByteBuffer source) {
        out.offer(source);
    }

    /**
     * Writes several buffers as one message, in one step if they are small; otherwise as {@link #write(ByteBuffer)}.
     */
    public void write(ByteBuffer... sources) {
        out.write(sources);
    }

    /** Writes a text as UTF-8, as {@link #write(ByteBuffer)}. */
    public void write(String text) {
        out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes a part of a file, on the shortest way there is: inside the kernel (sendfile(2)) over a plain socket of
     * Linux, as far as the kernel has the file in memory. What it would have to fetch from a disk, and all of it
     * elsewhere, as over TLS, goes in pieces of 64 KiB that a worker thread reads. Memory does not grow with the file.
     *
     * <p>A file that shrinks meanwhile gives fewer bytes; whoever has promised a count to the peer then aborts the
     * stream.
     *
     * <p>Cancellation: a cancelled call has written nothing, or has broken the output. The file stays open.
     *
     * @param file a regular file, open for reading; its own position is neither used nor moved
     * @param position where to begin, from 0
     * @param count the most bytes to send, 0 or more; {@link Long#MAX_VALUE} for the rest
     * @return the bytes sent: {@code count}, or fewer if the file ends before
     * @throws ClosedException if this side closes the stream or the file
     * @throws UncheckedIOException if the file cannot be read
     * @throws BrokenException if the connection is lost, or an earlier write was cut off
     */
    public long sendFile(FileChannel file, long position, long count) {
        return out.sendFile(file, position, count);
    }

    /**
     * Writes a whole file, as {@link #sendFile(FileChannel, long, long)}.
     *
     * @return the bytes sent
     * @throws UncheckedIOException if the file cannot be opened or read, or is no regular file
     */
    public long sendFile(Path file) {
        try (FilePieces.Opened opened = FilePieces.open(file)) {
            return sendFile(opened.channel(), 0, Long.MAX_VALUE);
        }
    }

    /**
     * Ends the outgoing direction: the peer reads an end after all that was written. Reading goes on. Never waits; does
     * nothing the second time.
     *
     * @throws BusyException if a task is writing
     * @throws BrokenException if an earlier write was cut off, since the end would look like a good one
     */
    public void closeOutput() {
        pace.throwIfRetired();
        out.close();
    }

    /**
     * Closes the stream; bytes already written are still sent. Tasks that wait in it get a {@link ClosedException}. A
     * stream whose last message was cut off is aborted instead. Never waits, and never throws for a lost connection.
     */
    @Override
    public void close() {
        if (!transport.isOpen()) {
            return;
        }
        unwatch();
        in.close();
        if (out.isTorn()) {
            transport.abort();
        } else {
            transport.close();
        }
    }

    /**
     * Closes at once and throws away what is not sent yet; the peer sees a reset where the system has such a thing.
     * Tasks that wait in it get a {@link ClosedException}. Does nothing to a closed stream.
     */
    public void abort() {
        if (transport.isOpen()) {
            unwatch();
            in.close();
            transport.abort();
        }
    }

    /**
     * Gives the transport to another stream. This one refuses all but closing from now on.
     *
     * @throws TlsException if bytes have come that nobody has read; the stream is aborted
     * @throws BusyException if a task reads or writes; nothing has changed
     */
    public Transport upgrade() {
        pace.throwIfRetired();
        int unread = in.buffered().remaining();
        out.handOver();
        if (!transport.isOpen()) {
            throw new ClosedException("the stream to " + remoteAddress() + " is closed");
        }
        if (unread > 0) {
            abort();
            throw new TlsException(unread + " bytes came from " + remoteAddress()
                    + " in plain before TLS began: refused, since they would pass for protected ones");
        }
        unwatch();
        in.close();
        pace.retire("the stream to " + remoteAddress() + " goes on under TLS; use the one that the upgrade gave");
        return transport;
    }

    /** Whether this side has not closed the stream; says nothing about the peer. */
    public boolean isOpen() {
        return transport.isOpen();
    }

    /** This end's address, fit for a log line. */
    public String localAddress() {
        return transport.localAddress();
    }

    /** The peer's address, fit for a log line. */
    public String remoteAddress() {
        return transport.remoteAddress();
    }

    /** What is below: for wrappers that must ask it something. Reading or writing it disturbs this stream. */
    public Transport transport() {
        unwatch(); // who has it can close it
        return transport;
    }

    /**
     * Gives all up to a stream that takes this one's place over the same transport: this one must not be used any more.
     *
     * @return what was read ahead
     * @throws BusyException if a task is reading or writing
     * @throws BrokenException if an earlier write was cut off, which the new stream could not know
     * @throws ClosedException if it goes on under TLS: the new stream would bypass that
     */
    byte[] handOver() {
        checkHandOver();
        return in.handOver();
    }

    /** Throws as {@link #handOver} would, and changes nothing. */
    void checkHandOver() {
        pace.throwIfRetired();
        out.handOver();
        in.checkIdle();
    }

    /** Nobody watches it from now on; gives the watch that has ended, for whatever takes its place. */
    @Nullable Unclosed unwatch() {
        Unclosed ended = watch;
        if (ended != null) {
            ended.done();
            watch = null;
        }
        return ended;
    }

    /** For those who look from outside. */
    private static final class Access implements StreamSight.Access<ByteStream> {

        @Override
        public ConnectionSight.Bytes bytes(ByteStream stream) {
            return stream.sight();
        }

        @Override
        public Transport transport(ByteStream stream) {
            return stream.transport;
        }

        @Override
        public void watch(ByteStream stream, Loop loop) {
            stream.watch = new Dropped(stream.in, loop, stream.transport);
        }

        @Override
        public void watch(ByteStream stream, Unclosed before) {
            stream.watch = new Dropped(stream.in, before, stream.transport);
        }

        @Override
        public @Nullable Unclosed watchOf(ByteStream stream) {
            return stream.watch;
        }
    }

    /** What is left of a stream that was dropped: when neither it nor a call of it is in reach any more. */
    private static final class Dropped extends Unclosed {
        private final Transport transport;

        Dropped(Inbound in, Loop loop, Transport transport) {
            super(in, loop);
            this.transport = transport;
        }

        Dropped(Inbound in, Unclosed before, Transport transport) {
            super(in, before);
            this.transport = transport;
        }

        @Override
        protected @Nullable String closeDropped() {
            String what = transport.isOpen() ? "the stream to " + transport.remoteAddress() : null;
            transport.abort();
            return what;
        }
    }

    private ConnectionSight.Bytes sight() {
        Optional<SecuredTransport> secured = switch (transport) {
            case SecuredTransport itself -> Optional.of(itself);
            case FilterTransport filter -> filter.find(SecuredTransport.class);
            default -> Optional.empty();
        };
        return new ConnectionSight.Bytes(
                in.bytesRead(), out.bytesWritten(), in.unread(),
                secured.map(SecuredTransport::protection).orElse(null));
    }

    @Override
    public String toString() {
        return "ByteStream[" + localAddress() + " to " + remoteAddress() + (isOpen() ? "]" : ", closed]");
    }
}
