package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.http.Fed;
import dev.heddle.http.Form;
import dev.heddle.http.FuzzBytes;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.codec.Conditions;
import dev.heddle.http.internal.codec.HeadLimits;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.http.internal.codec.RequestCookies;
import dev.heddle.http.internal.form.ContentDisposition;
import dev.heddle.http.internal.form.MultipartBoundary;
import dev.heddle.http.internal.form.SafeFilename;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.http.internal.proxy.ForwardedElement;
import dev.heddle.http.internal.proxy.ProxyHeader;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.http.internal.syntax.ByteRange;
import dev.heddle.http.internal.syntax.FieldParameters;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.sim.Sim;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What must hold for any bytes that a server gets, and for the values of a request's fields. */
public final class ServerFuzz {

    private ServerFuzz() {}

    /** A whole connection ends, whatever comes, and what it answers in HTTP/1 is a row of replies. */
    public static void connection(byte[] bytes) {
        HttpServer server = HttpServer.builder()
                .get("/", request -> Response.text("hello"))
                .post("/", request -> Response.bytes("a/b", request.bytes(10_000)))
                .build();
        byte[] said = Fed.answers(bytes, server::serve);
        boolean http2 = Wire.text(bytes).startsWith(Http2Frame.PREFACE);
        for (int at = 0; !http2 && at < said.length;) {
            byte[] rest = Arrays.copyOfRange(said, at, said.length);
            var parser = new ReplyParser(new HeadLimits(64 * 1024, 64 * 1024, 256));
            // Whether a reply has a body is for who has asked to know; the length tells it for all but HEAD.
            parser.start(false);
            ByteBuffer in = ByteBuffer.wrap(rest);
            assertTrue(parser.parseHead(in), () -> Wire.text(rest));
            if (Wire.text(bytes).contains("HEAD")) {
                return;
            }
            while (!parser.isComplete() && in.hasRemaining()) {
                parser.parseBody(in, new byte[4096], 0, 4096);
            }
            at = said.length - in.remaining();
        }
    }

    /** A multipart body has the same parts, or is refused alike, however it is cut. */
    public static void multipart(byte[] bytes) {
        String body = Wire.text(bytes);
        List<String> whole = parts(body, Integer.MAX_VALUE);
        for (int cut : FuzzBytes.cuts(bytes)) {
            assertEquals(whole, parts(body, cut));
        }
    }

    private static List<String> parts(String body, int step) {
        return Sim.run(1, () -> {
            try {
                return Multipart.parse(body, step, MultipartLimits.DEFAULT);
            } catch (StatusException e) {
                return List.of("refused " + e.status());
            }
        });
    }

    /** A form is what the pairs in it say, and the same when it is written again. */
    public static void form(byte[] bytes) {
        Form form;
        try {
            form = FormParser.parse(bytes.clone(), FormLimits.DEFAULT);
        } catch (StatusException e) {
            assertTrue(e.status() == 400 || e.status() == 413);
            return;
        }
        var again = new StringBuilder();
        form.forEach((name, value) -> again.append(again.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        Form read = FormParser.parse(Wire.latin1(again.toString()), FormLimits.DEFAULT.withMaxBytes(1 << 24));
        assertEquals(pairs(form), pairs(read));
    }

    private static List<String> pairs(Form form) {
        var pairs = new ArrayList<String>();
        form.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs;
    }

    /** Cookies of a request are pairs of a token and what a field may hold, over one field or many. */
    public static void cookies(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        Map<String, String> cookies = RequestCookies.parse(Headers.of("Cookie", value));
        var again = new StringBuilder();
        cookies.forEach((name, content) -> {
            assertTrue(FieldSyntax.isToken(name), value);
            assertTrue(content.indexOf(';') < 0 && content.equals(content.strip()), value);
            again.append(again.isEmpty() ? "" : "; ").append(name).append('=').append(content);
        });
        assertEquals(cookies, RequestCookies.parse(Headers.of("Cookie", again.toString())));
        Headers fields = Headers.EMPTY;
        for (String pair : value.split(";", -1)) {
            fields = fields.withAdded("Cookie", pair.strip());
        }
        assertEquals(cookies, RequestCookies.parse(fields), value);
    }

    /** Ranges lie in the file, in order, beside each other; of any length of the file. */
    public static void ranges(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        for (long size : new long[]{0, 1, 10, 1000, Long.MAX_VALUE}) {
            List<ByteRange> ranges = ByteRange.parse(value, size);
            long free = 0;
            for (ByteRange range : ranges == null ? List.<ByteRange>of() : ranges) {
                assertTrue(range.offset() >= free && range.length() >= 1, value);
                free = Math.addExact(range.offset(), range.length());
                assertTrue(free <= size, value);
            }
            assertTrue(ranges == null || ranges.size() <= ByteRange.MAX_RANGES);
        }
    }

    /**
     * The header of a proxy is complete at one byte and not before, says the same with more behind it, or is refused.
     */
    public static void proxyHeader(byte[] bytes) {
        ProxyHeader whole = null;
        boolean refused = false;
        for (int length = 0; length <= bytes.length; length++) {
            ProxyHeader header = null;
            boolean bad = false;
            try {
                header = ProxyHeader.parse(ByteBuffer.wrap(bytes, 0, length));
            } catch (BrokenException e) {
                bad = true;
            }
            assertTrue(!refused || bad, "what is refused stays so");
            assertTrue(whole == null || whole.equals(header), "what is complete stays so");
            assertTrue(whole != null || header == null || header.length() == length, "it ends where it is complete");
            refused = bad;
            whole = header;
        }
        if (whole != null) {
            assertEquals(whole.source() == null, whole.destination() == null);
        }
    }

    /** A name from outside is that of a file in a folder, and nothing else; a second look changes nothing. */
    public static void fileName(byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        String safe = SafeFilename.of(name);
        assertTrue(safe.chars().noneMatch(c -> c < ' ' || c == 0x7f || "/\\:*?\"<>|".indexOf(c) >= 0), safe);
        assertTrue(!safe.isEmpty() && !safe.startsWith(".") && !safe.startsWith("-"), safe);
        assertTrue(safe.getBytes(StandardCharsets.UTF_8).length <= 200, safe);
        assertEquals(safe, SafeFilename.of(safe));
        FieldSyntax.checkValue("Content-Disposition", ContentDisposition.attachment(name));
        String field = ContentDisposition.attachment(name);
        assertEquals("attachment", Objects.requireNonNull(FieldParameters.parse(field), field).value());
    }

    /** The fields of requests, each with what it promises. */
    public static void fields(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        Headers fields = Headers.of("If-None-Match", value, "If-Match", value, "If-Modified-Since", value);
        Conditions.isNotModified(fields, "\"a\"", null);
        Conditions.fail(fields, "\"a\"", null);
        try {
            assertTrue(MultipartBoundary.of(value).length() <= 70, value);
        } catch (StatusException e) {
            assertEquals(400, e.status());
        }
        ForwardedElement element = ForwardedElement.parse(value);
        assertTrue(element == null || element.from().indexOf('"') < 0, value);
        byte[] address = IpAddresses.parse(TrustedProxies.hostOf(value));
        assertTrue(address == null || address.length == 4 || address.length == 16, value);
    }
}
