package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

/**
 * What must hold for any bytes at all; each method fails for bytes for which it does not.
 *
 * <p>Called with bytes of a seed by {@link FuzzTest}, and with those that coverage leads to by the profile {@code fuzz}.
 */
final class FuzzTargets {

    private FuzzTargets() {}

    /** A request head is read the same however it is cut, and what is accepted is read the same when it is written anew. */
    static void requestHead(byte[] bytes) {
        Heads.Read whole = Heads.read(bytes, bytes.length);
        for (int cut : cuts(bytes)) {
            assertSame(whole, Heads.read(bytes, cut));
        }
        RequestHead head = whole.head();
        if (head != null) {
            checkHead(head);
            byte[] anew = Heads.write(head);
            assertEquals(head, Heads.read(anew, anew.length).head());
        }
    }

    private static void assertSame(Heads.Read whole, Heads.Read cut) {
        // Too large is told as soon as it is known, so it may be told before or instead of another fault.
        if (whole.status() != 431 && cut.status() != 431) {
            assertEquals(whole, cut);
        }
        assertEquals(whole.head(), cut.head());
    }

    private static void checkHead(RequestHead head) {
        assertTrue(FieldSyntax.isToken(head.method()));
        assertTrue(head.rawTarget().chars().allMatch(c -> c > ' ' && c < 0x7f), head.rawTarget());
        assertTrue(head.target().path().startsWith("/") || head.target().path().equals("*"));
        assertTrue(head.target().path().indexOf('?') < 0);
        head.headers().forEach((name, value) -> {
            FieldSyntax.checkName(name);
            FieldSyntax.checkValue(name, value);
        });
        int lengths = head.headers().count("Content-Length");
        int codings = head.headers().count("Transfer-Encoding");
        assertTrue(lengths + codings <= 1, "framing is told once");
        assertEquals(codings == 1, head.bodyLength() == RequestHead.CHUNKED);
        assertTrue(!head.http11() || head.host() != null, "every HTTP/1.1 request has a host");
        assertTrue(head.host() == null || Authority.isValid(head.host()));
    }

    /** A chunked body is read the same however it is cut, and as a decoder reads it that knows nothing but the RFC. */
    static void chunks(byte[] bytes) {
        Chunks.Read whole = Chunks.read(bytes, bytes.length);
        for (int cut : cuts(bytes)) {
            assertEquals(whole, Chunks.read(bytes, cut));
        }
        if (whole.end() >= 0) {
            assertEquals(Chunks.byTheBook(bytes), whole);
        }
    }

    /** A reply is read the same however it is cut, and nothing but the one exception comes out. */
    static void reply(byte[] bytes) {
        Replies.Read whole = Replies.read(bytes, bytes.length);
        for (int cut : cuts(bytes)) {
            assertEquals(whole, Replies.read(bytes, cut));
        }
    }

    /** Any target is taken apart or refused. */
    static void target(String text) {
        String visible = visible(text);
        for (String method : List.of("GET", "OPTIONS", "CONNECT")) {
            try {
                Target target = Target.parse(method, visible);
                assertTrue(target.path().startsWith("/") || target.path().equals("*"), visible);
                List<String> segments = target.path().startsWith("/") ? PathSegments.of(target.path()) : null;
                assertTrue(segments == null || !segments.contains(".."), visible);
            } catch (StatusException e) {
                assertTrue(e.status() == 400 || e.status() == 501, visible);
            }
        }
    }

    private static String visible(String text) {
        var visible = new StringBuilder();
        text.chars().filter(c -> c > ' ' && c < 0x7f).forEach(c -> visible.append((char) c));
        return visible.isEmpty() ? "/" : visible.toString();
    }

    /** Any query is taken apart or refused, and a value is found under its name. */
    static void query(String text) {
        try {
            Query query = Query.parse(text);
            int equals = text.indexOf('=');
            if (equals > 0 && text.indexOf('&') < 0) {
                String name = PathSegments.decode(text.substring(0, equals), true);
                assertTrue(name != null && query.first(name) != null, text);
            }
        } catch (StatusException e) {
            assertEquals(400, e.status());
        }
    }

    /** A URL is accepted or refused; one that is accepted has nothing odd in it and is the same when it is read again. */
    static void clientUrl(String text) {
        try {
            ClientUrl url = ClientUrl.parse(text);
            checkUrl(url);
            checkUrl(url.resolve(text));
            assertEquals(url, ClientUrl.parse(url.toString()), text);
        } catch (IllegalArgumentException e) {
            checkMessage(e);
        }
        try {
            checkUrl(ClientUrl.parse("http://base.example/a/b?c").resolve(text));
        } catch (IllegalArgumentException e) {
            checkMessage(e);
        }
    }

    private static void checkUrl(ClientUrl url) {
        assertTrue(url.target().startsWith("/"), url.toString());
        assertTrue(url.target().chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#'), url.toString());
        assertTrue(Authority.isValid(url.hostField()), url.toString());
        assertTrue(url.origin().host().chars().noneMatch(c -> "@/\\?# %".indexOf(c) >= 0), url.toString());
    }

    private static void checkMessage(IllegalArgumentException e) {
        assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c < 0x7f), e.getMessage());
    }

    /** Header fields that can be made are read as they were made; others are refused. */
    static void headers(String name, String value) {
        Headers made;
        try {
            made = Headers.of("Host", "a", name, value);
        } catch (IllegalArgumentException e) {
            checkMessage(e);
            return;
        }
        byte[] wire = Wire.latin1("GET / HTTP/1.1\r\nHost: a\r\n" + name + ": " + value + "\r\n\r\n");
        Heads.Read read = Heads.read(wire, wire.length);
        if (read.head() != null) {
            assertEquals(made, read.head().headers());
            assertEquals(0, read.rest());
        }
    }

    /** The places at which bytes are cut: a few that the bytes themselves tell, and one that makes single bytes. */
    private static int[] cuts(byte[] bytes) {
        int hash = Arrays.hashCode(bytes);
        int length = Math.max(1, bytes.length);
        return new int[]{1, 2, Math.floorMod(hash, length) + 1, Math.floorMod(hash / 31, length) + 1};
    }
}
