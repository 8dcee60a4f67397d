package dev.heddle.bench;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * The pages that all servers have. An answer has a {@code Content-Type}, a {@code Content-Length} and a {@code Date};
 * some servers say besides who they are.
 */
final class Site {

    static final String TEXT_PATH = "/plaintext";
    static final String TEXT_TYPE = "text/plain";
    static final String TEXT = "Hello, World!";

    static final String JSON_PATH = "/json";
    static final String JSON_TYPE = "application/json";

    static final String KIB_PATH = "/kib";
    static final int KIB_BYTES = 1024;

    static final String LARGE_PATH = "/large";
    static final String LARGE_TYPE = "application/octet-stream";
    static final int LARGE_BYTES = 100 * 1024;

    /** Where servers of {@link SiteMode#WEB_SOCKET} echo each message of a WebSocket, without compression. */
    static final String ECHO_PATH = "/echo";

    /** A WebSocket whose messages all others get. */
    static final String ROOM_PATH = "/room";

    /** Server-sent events, each of which is what somebody has posted to the other path; the answer to that is 204. */
    static final String EVENTS_PATH = "/events";

    static final String SAY_PATH = "/say";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'",
            Locale.US);

    /** What the JSON document says. */
    record Greeting(String message) {}

    private Site() {}

    /** The whole answer with the text, for who looks at no request; its Date stays that of the start. */
    static String answer() {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + TEXT_TYPE + "\r\nContent-Length: " + TEXT.length() + "\r\nDate: "
                + date() + "\r\n\r\n" + TEXT;
    }

    static byte[] text() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The JSON document, made anew by each request. For servers without a codec of their own: where an application
     * calls the codec of its choice, this composes the text.
     */
    static String json(Greeting greeting) {
        return "{\"message\":\"" + greeting.message() + "\"}";
    }

    static byte[] large() {
        byte[] bytes = new byte[LARGE_BYTES];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    /** A Date for servers that leave it to the application; asked for once a second (RFC 9110, section 5.6.7). */
    static String date() {
        return DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
