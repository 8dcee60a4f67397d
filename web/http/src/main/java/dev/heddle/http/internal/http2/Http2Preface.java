package dev.heddle.http.internal.http2;

import dev.heddle.io.ByteStream;
import dev.heddle.tls.Tls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The choice between HTTP/2 and HTTP/1 on a new connection: by ALPN under TLS (RFC 9113, section 3.2), by the client's
 * preface where there is none (section 3.3). The preface looks like a request with the method PRI, which is registered
 * to have no meaning.
 */
public final class Http2Preface {

    private static final byte[] BYTES = Http2Frame.PREFACE.getBytes(StandardCharsets.US_ASCII);

    private Http2Preface() {}

    /**
     * Looks at the first bytes, waiting for them as long as they are the preface's; takes the preface if it is there.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return whether the rest is frames; true also if ALPN said so and the preface is wrong, which the first frame
     *     then shows
     */
    public static boolean take(ByteStream stream) {
        boolean agreed = Tls.session(stream).map(session -> session.protocol().equals("h2")).orElse(false);
        ByteBuffer in = stream.fill();
        int same = 0;
        while (true) {
            while (same < in.remaining() && same < BYTES.length && in.get(in.position() + same) == BYTES[same]) {
                same++;
            }
            if (same == BYTES.length) {
                in.position(in.position() + same);
                return true;
            }
            if (same < in.remaining()) {
                return agreed;
            }
            int had = in.remaining();
            in = stream.fill(had + 1);
            if (in.remaining() == had) {
                return agreed;
            }
        }
    }
}
