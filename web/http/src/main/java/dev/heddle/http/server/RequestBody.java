package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodyBytes;
import dev.heddle.http.internal.codec.BodySource;
import dev.heddle.http.internal.codec.BodyType;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.server.BodyMemory;
import dev.heddle.http.internal.server.DisconnectWatch;
import dev.heddle.http.internal.server.RequestSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request as its handler reads it, within the limit of its route; {@link Request} says what each way of
 * reading does.
 */
final class RequestBody implements BodySource {

    private static final Headers RETRY_SOON = Headers.of("Retry-After", "1");

    private final RequestHead head;
    private final RequestSource source;
    private final RequestSettings settings;
    private long maxBytes;
    private long bytes;
    private long waitedNanos;

    /** How much is gathered for the handler, and what of that is counted. */
    private long gathered;

    private long counted;
    private @Nullable RequestForms forms;
    private @Nullable DisconnectWatch watch;
    private Response.@Nullable Copy copy;

    RequestBody(RequestHead head, RequestSource source, RequestSettings settings) {
        this.head = head;
        this.source = source;
        this.settings = settings;
        this.maxBytes = settings.limits().maxBodyBytes();
    }

    // ---- the limit ----

    /** Sets the limit of the route in place of the server's. */
    void maxBytes(long max) {
        maxBytes = max;
    }

    /**
     * Throws if the body is longer than it may be, as far as one knows: by its declared length, then as its bytes come.
     */
    void checkLimit() {
        if (bytes > maxBytes || head.bodyLength() > maxBytes) {
            throw new StatusException(413, "the body is longer than " + maxBytes + " bytes");
        }
    }

    // ---- reading ----

    @Override
    public int read(byte[] target, int offset, int length) {
        checkLimit();
        long begun = Heddle.currentLoop().nanoTime();
        int count;
        try {
            count = source.read(ByteBuffer.wrap(target, offset, length));
        } finally {
            waitedNanos += Heddle.currentLoop().nanoTime() - begun;
        }
        bytes += Math.max(0, count);
        checkLimit();
        if (copy != null) {
            copied(copy, target, offset, count);
        }
        if (watch != null && source.isEnded()) {
            watch.begin();
        }
        return count;
    }

    private void copied(Response.Copy to, byte[] read, int offset, int count) {
        if (count > 0) {
            to.add(read, offset, count);
        }
        if (source.isEnded()) {
            to.finish();
        }
    }

    /** Has one more hear what is read from now on. */
    void copyTo(Response.Copy more) {
        Response.Copy before = copy;
        copy = before == null ? more : new BothCopies(before, more);
    }

    private record BothCopies(Response.Copy first, Response.Copy second) implements Response.Copy {

        @Override
        public void add(byte[] bytes, int offset, int count) {
            first.add(bytes, offset, count);
            second.add(bytes, offset, count);
        }

        @Override
        public void finish() {
            first.finish();
            second.finish();
        }

        @Override
        public void discard() {
            first.discard();
            second.discard();
        }
    }

    /** How long reads have taken, nearly all of which is waiting for the peer. */
    long waitedNanos() {
        return waitedNanos;
    }

    byte[] bytes(int max) {
        long length = head.bodyLength();
        return BodyBytes.readAll(this::gather, length < 0 ? length : length - bytes, max, "the body");
    }

    private int gather(byte[] target, int offset, int length) {
        int count = read(target, offset, length);
        gathered += Math.max(0, count);
        long more = gathered - BodyMemory.FREE_BYTES - counted;
        if (more > 0) {
            if (!BodyMemory.OF_PROCESS.tryTake(more)) {
                throw new StatusException(
                        503, "the bodies of other requests take all memory there is for them", RETRY_SOON);
            }
            counted += more;
        }
        return count;
    }

    String text(int max) {
        return new String(bytes(max), BodyType.charset(head.headers()));
    }

    <T> T json(Class<T> type, int max) {
        if (!JsonCodecs.isJson(BodyType.of(head.headers()))) {
            throw new StatusException(415, "the Content-Type must be application/json");
        }
        BodyType.requireUtf8(head.headers());
        try {
            return JsonCodecs.readRequest(settings.json(), bytes(max), type);
        } catch (JsonException e) {
            throw new StatusException(e);
        }
    }

    /** The body as a form; what was read once stays. */
    RequestForms forms() {
        RequestForms there = forms;
        if (there == null) {
            there = new RequestForms(head, this);
            forms = there;
        }
        return there;
    }

    /** The response, which keeps the files of a form until it is sent if it is one that may read them meanwhile. */
    Response keepFor(Response response) {
        return forms == null ? response : forms.keepFor(response);
    }

    /** Frees what was kept for the handler; in a cancelled scope too. */
    void release() {
        if (counted > 0) {
            BodyMemory.OF_PROCESS.give(counted);
            counted = 0;
        }
        if (forms != null) {
            forms.close();
        }
    }

    // ---- the peer ----

    /** Has a watch begin when the body has been read, or at once. */
    void watch(DisconnectWatch peer) {
        watch = peer;
        if (source.isEnded()) {
            peer.begin();
        }
    }

    void awaitDisconnect() {
        if (!source.isEnded()) {
            throw new IllegalStateException("the body has not been read");
        }
        if (watch == null) {
            source.awaitGone();
        } else {
            watch.await();
        }
    }

    /** Whether the peer went away while the body was read, or its handler was cancelled because it did. */
    boolean isLost() {
        return source.isLost() || (watch != null && watch.hasGone());
    }
}
