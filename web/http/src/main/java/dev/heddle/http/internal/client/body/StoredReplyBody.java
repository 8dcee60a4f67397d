package dev.heddle.http.internal.client.body;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.cache.StoredBytes;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;

/** The body of a reply out of a cache: read from its bytes, which stay there as they are. */
public final class StoredReplyBody implements ReplyBody {

    private final RequestHop hop;
    private final ReplyHead head;
    private final StoredBytes bytes;
    private final Headers trailers;
    private final StoredBytes.Reader reader;

    public StoredReplyBody(RequestHop hop, ReplyHead head, StoredBytes bytes, Headers trailers) {
        this.hop = hop;
        this.head = head;
        this.bytes = bytes;
        this.trailers = trailers;
        this.reader = bytes.reader();
    }

    @Override
    public RequestHop hop() {
        return hop;
    }

    @Override
    public ReplyHead head() {
        return head;
    }

    @Override
    public boolean isStored() {
        return true;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        return reader.read(target, offset, count);
    }

    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public boolean hasArrived() {
        return true;
    }

    @Override
    public Headers trailers() {
        return reader.isAtEnd() ? trailers : Headers.EMPTY;
    }

    @Override
    public void close() {
        reader.close();
    }
}
