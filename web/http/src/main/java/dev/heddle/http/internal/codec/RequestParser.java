package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parser of request heads (RFC 9112, section 3).
 *
 * <pre>
 *   [ CRLF ]  method SP target SP "HTTP/1." ( "0" / "1" ) CRLF  fields
 * </pre>
 *
 * <p>Errors: {@link StatusException} with the status that the peer gets, if the message can be read in more than one
 * way or asks for what the server has not.
 */
public final class RequestParser extends HeadParser {

    /** Longest method; the registered ones have at most 17 characters. */
    public static final int MAX_METHOD = 32;

    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "QUERY"};

    /** The last digit may also be a zero. */
    private static final byte[] VERSION = "HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int VERSION_NAME = "HTTP/".length();
    private static final int VERSION_MINOR = "HTTP/1.".length();

    /** Room for most heads, and for their fields. */
    private static final int FIRST_BYTES = 1024;

    private static final int FIRST_FIELDS = 32;

    private final HeadLimits limits;
    private final SeenRequestLine seenLine = new SeenRequestLine();
    private String method = "";
    private String target = "";

    /** The target taken apart, where an earlier head had the same. */
    private @Nullable Target parsed;

    /** Behind the end of the request line. */
    private int startEnd;

    private Protocol protocol = Protocol.HTTP_1_1;

    /** The fields that must not come twice and have come. */
    private long seen;

    private @Nullable String host;
    private @Nullable String expect;
    private @Nullable String coding;
    private long length = -1;
    private boolean close;
    private boolean keepAlive;

    /** The last host that was found to be one; null while there is none. */
    private @Nullable String validHost;

    public RequestParser(HeadLimits limits) {
        super(FIRST_BYTES, FIRST_FIELDS, limits.maxHeaderCount(), "header", StatusException::new);
        this.limits = limits;
    }

    @Override
    public void reset() {
        super.reset();
        method = "";
        target = "";
        parsed = null;
        seen = 0;
        host = null;
        expect = null;
        coding = null;
        length = -1;
        close = false;
        keepAlive = false;
    }

    /**
     * Reads on in the head, taking its bytes from the buffer and none behind it.
     *
     * @return the head if it is complete, else null
     */
    public @Nullable RequestHead parseHead(ByteBuffer in) {
        return parse(in) ? head() : null;
    }

    @Override
    boolean readStart() {
        if (at == 0 && seenLine.stands(bytes, end)) {
            method = seenLine.method();
            target = seenLine.rawTarget();
            parsed = seenLine.target();
            protocol = seenLine.protocol();
            at = seenLine.length();
        } else if ((method.isEmpty() && !readMethod()) || (target.isEmpty() && !readTarget()) || !readVersion()) {
            return false;
        }
        startEnd = at;
        limitFields(limits.maxHeaderBytes());
        return true;
    }

    private boolean readMethod() {
        if (line == 0 && bytes[0] == '\r') {
            // One empty line before a request is allowed: section 2.2.
            if (end > 1 && bytes[1] != '\n') {
                throw bad("line end");
            }
            if (end == 1) {
                return false;
            }
            at = 2;
            line = 2;
        }
        at = endOfToken(at);
        if (at - line > MAX_METHOD && limits.maxStartLine() - line > MAX_METHOD) {
            throw fault(501, "method is longer than " + MAX_METHOD);
        }
        checkLength(501, 0);
        if (at == end) {
            return false;
        }
        if (bytes[at] != ' ' || at == line) {
            throw bad("method");
        }
        method = method(at);
        line = ++at;
        return true;
    }

    private String method(int to) {
        for (String usual : METHODS) {
            if (isText(usual, line, to)) {
                return usual;
            }
        }
        return text(line, to);
    }

    private boolean readTarget() {
        byte[] read = bytes;
        int to = at;
        while (read[to] > ' ' && read[to] != 0x7f) {
            to++;
        }
        at = to;
        checkLength(414, 0);
        if (to == end) {
            return false;
        }
        if (read[to] != ' ' || to == line) {
            throw bad("target");
        }
        target = text(line, to);
        line = ++at;
        return true;
    }

    private boolean readVersion() {
        while (at < end) {
            int place = at - line;
            checkLength(414, place > VERSION_MINOR + 1 ? 1 : 0);
            if (bytes[at] != VERSION[place] && !(place == VERSION_MINOR && bytes[at] == '0')) {
                throw place < VERSION_NAME || place == VERSION_MINOR + 1
                        ? bad("version")
                        : place > VERSION_MINOR ? bad("line end") : fault(505, "not HTTP/1.0 or HTTP/1.1");
            }
            at++;
            if (place == VERSION.length - 1) {
                protocol = bytes[line + VERSION_MINOR] == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
                return true;
            }
        }
        return false;
    }

    /** All bytes of the line count, and those of an empty one before it, but not its end. */
    private void checkLength(int status, int ends) {
        boolean more = at < end && bytes[at] != '\r' && bytes[at] != '\n';
        if ((more ? at + 1 : at) - ends > limits.maxStartLine()) {
            throw fault(status, "request line is longer than " + limits.maxStartLine());
        }
    }

    @Override
    void take(@Nullable FieldName known, String value) {
        if (FieldSyntax.hasDisguisedSpace(value)) {
            throw fault(400, "header value ends in a byte that some readers trim");
        }
        if (known == null) {
            return;
        }
        long bit = known.bit();
        if ((seen & bit) != 0) {
            throw fault(400, known.text() + " comes twice");
        }
        seen |= bit;
        switch (known.use()) {
            case HOST -> host = value;
            case EXPECT -> expect = value;
            case LENGTH -> {
                length = FieldSyntax.length(value);
                if (length < 0) {
                    throw fault(400, "Content-Length is not a length");
                }
            }
            case CODING -> {
                if (coding != null) {
                    throw fault(400, "two Transfer-Encoding fields");
                }
                coding = value;
            }
            case CONNECTION -> {
                close |= FieldSyntax.hasElement(value, "close");
                keepAlive |= FieldSyntax.hasElement(value, "keep-alive");
            }
            case TEXT -> {}
        }
    }

    /** The head, now that it is complete and can be looked at as a whole. */
    private RequestHead head() {
        boolean http11 = protocol == Protocol.HTTP_1_1;
        if (host == null ? http11 : !isValid(host)) {
            throw fault(400, "missing or bad Host");
        }
        Target whole = parsed == null ? Target.parse(method, target) : parsed;
        String named = host(whole);
        long bodyLength = coding == null ? Math.max(0, length) : chunked(coding, http11);
        // Section 9.3: a close wins.
        boolean kept = !close && (http11 || keepAlive);
        var head = new RequestHead(method, target, whole, protocol, named, headers(), bodyLength, kept,
                expectsContinue(http11), null);
        if (parsed == null) {
            seenLine.keep(head, bytes, startEnd);
        }
        return head;
    }

    private boolean isValid(String name) {
        if (name.equals(validHost)) {
            return true;
        }
        boolean valid = Authority.isValid(name);
        validHost = valid ? name : validHost;
        return valid;
    }

    /** Section 3.2.2: an absolute target names the host; one that differs from Host is an attack. */
    private @Nullable String host(Target parsed) {
        String authority = parsed.authority();
        if (authority != null && host != null && !authority.equalsIgnoreCase(host)) {
            throw fault(400, "Host differs from the host of the target");
        }
        return authority == null ? host : authority;
    }

    /** Section 6.3, without the recoveries it allows. */
    private long chunked(String codings, boolean http11) {
        if (!http11) {
            throw fault(400, "Transfer-Encoding in HTTP/1.0");
        }
        if (length >= 0) {
            throw fault(400, "both Content-Length and Transfer-Encoding");
        }
        if (!codings.equalsIgnoreCase("chunked")) {
            throw hasChunkedLast(codings)
                    ? fault(501, "the only transfer coding here is chunked")
                    : fault(400, "the last transfer coding is not chunked");
        }
        return RequestHead.CHUNKED;
    }

    private static boolean hasChunkedLast(String codings) {
        boolean chunked = false;
        for (String element : codings.split(",", -1)) {
            if (!element.isBlank()) {
                if (chunked) {
                    return false;
                }
                chunked = element.strip().equalsIgnoreCase("chunked");
            }
        }
        return chunked;
    }

    private boolean expectsContinue(boolean http11) {
        if (expect == null || !http11) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw fault(417, "the only expectation here is 100-continue");
        }
        return true;
    }

    private RuntimeException bad(String part) {
        return fault(400, "bad " + part + " in request line");
    }
}
