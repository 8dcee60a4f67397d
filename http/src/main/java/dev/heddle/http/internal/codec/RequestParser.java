package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
import dev.heddle.http.server.ServerLimits;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads and chunked bodies with Jetty's parser, and refuses what that one lets pass.
 *
 * <p>In front of the parser {@link StartLineCheck} reads the request line; behind it this class limits the header
 * section, refuses fields that come twice and must not, and {@link RequestHead} looks at the whole. A parser serves one
 * message at a time and, after {@link #reset()}, another, maybe of another connection, so an idle connection needs none.
 *
 * <p>Errors: all methods throw {@link StatusException}; the parser is of no use after one.
 */
public final class RequestParser implements HttpParser.RequestHandler {

    /**
     * Fields with one value that two readers could take from different places; a request that repeats one gets 400. Host
     * and Content-Length are with them, though the parser has its own opinion on those.
     */
    static final Set<HttpHeader> SINGLETONS = EnumSet.of(
            HttpHeader.HOST, HttpHeader.CONTENT_LENGTH, HttpHeader.CONTENT_TYPE, HttpHeader.AUTHORIZATION,
            HttpHeader.PROXY_AUTHORIZATION, HttpHeader.EXPECT, HttpHeader.FROM, HttpHeader.IF_MODIFIED_SINCE,
            HttpHeader.IF_RANGE, HttpHeader.IF_UNMODIFIED_SINCE, HttpHeader.MAX_FORWARDS, HttpHeader.RANGE,
            HttpHeader.REFERER, HttpHeader.USER_AGENT, HttpHeader.ETAG, HttpHeader.DATE, HttpHeader.CONTENT_RANGE,
            HttpHeader.CONTENT_LOCATION);

    /** Bytes that end the request line, and count neither as its own nor as those of the fields. */
    private static final int LINE_END = 2;

    private final ServerLimits limits;
    private final HttpParser parser;
    private final StartLineCheck startLine;
    private final EnumSet<HttpHeader> seen = EnumSet.noneOf(HttpHeader.class);

    private final FieldList fields = new FieldList(8);
    private final FieldList trailers = new FieldList(0);
    private String method = "";
    private String target = "";
    private Protocol protocol = Protocol.HTTP_1_1;
    private int headerBytes;
    private boolean bodyDone;
    private @Nullable RequestHead head;
    private @Nullable ByteBuffer sink;
    private @Nullable StatusException failure;

    public RequestParser(ServerLimits limits) {
        this.limits = limits;
        startLine = new StartLineCheck(limits.maxStartLine());
        long most = (long) limits.maxStartLine() + LINE_END + limits.maxHeaderBytes();
        parser = new HttpParser(this, (int) Math.min(most, Integer.MAX_VALUE), HttpCompliance.STRICT);
        // The cache of values would cost every connection kilobytes, and it matches without regard to case.
        parser.setHeaderCacheSize(0);
        parser.setHeaderCacheCaseSensitive(true);
    }

    /** Makes the parser ready for the next message. Only after a whole head and, if it was read with this, a whole body. */
    public void reset() {
        parser.reset();
        startLine.reset();
        seen.clear();
        fields.clear();
        trailers.clear();
        headerBytes = 0;
        bodyDone = false;
        head = null;
    }

    /**
     * Reads on in the head, taking its bytes from the buffer and none after it.
     *
     * @return the head if it is complete, else null
     */
    public @Nullable RequestHead parseHead(ByteBuffer in) {
        int lineBytes = startLine.done() ? 0 : startLine.check(in);
        int before = in.position();
        parse(in);
        headerBytes += in.position() - before - lineBytes;
        if (headerBytes > limits.maxHeaderBytes()) {
            throw headerTooLarge();
        }
        return head;
    }

    /**
     * Reads on in a chunked body.
     *
     * @param in where the bytes come from; those of the framing and the content are taken
     * @param target where the content goes; must have room
     */
    public void parseBody(ByteBuffer in, ByteBuffer target) {
        int limit = in.limit();
        sink = target;
        try {
            while (!bodyDone && target.hasRemaining() && in.position() < limit) {
                // Content is at most as long as what the parser sees, so it always fits the target.
                in.limit(Math.min(limit, in.position() + target.remaining()));
                parse(in);
                in.limit(limit);
            }
        } finally {
            in.limit(limit);
            sink = null;
        }
    }

    /** Whether the end of the chunked body, with its trailers, has been read. */
    public boolean bodyDone() {
        return bodyDone;
    }

    /** The fields after a chunked body (RFC 9112, section 7.1.2), once that is done; only once. */
    public Headers trailers() {
        return Headers.of(trailers);
    }

    private void parse(ByteBuffer in) {
        int limit = in.limit();
        try {
            parser.parseNext(in);
        } catch (RuntimeException | AssertionError e) {
            // Some bad input trips an assertion inside the codec, where assertions are enabled.
            failure = failure == null ? new StatusException(400, "bad request") : failure;
        }
        if (failure != null) {
            // A failed parser leaves the buffer as if it had never held anything; it is still the stream's.
            in.limit(limit).position(limit);
            throw failure;
        }
    }

    private static StatusException headerTooLarge() {
        return new StatusException(431, "header section is too large");
    }

    @Override
    public void startRequest(String method, String uri, HttpVersion version) {
        if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
            throw new HttpException.RuntimeException(505, "not a version of HTTP/1");
        }
        this.method = method;
        target = uri;
        protocol = version == HttpVersion.HTTP_1_1 ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
    }

    @Override
    public void parsedHeader(HttpField field) {
        HttpHeader known = field.getHeader();
        if (known != null && SINGLETONS.contains(known) && !seen.add(known)) {
            throw new HttpException.RuntimeException(400, known.asString() + " comes twice");
        }
        add(fields, field);
    }

    @Override
    public void parsedTrailer(HttpField field) {
        add(trailers, field);
    }

    private void add(FieldList target, HttpField field) {
        if (target.size() == limits.maxHeaderCount()) {
            throw new HttpException.RuntimeException(431, "more than " + limits.maxHeaderCount() + " header fields");
        }
        String value = field.getValue() == null ? "" : field.getValue();
        if (FieldSyntax.hasDisguisedSpace(value)) {
            throw new HttpException.RuntimeException(400, "header value ends in a byte that some readers trim");
        }
        target.add(FieldName.of(field), value);
    }

    @Override
    public boolean headerComplete() {
        long length = seen.contains(HttpHeader.CONTENT_LENGTH) ? parser.getContentLength() : -1;
        try {
            head = RequestHead.check(method, target, protocol, Headers.of(fields), length);
        } catch (StatusException e) {
            failure = e;
        }
        return true;
    }

    @Override
    public boolean content(ByteBuffer content) {
        ByteBuffer target = sink;
        if (target == null) {
            throw new IllegalStateException("content outside of parseBody");
        }
        target.put(content);
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        bodyDone = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        // How the parser reports every fault after the head; the end of the stream never reaches it.
        fail(400, "bad chunked body");
    }

    @Override
    public void badMessage(HttpException bad) {
        int status = bad.getCode() >= 400 && bad.getCode() <= 599 ? bad.getCode() : 400;
        fail(status, bad.getReason() == null ? "bad request" : bad.getReason());
    }

    private void fail(int status, String message) {
        if (failure == null) {
            failure = new StatusException(status, message);
        }
    }
}
