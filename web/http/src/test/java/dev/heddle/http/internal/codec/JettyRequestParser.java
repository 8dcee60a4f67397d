package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.Protocol;
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
 * The second opinion on requests: reads heads and chunked bodies with Jetty's parser, and refuses what that one lets
 * pass.
 *
 * <p>In front of the parser {@link JettyStartLine} reads the request line; behind it this class limits the header
 * section, refuses fields that come twice and must not, and looks at the whole. A parser serves one message at a time
 * and, after {@link #reset()}, another, maybe of another connection, so an idle connection needs none.
 *
 * <p>Errors: all methods throw {@link StatusException}; the parser is of no use after one.
 */
final class JettyRequestParser implements HttpParser.RequestHandler {

    /**
     * Fields with one value that two readers could take from different places; a request that repeats one gets 400.
     * Host and Content-Length are with them, though the parser has its own opinion on those.
     */
    static final Set<HttpHeader> SINGLETONS = EnumSet.of(
            HttpHeader.HOST, HttpHeader.CONTENT_LENGTH, HttpHeader.CONTENT_TYPE, HttpHeader.AUTHORIZATION,
            HttpHeader.PROXY_AUTHORIZATION, HttpHeader.EXPECT, HttpHeader.FROM, HttpHeader.IF_MODIFIED_SINCE,
            HttpHeader.IF_RANGE, HttpHeader.IF_UNMODIFIED_SINCE, HttpHeader.MAX_FORWARDS, HttpHeader.RANGE,
            HttpHeader.REFERER, HttpHeader.USER_AGENT, HttpHeader.ETAG, HttpHeader.DATE, HttpHeader.CONTENT_RANGE,
            HttpHeader.CONTENT_LOCATION);

    /** Bytes that end the request line, and count neither as its own nor as those of the fields. */
    private static final int LINE_END = 2;

    private final HeadLimits limits;
    private final HttpParser parser;
    private final JettyStartLine startLine;
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

    JettyRequestParser(HeadLimits limits) {
        this.limits = limits;
        startLine = new JettyStartLine(limits.maxStartLine());
        long most = (long) limits.maxStartLine() + LINE_END + limits.maxHeaderBytes();
        parser = new HttpParser(this, (int) Math.min(most, Integer.MAX_VALUE), HttpCompliance.STRICT);
        // The cache of values would cost every connection kilobytes, and it matches without regard to case.
        parser.setHeaderCacheSize(0);
        parser.setHeaderCacheCaseSensitive(true);
    }

    /**
     * Reads on in the head, taking its bytes from the buffer and none after it.
     *
     * @return the head if it is complete, else null
     */
    @Nullable RequestHead parseHead(ByteBuffer in) {
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
    void parseBody(ByteBuffer in, ByteBuffer target) {
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
    boolean bodyDone() {
        return bodyDone;
    }

    /** The fields after a chunked body (RFC 9112, section 7.1.2), once that is done; only once. */
    Headers trailers() {
        return ReadHeaders.of(trailers);
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
        target.add(field.getName(), value);
    }

    private RequestHead check(Headers headers, long parsedLength) {
        Target parsed = Target.parse(method, target);
        boolean http11 = protocol == Protocol.HTTP_1_1;
        String host = headers.get("Host").orElse(null);
        if (host == null ? http11 : !Authority.isValid(host)) {
            throw new StatusException(400, "missing or bad Host");
        }
        String authority = parsed.authority();
        if (authority != null && host != null && !authority.equalsIgnoreCase(host)) {
            throw new StatusException(400, "Host differs from the host of the target");
        }
        boolean kept = !RequestHead.listHas(headers, "Connection", "close")
                && (http11 || RequestHead.listHas(headers, "Connection", "keep-alive"));
        return new RequestHead(
                method, target, parsed, protocol, authority == null ? host : authority, headers,
                bodyLength(http11, headers, parsedLength), kept, expectsContinue(http11, headers), null);
    }

    private static long bodyLength(boolean http11, Headers headers, long parsedLength) {
        String coding = headers.get("Transfer-Encoding").orElse(null);
        if (coding == null) {
            return Math.max(0, parsedLength);
        }
        if (!http11 || headers.all("Transfer-Encoding").size() != 1 || headers.contains("Content-Length")) {
            throw new StatusException(400, "ambiguous length of the body");
        }
        if (!coding.equalsIgnoreCase("chunked")) {
            throw new StatusException(501, "the only transfer coding here is chunked");
        }
        return RequestHead.CHUNKED;
    }

    private static boolean expectsContinue(boolean http11, Headers headers) {
        String expect = headers.get("Expect").orElse(null);
        if (expect == null || !http11) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new StatusException(417, "the only expectation here is 100-continue");
        }
        return true;
    }

    @Override
    public boolean headerComplete() {
        long length = seen.contains(HttpHeader.CONTENT_LENGTH) ? parser.getContentLength() : -1;
        try {
            head = check(ReadHeaders.of(fields), length);
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
