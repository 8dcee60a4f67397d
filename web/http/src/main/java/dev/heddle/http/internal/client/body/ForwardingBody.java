package dev.heddle.http.internal.client.body;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import org.jspecify.annotations.Nullable;

/** A reply body that passes on another one, and does something besides. */
abstract class ForwardingBody implements ReplyBody {

    final ReplyBody source;

    ForwardingBody(ReplyBody source) {
        this.source = source;
    }

    @Override
    public RequestHop hop() {
        return source.hop();
    }

    @Override
    public ReplyHead head() {
        return source.head();
    }

    @Override
    public final @Nullable String coding() {
        return source.coding();
    }

    @Override
    public final long length() {
        return source.length();
    }

    @Override
    public final boolean hasArrived() {
        return source.hasArrived();
    }

    @Override
    public final Headers trailers() {
        return source.trailers();
    }

    @Override
    public final void awaitSent() {
        source.awaitSent();
    }
}
