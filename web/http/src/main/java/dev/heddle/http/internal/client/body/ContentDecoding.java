package dev.heddle.http.internal.client.body;

import dev.heddle.http.client.ContentDecoder;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ContentDecoders;
import dev.heddle.http.internal.client.call.RequestHop;
import org.jspecify.annotations.Nullable;

/** The decoding of reply bodies, whatever connection they come over: of what the client asked to be coded. */
public final class ContentDecoding {

    private ContentDecoding() {}

    /**
     * The body, decoded while it is read if the call wants that and the coding is known.
     *
     * @param asked the request before the client added something to it: who asks for a coding gets the bytes as they come
     */
    public static ReplyBody decoded(ReplyBody body, RequestHop asked, CallOptions options, ContentDecoders decoders) {
        if (!options.decode() || body.length() == 0) {
            return body;
        }
        String coding = body.coding();
        if (coding == null || asked.headers().contains("Accept-Encoding")) {
            return body;
        }
        ReplyBody decoded = decode(coding, body, options.limits().maxDecodedBytes(), asked, decoders);
        return decoded == null ? body : decoded;
    }

    private static @Nullable ReplyBody decode(
            String coding, ReplyBody body, long limit, RequestHop asked, ContentDecoders decoders) {
        if (ContentDecoders.isInflated(coding)) {
            return InflatingBody.of(body, coding, limit, asked);
        }
        ContentDecoder decoder = decoders.find(coding);
        return decoder == null ? null : new DecodedBody(body, decoder, limit, asked);
    }
}
