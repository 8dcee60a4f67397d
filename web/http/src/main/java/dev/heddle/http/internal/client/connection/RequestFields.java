package dev.heddle.http.internal.client.connection;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.http2.FieldWriter;
import dev.heddle.http.internal.http2.HeaderBlock;
import dev.heddle.http.internal.http2.HpackWriter;
import dev.heddle.http.internal.http2.Http2Fields;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header block of a request (RFC 9113, section 8.3.1).
 *
 * @param hop the request as it goes out
 * @param defaults fields that go with it unless it sets them
 * @param asks whether it waits for a go-ahead before its body
 * @param protocol what the stream is to carry in place of HTTP, with the method CONNECT (RFC 8441); null for a request
 */
public record RequestFields(RequestHop hop, Headers defaults, boolean asks, @Nullable String protocol)
        implements
            HeaderBlock {

    /** More than the line of any protocol takes. */
    private static final int MAX_PROTOCOL = 64;

    @Override
    public int mostBytes() {
        int line = hop.method().length() + authority().length() + hop.url().target().length();
        return line + MAX_PROTOCOL + HpackWriter.mostBytes(defaults) + HpackWriter.mostBytes(hop.headers());
    }

    private String authority() {
        String host = hop.headers().first("Host");
        return host == null ? hop.url().hostField() : host;
    }

    @Override
    public void write(FieldWriter hpack, ByteBuffer target) {
        hpack.field(target, ":method", protocol == null ? hop.method() : "CONNECT");
        if (protocol != null) {
            hpack.field(target, ":protocol", protocol);
        }
        hpack.field(target, ":scheme", hop.url().origin().tls() ? "https" : "http");
        hpack.field(target, ":authority", authority());
        hpack.field(target, ":path", hop.url().target());
        Headers own = hop.headers();
        for (int i = 0; i < defaults.size(); i++) {
            if (!own.contains(defaults.name(i))) {
                field(hpack, target, defaults.name(i), defaults.value(i));
            }
        }
        for (int i = 0; i < own.size(); i++) {
            field(hpack, target, own.name(i), own.value(i));
        }
        long length = hop.body().length();
        if (length >= 0 && !(hop.body() instanceof ClientBody.None && !hop.saysItIsEmpty())) {
            hpack.field(target, "Content-Length", Long.toString(length));
        }
        if (asks) {
            hpack.field(target, "Expect", "100-continue");
        }
    }

    private static void field(FieldWriter hpack, ByteBuffer target, String name, String value) {
        if (!name.equalsIgnoreCase("Host") && !Http2Fields.isOfHttp1(name)) {
            hpack.field(target, name, value);
        }
    }
}
