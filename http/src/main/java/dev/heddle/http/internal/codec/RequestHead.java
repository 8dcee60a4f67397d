package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, checked as a whole: framing, host and what the peer wants of its connection.
 *
 * @param method a token, in the case it came
 * @param rawTarget the target as it came
 * @param target the same taken apart
 * @param protocol the version of HTTP
 * @param host the host of the target or the Host field; null only for HTTP/1.0
 * @param headers all fields in order
 * @param bodyLength how long the body is, 0 for none, or {@link #CHUNKED}
 * @param keepAlive whether the peer wants to keep its connection
 * @param expectsContinue whether the peer may wait for a 100 before it sends the body
 */
public record RequestHead(
        String method,
        String rawTarget,
        Target target,
        Protocol protocol,
        @Nullable String host,
        Headers headers,
        long bodyLength,
        boolean keepAlive,
        boolean expectsContinue) {

    /** A body whose length its own framing tells. */
    public static final long CHUNKED = -1;

    /**
     * Checks what the parser has let pass.
     *
     * @param parsedLength the value of the one Content-Length field, or -1
     * @throws StatusException if the message can be read in more than one way, or asks for what the server has not
     */
    static RequestHead check(String method, String rawTarget, Protocol protocol, Headers headers, long parsedLength) {
        var target = Target.parse(method, rawTarget);
        boolean http11 = protocol == Protocol.HTTP_1_1;
        String host = checkHost(target, http11, headers.first("Host"));
        long length = bodyLength(http11, headers, parsedLength);
        return new RequestHead(
                method, rawTarget, target, protocol, host, headers, length, keepAlive(http11, headers),
                expectsContinue(http11, headers));
    }

    /** Whether chunks and kept connections are understood; else it is HTTP/1.0. */
    public boolean http11() {
        return protocol != Protocol.HTTP_1_0;
    }

    /** The method and path for a line of a log: without the query, which may be secret. */
    public String label() {
        return FieldSyntax.printable(method + " " + target.path());
    }

    /** RFC 9112, section 3.2.2: an absolute target names the host; one that differs from Host is an attack. */
    private static @Nullable String checkHost(Target target, boolean http11, @Nullable String field) {
        if (field == null ? http11 : !Authority.isValid(field)) {
            throw new StatusException(400, "missing or bad Host");
        }
        String authority = target.authority();
        if (authority != null && field != null && !authority.equalsIgnoreCase(field)) {
            throw new StatusException(400, "Host differs from the host of the target");
        }
        return authority == null ? field : authority;
    }

    /** RFC 9112, section 6.3, without the recoveries it allows. */
    private static long bodyLength(boolean http11, Headers headers, long parsedLength) {
        String coding = headers.first("Transfer-Encoding");
        if (coding == null) {
            return Math.max(0, parsedLength);
        }
        if (!http11) {
            throw new StatusException(400, "Transfer-Encoding in HTTP/1.0");
        }
        if (headers.count("Transfer-Encoding") != 1 || headers.contains("Content-Length")) {
            throw new StatusException(400, "ambiguous length of the body");
        }
        if (!coding.equalsIgnoreCase("chunked")) {
            throw new StatusException(501, "the only transfer coding here is chunked");
        }
        return CHUNKED;
    }

    private static boolean keepAlive(boolean http11, Headers headers) {
        if (!headers.contains("Connection")) {
            return http11;
        }
        // RFC 9112, section 9.3: a close wins.
        return !listHas(headers, "Connection", "close") && (http11 || listHas(headers, "Connection", "keep-alive"));
    }

    private static boolean expectsContinue(boolean http11, Headers headers) {
        String expect = headers.first("Expect");
        if (expect == null || !http11) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new StatusException(417, "the only expectation here is 100-continue");
        }
        return true;
    }

    /** Whether a comma-separated field, maybe over several lines, has the token. */
    public static boolean listHas(Headers headers, String name, String token) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                for (String element : headers.value(i).split(",", -1)) {
                    if (element.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
