package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.body.ContentDecoding;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;

/** The link behind which bodies are in the coding in which they come, and before which they are decoded. */
record DecodingFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        return ContentDecoding.decoded(inner.send(hop, call), hop, call.options(), call.client().decoders());
    }
}
