package dev.heddle.http.client;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ReplyHead;
import org.jspecify.annotations.Nullable;

/**
 * The maker of replies from heads and bodies, whatever connection these came over: decodes what the client asked to be
 * coded.
 */
final class ReplyMaker {

    private ReplyMaker() {}

    /**
     * Makes a reply.
     *
     * @param hop the request as errors and the reply name it
     */
    static Reply make(CallContext call, RequestHop hop, ReplyHead head, ReplyBody body) {
        ClientLimits limits = call.options().limits();
        String coding = body.length() == 0 ? null : coding(head.headers());
        ReplyBody plain = body;
        if (coding != null && call.options().decode() && !hop.headers().contains("Accept-Encoding")) {
            ReplyBody decoded = call.client().decoders().decode(coding, body, limits.maxDecodedBytes(), hop);
            if (decoded != null) {
                plain = decoded;
                coding = null;
            }
        }
        return new Reply(hop, head, limits.maxBodyBytes(), call.client().json(), plain, coding);
    }

    private static @Nullable String coding(Headers headers) {
        int count = headers.count("Content-Encoding");
        if (count == 0) {
            return null;
        }
        String coding = count == 1
                ? headers.first("Content-Encoding")
                : String.join(", ", headers.all("Content-Encoding"));
        return coding == null || coding.isEmpty() || coding.equalsIgnoreCase("identity") ? null : coding;
    }
}
