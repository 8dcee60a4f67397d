package dev.heddle.http.internal.server;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.http2.FieldWriter;
import dev.heddle.http.internal.http2.HeaderBlock;
import dev.heddle.http.internal.http2.HpackWriter;
import dev.heddle.http.internal.http2.Http2Fields;
import java.nio.ByteBuffer;

/**
 * The header block of a response of HTTP/2.
 *
 * @param status 200 to 599, or 100 to 199 of an interim one
 * @param headers what the handler has set
 * @param date the time it was made; empty for a response that has none
 * @param length the length of the body, or {@link ResponseBody#UNKNOWN}
 */
public record ResponseFields(int status, Headers headers, String date, long length) implements HeaderBlock {

    @Override
    public int mostBytes() {
        return HpackWriter.mostBytes(headers);
    }

    @Override
    public void write(FieldWriter hpack, ByteBuffer target) {
        hpack.status(target, status);
        boolean dated = date.isEmpty();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!Http2Fields.isOfHttp1(name)) {
                dated |= name.equalsIgnoreCase("Date");
                hpack.field(target, name, headers.value(i));
            }
        }
        if (!dated) {
            hpack.field(target, "Date", date);
        }
        if (length != ResponseBody.UNKNOWN) {
            hpack.field(target, "Content-Length", Long.toString(length));
        }
    }
}
