package dev.heddle.http.internal.client.body;

import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;

/** A reply body under another head, for a request as it was before something was added to it. */
public final class RetoldBody extends ForwardingBody {

    private final RequestHop hop;
    private final ReplyHead head;

    private RetoldBody(ReplyBody source, RequestHop hop, ReplyHead head) {
        super(source);
        this.hop = hop;
        this.head = head;
    }

    /** The same body with this head. */
    public static ReplyBody of(ReplyBody body, RequestHop hop, ReplyHead head) {
        return body instanceof InMemory memory ? memory.with(hop, head) : new RetoldBody(body, hop, head);
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
    public int read(byte[] target, int offset, int count) {
        return source.read(target, offset, count);
    }

    @Override
    public void close() {
        source.close();
    }

    @Override
    public void closeInput() {
        source.closeInput();
    }
}
