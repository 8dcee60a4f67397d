package dev.heddle.http.internal.client.chain;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.body.CheckedBody;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;
import dev.heddle.http.internal.codec.DigestAlgorithm;
import dev.heddle.http.internal.codec.DigestFields;

/** The link that gives bodies of requests a digest, asks for those of replies and checks them, if the client wants it. */
record DigestFilter(CallFilter inner) implements CallFilter {

    private static final String WANTED = "Want-" + DigestFields.CONTENT;

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        return call.client().digests() ? CheckedBody.of(inner.send(digested(hop), call)) : inner.send(hop, call);
    }

    private static RequestHop digested(RequestHop hop) {
        if (hop.isBare()) {
            return hop;
        }
        Headers fields = hop.headers();
        if (!fields.contains(WANTED)) {
            fields = fields.with(WANTED, DigestAlgorithm.SHA_256 + "=10, " + DigestAlgorithm.SHA_512 + "=5");
        }
        if (hop.body() instanceof ClientBody.Bytes(byte[] bytes) && !fields.contains(DigestFields.CONTENT)) {
            fields = fields.with(DigestFields.CONTENT, DigestAlgorithm.SHA_256.field(bytes));
        }
        return hop.with(fields);
    }
}
