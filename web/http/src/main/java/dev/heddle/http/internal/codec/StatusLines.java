package dev.heddle.http.internal.codec;

import dev.heddle.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The first lines of responses, ready to be copied. */
public final class StatusLines {

    private static final int FIRST = 200;
    private static final int LAST = 599;
    private static final String[] PHRASES = new String[LAST + 1];
    private static final byte[][] LINES = new byte[LAST - FIRST + 1][];

    /** What IANA has registered (2026-11), in the words that have always been sent; others have none. */
    private static final String REGISTERED = """
            100 Continue; 101 Switching Protocols; 102 Processing; 103 Early Hints; 200 OK; 201 Created;
            202 Accepted; 203 Non Authoritative Information; 204 No Content; 205 Reset Content;
            206 Partial Content; 207 Multi-Status; 208 Already Reported; 226 IM Used; 300 Multiple Choices;
            301 Moved Permanently; 302 Found; 303 See Other; 304 Not Modified; 305 Use Proxy;
            307 Temporary Redirect; 308 Permanent Redirect; 400 Bad Request; 401 Unauthorized;
            402 Payment Required; 403 Forbidden; 404 Not Found; 405 Method Not Allowed; 406 Not Acceptable;
            407 Proxy Authentication Required; 408 Request Timeout; 409 Conflict; 410 Gone;
            411 Length Required; 412 Precondition Failed; 413 Payload Too Large; 414 URI Too Long;
            415 Unsupported Media Type; 416 Range Not Satisfiable; 417 Expectation Failed;
            418 I'm a Teapot; 421 Misdirected Request; 422 Unprocessable Entity; 423 Locked;
            424 Failed Dependency; 425 Too Early; 426 Upgrade Required; 428 Precondition Required;
            429 Too Many Requests; 431 Request Header Fields Too Large; 451 Unavailable For Legal Reasons;
            500 Server Error; 501 Not Implemented; 502 Bad Gateway; 503 Service Unavailable;
            504 Gateway Timeout; 505 HTTP Version Not Supported; 506 Variant Also Negotiates;
            507 Insufficient Storage; 508 Loop Detected; 510 Not Extended;
            511 Network Authentication Required""";

    static {
        Arrays.fill(PHRASES, "");
        for (String text : REGISTERED.split(";\\s", -1)) {
            PHRASES[Integer.parseInt(text, 0, 3, 10)] = text.substring(4);
        }
        for (int status = FIRST; status <= LAST; status++) {
            LINES[status - FIRST] = ("HTTP/1.1 " + status + " " + phrase(status) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    private StatusLines() {}

    /** Throws unless a handler may answer with this status: 1xx is the server's own business. */
    public static int check(int status) {
        Checks.inRange("status", status, FIRST, LAST);
        return status;
    }

    /** The line with its end; the caller does not change it. */
    public static byte[] of(int status) {
        return LINES[status - FIRST];
    }

    /** The standard words for a status, or nothing for one without. */
    public static String phrase(int status) {
        return status < PHRASES.length ? PHRASES[status] : "";
    }
}
