package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.HeddleException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.JsonException;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.body.ReplyCharset;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.codec.BodyFile;
import dev.heddle.http.internal.codec.BodyInputStream;
import dev.heddle.http.internal.codec.EventParser;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.http.internal.codec.PieceOutput;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer as the client sees it: the head is there, the body is read when it is asked for.
 *
 * <p>Read a reply to its end or close it, best in a {@code try} head: until then it may hold one of the client's
 * connections. {@link #text()}, {@link #bytes()} and {@link #copyTo(OutputStream)} read to the end and close. Closing
 * early throws away the connection, unless the rest of the body has already come; with HTTP/2 it resets the stream
 * only.
 *
 * <p>A gzip or deflate body is decoded while it is read, if the client asked for it, and so is what a {@link
 * ContentDecoder} was plugged in for; the header fields stay as they came. Any other coding, or a list of several, is
 * passed on as it is, and {@link #text()} refuses it.
 *
 * <p>Every reading method throws {@link TruncatedException} if the server stops before the end of the body, {@link
 * BadReplyException} if framing or coding are broken, {@link BrokenException} if the connection is lost, {@link
 * DeadlineExceededException} when the request's time is over, {@link LimitExceededException} if a decoded body grows
 * beyond {@link ClientLimits#maxDecodedBytes()}, {@link ClosedException} after {@link #close()}, and {@link
 * CancelledException}. Such a failure, but for a cancel, is that of each later read too.
 *
 * <p>That of a {@linkplain ClientRequest#duplex() duplex} request also has the writer of that request's body, until
 * that has ended: closing it cancels the writer, and a read throws what the writer fails with.
 *
 * <p>Cancellation: a cancelled read closes the reply and its connection; with HTTP/2 its stream only.
 *
 * <p>Threads: tasks of the loop that sent the request, one at a time.
 */
public final class Reply implements AutoCloseable {

    private final ReplyBody body;
    private final int maxBodyBytes;
    private final @Nullable JsonCodec json;
    private long read;
    private boolean busy;
    private boolean closed;

    /** Whether a call has taken all that was left. */
    private boolean isRead;

    /** A coding that the body still has; null if it has none, or nobody has asked. */
    private @Nullable String coding;

    private boolean codingKnown;

    /** What the first read that failed has thrown; null while none has. */
    private @Nullable HeddleException failure;

    /** For pieces of a body that cannot show where they lie. */
    private byte @Nullable [] piece;

    Reply(ReplyBody body, int maxBodyBytes, @Nullable JsonCodec json) {
        this.body = body;
        this.maxBodyBytes = maxBodyBytes;
        this.json = json;
    }

    /** The same with its body read; this one is closed. Errors as {@link #bytes()}. */
    Reply inMemory() {
        byte[] bytes = bytes();
        var memory = new ReplyBody.InMemory(body.hop(), body.head(), bytes, body.trailers());
        var reply = new Reply(memory, maxBodyBytes, json);
        reply.coding = coding();
        reply.codingKnown = true;
        return reply;
    }

    /** The status, 200 to 999. */
    public int status() {
        return body.status();
    }

    /** The version it came in: {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String version() {
        return body.head().protocol().toString();
    }

    /** Whether the status is 200 to 299. */
    public boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    /** The words behind the status, maybe none, and never with HTTP/2; for people only. */
    public String reason() {
        return body.head().reason();
    }

    /** The header fields as they came; with an {@link HttpCache}, what it says of the reply stands behind them. */
    public Headers headers() {
        return body.headers();
    }

    /** The fields behind the body (RFC 9110, section 6.5); none before its end was read. */
    public Headers trailers() {
        return body.trailers();
    }

    /** The URL that answered, after all redirects; without a fragment. */
    public URI finalUri() {
        return body.hop().url().toUri();
    }

    /** The URLs that redirected here, in order; empty if the first one answered. */
    public List<URI> redirects() {
        return body.hop().trail();
    }

    /**
     * This reply if it is a success; otherwise closes it.
     *
     * @throws ReplyStatusException if the status is not 200 to 299
     */
    public Reply expectSuccess() {
        if (!isSuccess()) {
            close();
            String reason = reason();
            throw ClientErrors.about(body.hop(), new ReplyStatusException(
                    "the server answered " + status()
                            + (reason.isEmpty() ? "" : " " + FieldSyntax.printable(reason)),
                    status()));
        }
        return this;
    }

    /**
     * Whether something of the body is there, or its end, so that a read need not wait: as far as known, for it may be
     * a mere beginning of what is compressed or in chunks.
     */
    public boolean hasArrived() {
        return closed || body.hasArrived();
    }

    /**
     * Waits until the body of the request is sent, or the server ends the exchange because it wants no more of it;
     * behind {@link #close()}, until its writer has ended. At once, but for a {@link ClientRequest#duplex()} request;
     * {@link #bytes()}, {@link #text()} and {@link #copyTo(OutputStream)} do so too.
     *
     * <p>Cancellation: a cancelled call changes nothing; close the reply to stop the writer.
     *
     * @throws TaskFailedException if the writer of the body threw a checked exception; unchecked ones as they are
     */
    public void awaitSent() {
        body.awaitSent();
    }

    /** Reads into a whole array, as {@link #read(byte[], int, int)}. */
    public int read(byte[] target) {
        return read(target, 0, target.length);
    }

    /**
     * Reads what is there of the body, waiting while there is nothing.
     *
     * @param target where the bytes go
     * @param offset where in it they begin
     * @param count the most to take
     * @return how many came, at least 1; 0 only if {@code count} is 0; -1 at the end
     */
    public int read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        begin();
        try {
            int taken = count == 0 ? 0 : body.read(target, offset, count);
            read += Math.max(0, taken);
            return taken;
        } catch (HeddleException e) {
            throw failed(e);
        } finally {
            busy = false;
        }
    }

    /**
     * Reads what is there of the body, waiting while there is nothing, and shows it where it lies: for who passes it on,
     * and thus copies nothing. All of it counts as read. The memory is the reply's own, maybe off-heap, and may be looked
     * at until the next call of this reply only. A connection of HTTP/1 goes back to the pool behind the last piece, not
     * before the reader asks for more.
     *
     * <p>Cancellation: a cancelled call closes the reply and has shown nothing.
     *
     * @return the bytes, from position to limit; none at the end
     */
    public ByteBuffer readPiece() {
        begin();
        try {
            ByteBuffer lent = body.lend();
            ByteBuffer shown = lent == null ? copied() : lent;
            read += shown.remaining();
            return shown;
        } catch (HeddleException e) {
            throw failed(e);
        } finally {
            busy = false;
        }
    }

    private ByteBuffer copied() {
        byte[] target = piece;
        if (target == null) {
            long left = body.length() < 0 ? BodyFile.COPY_BYTES : body.length() - read;
            target = new byte[Math.clamp(left, 1, BodyFile.COPY_BYTES)];
            piece = target;
        }
        return ByteBuffer.wrap(target, 0, Math.max(0, body.read(target, 0, target.length)));
    }

    /**
     * Reads the rest of the body, up to {@link ClientLimits#maxBodyBytes()}, and closes.
     *
     * @throws LimitExceededException if it is longer
     */
    public byte[] bytes() {
        return bytes(maxBodyBytes);
    }

    /**
     * Reads the rest of the body and closes. Memory grows with the bytes that come, not with the announced length.
     *
     * @param limit the most bytes, 0 or more
     * @throws LimitExceededException if it is longer
     */
    public byte[] bytes(int limit) {
        Checks.notNegative("limit", limit);
        begin();
        try {
            byte[] all = ReplyBody.readAll(body, read, limit, body.hop());
            isRead = true;
            body.awaitSent();
            return all;
        } catch (HeddleException e) {
            throw failed(e);
        } finally {
            busy = false;
            close();
        }
    }

    /**
     * Reads the rest of the body as text, in the charset that Content-Type names or else UTF-8; malformed bytes become
     * U+FFFD. Limit and errors are those of {@link #bytes()}.
     *
     * @throws BadReplyException if the charset is unknown or the body has a coding that is not decoded
     */
    public String text() {
        Charset charset;
        try {
            charset = ReplyCharset.of(headers().first("Content-Type"));
        } catch (IllegalArgumentException e) {
            close();
            throw ClientErrors.about(body.hop(),
                    new BadReplyException(e.getMessage() + "; read it with text(Charset) or bytes()", e));
        }
        return text(charset);
    }

    /** Reads the rest of the body as text in this charset, as {@link #text()}. */
    public String text(Charset charset) {
        requireDecoded();
        return new String(bytes(), charset);
    }

    /**
     * Reads the rest of the body as JSON with the client's {@link JsonCodec}, whatever its type is said to be. For a
     * list ask for an array: {@code json(User[].class)}. Limit and errors are those of {@link #bytes()}; the status is
     * not looked at, see {@link #expectSuccess()}.
     *
     * @throws BadReplyException if the document is malformed, null or no such value, or the body has a coding that is
     *     not decoded
     * @throws IllegalStateException if the client has no codec
     */
    public <T> T json(Class<T> type) {
        requireDecoded();
        byte[] document = bytes();
        try {
            return JsonCodecs.read(json, document, type);
        } catch (JsonException e) {
            throw ClientErrors.about(body.hop(), new BadReplyException("bad JSON: " + e.text(), e));
        }
    }

    /**
     * Copies the rest of the body and closes the reply, not the target. Memory stays constant. Writes in the calling
     * task, so a target that blocks holds the loop up; {@link #copyTo(Path)} does not.
     *
     * @return how many bytes were copied
     * @throws IOException if the target fails
     */
    public long copyTo(OutputStream target) throws IOException {
        try (this) {
            long total = 0;
            for (ByteBuffer piece = readPiece(); piece.hasRemaining(); piece = readPiece()) {
                total += piece.remaining();
                PieceOutput.write(target, piece);
            }
            isRead = true;
            body.awaitSent();
            return total;
        }
    }

    /**
     * Copies the rest of the body into a file and closes. The bytes go to a file beside it first, which takes its place
     * only when it is whole: so there is the old file, or none, or the whole new one. Writes on worker threads.
     *
     * <p>Cancellation: a cancelled call leaves the old file and nothing beside it.
     *
     * @return how many bytes were copied
     * @throws IOException if the file cannot be written
     */
    public long copyTo(Path file) throws IOException {
        try (this) {
            long total = BodyFile.copy(this::read, file);
            isRead = true;
            body.awaitSent();
            return total;
        }
    }

    /** The rest of the body as a stream for libraries that read one; closing it closes the reply. For tasks only. */
    public InputStream inputStream() {
        return new BodyInputStream(this::read, this::close);
    }

    /**
     * The events of a {@code text/event-stream}, for one loop over them, which ends with the stream. Each is read when
     * the loop asks for it; comments are skipped. {@link EventSource} also connects again.
     *
     * <p>The total time of a request bounds its events too: give it a {@link ClientRequest#timeout} that is long
     * enough.
     *
     * @throws LimitExceededException in the loop, if an event has more than 1 MiB
     */
    public Iterable<ServerSentEvent> events() {
        return () -> ReplyEvents.of(this, new EventParser(body.hop(), ""));
    }

    /** Ends the use of this reply. Never waits; does nothing the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            body.close();
        }
    }

    private @Nullable String coding() {
        if (!codingKnown) {
            coding = body.coding();
            codingKnown = true;
        }
        return coding;
    }

    private void requireDecoded() {
        String left = coding();
        if (left != null) {
            close();
            throw ClientErrors.about(body.hop(),
                    new BadReplyException("the body has the coding " + FieldSyntax.printable(left)
                            + ", which is not decoded; read it with bytes()"));
        }
    }

    private void begin() {
        CancelScope.throwIfCancelled();
        if (failure != null) {
            throw ClientErrors.again(failure);
        }
        if (closed) {
            throw isRead ? ClientErrors.read(body.hop()) : ClientErrors.closed(body.hop());
        }
        if (busy) {
            throw ClientErrors.about(body.hop(), new BusyException("another task is reading the reply"));
        }
        busy = true;
    }

    private HeddleException failed(HeddleException e) {
        if (!(e instanceof CancelledException)) {
            failure = e;
        }
        return e;
    }

    /** Request and status, without what may be secret. */
    @Override
    public String toString() {
        return body.hop() + " -> " + status();
    }
}
