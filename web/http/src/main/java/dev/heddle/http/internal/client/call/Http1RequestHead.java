package dev.heddle.http.internal.client.call;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The request head of HTTP/1.1, as it is written. What stands in one was checked when it was set: the method is a
 * token, the target a strict URL's, every field a {@link Headers} field. So nothing a caller hands over can end a line
 * early.
 */
public final class Http1RequestHead {

    /** Fields that decide about framing and connection, which are this client's business. */
    private static final Set<String> OURS = FieldSyntax.names(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade");

    private static final byte[] VERSION_HOST = latin1(" HTTP/1.1\r\nHost: ");
    private static final byte[] LENGTH = latin1("Content-Length: ");
    private static final byte[] CHUNKED = latin1("Transfer-Encoding: chunked\r\n");
    private static final byte[] EXPECT = latin1("Expect: 100-continue\r\n");
    private static final byte[] LINE_END = latin1("\r\n");

    /** Room for what the head has besides the caller's text. */
    private static final int FIXED_ROOM = 192;

    private final Headers defaults;
    private final byte[] encodedDefaults;

    /**
     * @param defaults fields that go with every request that does not set them
     */
    public Http1RequestHead(Headers defaults) {
        this.defaults = defaults;
        var text = new StringBuilder();
        defaults.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        this.encodedDefaults = latin1(text.toString());
    }

    /**
     * Checks a field that a caller wants to send.
     *
     * @throws IllegalArgumentException if the field is not for callers to set
     */
    public static void checkField(String name) {
        if (OURS.contains(name)) {
            throw new IllegalArgumentException(name + " is set by the client itself");
        }
        if (name.equalsIgnoreCase("proxy-authorization")) {
            throw new IllegalArgumentException(
                    name + " would go to the server itself; give the credentials to the Proxy");
        }
    }

    /** Checks a field that shall go with every request, to whatever server; throws as {@link #checkField} does. */
    public static void checkDefault(String name) {
        checkField(name);
        switch (name.toLowerCase(Locale.ROOT)) {
            case "authorization", "cookie", "cookie2" -> throw new IllegalArgumentException(
                    name + " would go to every server; set auth or cookies, which keep to their own");
            case "host" -> throw new IllegalArgumentException("each URL has its own host");
            default -> {}
        }
    }

    /** Fields that go with a request unless it sets them. */
    public Headers defaults(RequestHop hop) {
        return hop.isBare() ? Headers.EMPTY : defaults;
    }

    /** Most bytes that the head may take. */
    public int room(RequestHop hop) {
        Headers headers = hop.headers();
        ClientUrl url = hop.url();
        int room = FIXED_ROOM + hop.method().length() + url.target().length() + url.hostField().length()
                + encodedDefaults.length;
        for (int i = 0; i < headers.size(); i++) {
            room += headers.name(i).length() + headers.value(i).length() + 4;
        }
        return room;
    }

    /** Writes the head into a buffer that has the room. */
    public void write(ByteBuffer out, RequestHop hop, boolean expectContinue) {
        Headers headers = hop.headers();
        ClientUrl url = hop.url();
        put(out, hop.method());
        out.put((byte) ' ');
        put(out, url.target());
        out.put(VERSION_HOST);
        String host = headers.first("Host");
        put(out, host == null ? url.hostField() : host);
        out.put(LINE_END);
        if (!hop.isBare()) {
            putDefaults(out, headers);
        }
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.name(i).equalsIgnoreCase("Host")) {
                field(out, headers.name(i), headers.value(i));
            }
        }
        putFraming(out, hop, expectContinue);
        out.put(LINE_END);
    }

    private void putDefaults(ByteBuffer out, Headers headers) {
        boolean overridden = false;
        for (int i = 0; i < headers.size() && !overridden; i++) {
            overridden = defaults.contains(headers.name(i));
        }
        if (!overridden) {
            out.put(encodedDefaults);
            return;
        }
        for (int i = 0; i < defaults.size(); i++) {
            if (!headers.contains(defaults.name(i))) {
                field(out, defaults.name(i), defaults.value(i));
            }
        }
    }

    private static void putFraming(ByteBuffer out, RequestHop hop, boolean expectContinue) {
        ClientBody body = hop.body();
        if (body instanceof ClientBody.None) {
            if (hop.saysItIsEmpty()) {
                out.put(LENGTH).put((byte) '0').put(LINE_END);
            }
            return;
        }
        long length = body.length();
        if (length < 0) {
            out.put(CHUNKED);
        } else {
            out.put(LENGTH);
            put(out, Long.toString(length));
            out.put(LINE_END);
        }
        if (expectContinue) {
            out.put(EXPECT);
        }
    }

    private static void field(ByteBuffer out, String name, String value) {
        put(out, name);
        out.put((byte) ':').put((byte) ' ');
        put(out, value);
        out.put(LINE_END);
    }

    private static void put(ByteBuffer out, String latin1) {
        for (int i = 0; i < latin1.length(); i++) {
            out.put((byte) latin1.charAt(i));
        }
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
