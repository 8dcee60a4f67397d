package dev.heddle.http.internal.codec;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parser of reply heads (RFC 9112, section 4).
 *
 * <pre>
 *   "HTTP/1." ( "0" / "1" ) 1*SP 3DIGIT [ SP reason ] CRLF  fields
 * </pre>
 *
 * <p>Where the body ends must be told by exactly one field of exactly one form; whatever else comes is an error, never
 * guessed at.
 *
 * <p>Errors: {@link BadReplyException}.
 */
public final class ReplyHeadParser extends HeadParser {

    /** The last digit may also be a zero. */
    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);

    private static final int VERSION_MINOR = "HTTP/1.".length();
    private static final int STATUS_DIGITS = 3;

    /** Room for most heads, and for their fields. */
    private static final int FIRST_BYTES = 1024;

    private static final int FIRST_FIELDS = 32;

    private final HeadLimits limits;
    private int status;
    private String reason = "";
    private long length;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;

    ReplyHeadParser(HeadLimits limits) {
        super(
                FIRST_BYTES, FIRST_FIELDS, limits.maxHeaderCount(), "header",
                (_, why) -> new BadReplyException(why));
        this.limits = limits;
        reset();
    }

    @Override
    void reset() {
        super.reset();
        limitFields(limits.maxHeaderBytes());
        status = 0;
        reason = "";
        length = -1;
        chunked = false;
        close = false;
        keepAlive = false;
    }

    @Override
    boolean readStart() {
        if ((line == 0 && !readVersion()) || (status == 0 && !readStatus()) || !readText()) {
            return false;
        }
        String usual = StatusLines.phrase(status);
        reason = isText(usual, line, at) ? usual : trimmed(line, at);
        at += 2;
        return true;
    }

    private boolean readVersion() {
        while (at < VERSION.length) {
            if (at == end) {
                return false;
            }
            if (bytes[at] != VERSION[at] && !(at == VERSION_MINOR && bytes[at] == '0')) {
                throw fault(400, at < VERSION_MINOR ? "not an HTTP/1 response" : "not HTTP/1.1");
            }
            at++;
        }
        line = at;
        return true;
    }

    private boolean readStatus() {
        while (at == line && bytes[at] == ' ') {
            line = ++at;
        }
        while (at < line + STATUS_DIGITS) {
            if (at == end) {
                return false;
            }
            if (bytes[at] < (at == line ? '1' : '0') || bytes[at] > '9') {
                throw fault(400, "not a status in 100 to 999");
            }
            at++;
        }
        if (at == end) {
            return false;
        }
        if (bytes[at] == ' ') {
            at++;
        } else if (bytes[at] != '\r') {
            throw fault(400, "not a status in 100 to 999");
        }
        status = (bytes[line] - '0') * 100 + (bytes[line + 1] - '0') * 10 + bytes[line + 2] - '0';
        line = at;
        return true;
    }

    @Override
    void take(@Nullable FieldName known, String value) {
        if (known == null) {
            return;
        }
        switch (known.use()) {
            case LENGTH -> {
                if (length >= 0) {
                    throw fault(400, "two Content-Length fields");
                }
                length = FieldSyntax.length(value);
                if (length < 0) {
                    throw fault(400, "Content-Length is not a length");
                }
            }
            case CODING -> {
                if (chunked || !value.equalsIgnoreCase("chunked")) {
                    throw fault(400, "Transfer-Encoding is not the one word chunked");
                }
                chunked = true;
            }
            case CONNECTION -> {
                close |= FieldSyntax.hasElement(value, "close");
                keepAlive |= FieldSyntax.hasElement(value, "keep-alive");
            }
            case TEXT, HOST, EXPECT -> {}
        }
        if (chunked && length >= 0) {
            throw fault(400, "both Content-Length and Transfer-Encoding");
        }
        if (chunked && protocol() == Protocol.HTTP_1_0) {
            throw fault(400, "Transfer-Encoding in an HTTP/1.0 response");
        }
    }

    private Protocol protocol() {
        return bytes[VERSION_MINOR] == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
    }

    /** The head, once it is complete. */
    ReplyHead head() {
        return new ReplyHead(status, reason, headers(), protocol());
    }

    /** The Content-Length, or -1 without one. */
    long length() {
        return length;
    }

    /** Whether the body comes in chunks. */
    boolean isChunked() {
        return chunked;
    }

    /** Whether the peer will keep the connection, by the rules of RFC 9112, section 9.3. */
    boolean isPersistent() {
        return !close && (keepAlive || protocol() == Protocol.HTTP_1_1);
    }
}
