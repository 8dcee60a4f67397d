package dev.heddle.http.internal.http2;

import dev.heddle.http.Headers;
import java.nio.ByteBuffer;

/** The header block of trailers (RFC 9113, section 8.1): fields behind a body, of either side. */
public record TrailerBlock(Headers trailers) implements HeaderBlock {

    @Override
    public int mostBytes() {
        return HpackWriter.mostBytes(trailers);
    }

    @Override
    public void write(FieldWriter hpack, ByteBuffer target) {
        for (int i = 0; i < trailers.size(); i++) {
            hpack.field(target, trailers.name(i), trailers.value(i));
        }
    }
}
