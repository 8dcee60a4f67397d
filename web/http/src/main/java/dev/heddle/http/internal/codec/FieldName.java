package dev.heddle.http.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A well-known name of a field, found without regard to case, so that it is not made anew for each message. */
public final class FieldName {

    /** What a field is to the one who reads a head. */
    enum Use {
        TEXT,
        HOST,
        EXPECT,
        LENGTH,
        CODING,
        CONNECTION
    }

    /** What peers send most (2026-11); others cost a little more, and are otherwise the same. */
    private static final String NAMES = """
            Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Access-Control-Allow-Credentials
            Access-Control-Allow-Headers Access-Control-Allow-Methods Access-Control-Allow-Origin
            Access-Control-Expose-Headers Access-Control-Max-Age Access-Control-Request-Headers
            Access-Control-Request-Method Age Allow Alt-Svc Alt-Used Authentication-Info Authorization Cache-Control
            Connection Content-Disposition Content-Encoding Content-Language Content-Length Content-Location
            Content-MD5 Content-Range Content-Security-Policy Content-Transfer-Encoding Content-Type Cookie
            Cross-Origin-Embedder-Policy Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Date Digest DNT
            Early-Data ETag Expect Expires Forwarded From Host HTTP2-Settings If-Match If-Modified-Since
            If-None-Match If-Range If-Unmodified-Since Keep-Alive Last-Event-ID Last-Modified Link Location
            Max-Forwards MIME-Version Negotiate Origin Permissions-Policy Pragma Priority Proxy-Authenticate
            Proxy-Authorization Proxy-Connection Range Referer Referrer-Policy Refresh Request-Range Retry-After
            Sec-CH-UA Sec-CH-UA-Mobile Sec-CH-UA-Platform Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site
            Sec-Fetch-User Sec-GPC Sec-WebSocket-Accept Sec-WebSocket-Extensions Sec-WebSocket-Key
            Sec-WebSocket-Protocol Sec-WebSocket-Version Server Server-Timing Servlet-Engine Set-Cookie Set-Cookie2
            SourceMap Strict-Transport-Security TE Timing-Allow-Origin Traceparent Tracestate Trailer
            Transfer-Encoding Upgrade Upgrade-Insecure-Requests User-Agent Vary Via Want-Digest Warning
            WWW-Authenticate X-Content-Type-Options X-Forwarded-For X-Forwarded-Host X-Forwarded-Port
            X-Forwarded-Proto X-Forwarded-Server X-Frame-Options X-Powered-By X-Request-ID X-Requested-With
            X-XSS-Protection
            """;

    /**
     * Fields with one value that two readers could take from different places (RFC 9110); a request that repeats one gets
     * 400. Others are lists, or are read by who knows them.
     */
    private static final Set<String> SINGLE = Set.of(
            "Authorization", "Content-Length", "Content-Location", "Content-Range", "Content-Type", "Date", "ETag",
            "Expect", "From", "Host", "If-Modified-Since", "If-Range", "If-Unmodified-Since", "Max-Forwards",
            "Proxy-Authorization", "Range", "Referer", "User-Agent");

    /** Fields that say the same in one message after the other, and nothing secret. */
    private static final List<String> RECURRENT = List.of(
            "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Alt-Svc",
            "Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Length", "Content-Type",
            "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Date", "DNT", "Host", "Keep-Alive", "Pragma",
            "Priority", "Referrer-Policy", "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Sec-Fetch-Dest",
            "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Server", "Strict-Transport-Security", "TE",
            "Transfer-Encoding", "Upgrade-Insecure-Requests", "User-Agent", "Vary", "Via", "X-Content-Type-Options",
            "X-Frame-Options", "X-Powered-By", "X-XSS-Protection");

    /** How many these are. */
    static final int RECURRING = RECURRENT.size();

    /** A power of two, and several times the names, so that few share a slot. */
    private static final int SLOTS = 1024;

    private static final int SLOT_SHIFT = Integer.SIZE - 10;

    /** Each name is at its hash or, where another is, at one of the next slots. */
    private static final @Nullable FieldName[] TABLE = new FieldName[SLOTS];

    /** Makes an upper-case letter a lower-case one, and of no other byte of a token a letter, a digit or a hyphen. */
    private static final int CASE = 0x20;

    static {
        long bit = 1;
        for (String text : NAMES.strip().split("\\s+", -1)) {
            boolean single = SINGLE.contains(text);
            put(new FieldName(text, single ? bit : 0));
            bit <<= single ? 1 : 0;
        }
    }

    private final String text;
    private final String lower;
    private final byte[] bytes;
    private final Use use;
    private final long bit;
    private final int place;

    private FieldName(String text, long bit) {
        this.text = text;
        // One object for one name in all of the process, as literals are: then most comparisons are of references.
        this.lower = text.toLowerCase(Locale.ROOT).intern();
        this.bytes = lower.getBytes(StandardCharsets.US_ASCII);
        this.use = switch (text) {
            case "Host" -> Use.HOST;
            case "Expect" -> Use.EXPECT;
            case "Content-Length" -> Use.LENGTH;
            case "Transfer-Encoding" -> Use.CODING;
            case "Connection" -> Use.CONNECTION;
            default -> Use.TEXT;
        };
        this.bit = bit;
        this.place = RECURRENT.indexOf(text);
    }

    private static void put(FieldName name) {
        int slot = slot(name.bytes[0], name.bytes[name.bytes.length / 2], name.bytes[name.bytes.length - 1],
                name.bytes.length);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = name;
    }

    /** The name that stands between two positions, in any case; null if it is none of these. For tokens. */
    static @Nullable FieldName find(byte[] bytes, int from, int to) {
        int length = to - from;
        int slot = slot(bytes[from], bytes[from + length / 2], bytes[to - 1], length);
        FieldName name = TABLE[slot];
        while (name != null && !name.is(bytes, from, length)) {
            slot = (slot + 1) & (SLOTS - 1);
            name = TABLE[slot];
        }
        return name;
    }

    /** The name that a text is, in any case; null if it is none of these. */
    public static @Nullable FieldName find(String text) {
        int length = text.length();
        if (length == 0) {
            return null;
        }
        int slot = slot(text.charAt(0), text.charAt(length / 2), text.charAt(length - 1), length);
        FieldName name = TABLE[slot];
        while (name != null && !name.lower.equalsIgnoreCase(text)) {
            slot = (slot + 1) & (SLOTS - 1);
            name = TABLE[slot];
        }
        return name;
    }

    /** The length and a few letters tell nearly all apart. */
    private static int slot(int first, int middle, int last, int length) {
        int letters = ((first | CASE) * 31 + (middle | CASE)) * 31 + (last | CASE);
        return ((letters * 31 + length) * 0x9E37_79B1) >>> SLOT_SHIFT;
    }

    private boolean is(byte[] other, int from, int length) {
        if (length != bytes.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((other[from + i] | CASE) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** The name in the case in which it is usually written. */
    String text() {
        return text;
    }

    /** The name in lower case, as HTTP/2 has it: the same object each time. */
    public String lower() {
        return lower;
    }

    Use use() {
        return use;
    }

    /** Whether its value tends to be that of the message before, and is no secret. */
    public boolean recurs() {
        return place >= 0;
    }

    /** The place among those that recur, from 0. */
    int place() {
        return place;
    }

    /** Whether a request must not have it twice. */
    public boolean isSingle() {
        return bit != 0;
    }

    /** One bit of its own for a name that must not come twice in a request; none for others. */
    long bit() {
        return bit;
    }
}
