package dev.heddle.http.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.http.internal.http2.HpackWriter;
import dev.heddle.http.internal.http2.Http2Batch;
import java.nio.ByteBuffer;

/** The trailers of a response: the fields behind its body (RFC 9110, section 6.5). */
final class ResponseTrailers {

    private ResponseTrailers() {}

    /**
     * What a response says of its trailers when its body has been written; mostly none.
     *
     * @throws IllegalArgumentException if a field has no place there
     */
    static Headers of(Response response) {
        Headers trailers = response.trailers().get();
        for (int i = 0; i < trailers.size(); i++) {
            String name = trailers.name(i);
            if (TrailerFields.isForbidden(name)) {
                throw new IllegalArgumentException(name + " has no place behind a body; set it as a header");
            }
        }
        return trailers;
    }

    /** The header block of trailers. */
    record Block(Headers trailers) implements Http2Batch.Block {

        @Override
        public int mostBytes() {
            return HpackWriter.mostBytes(trailers);
        }

        @Override
        public void write(HpackWriter hpack, ByteBuffer target) {
            for (int i = 0; i < trailers.size(); i++) {
                hpack.field(target, trailers.name(i), trailers.value(i));
            }
        }
    }
}
