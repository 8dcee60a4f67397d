package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Form;
import dev.heddle.http.FuzzBytes;
import dev.heddle.http.Headers;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.WireNotation;
import dev.heddle.http.internal.syntax.Authority;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.IpAddresses;
import dev.heddle.http.internal.syntax.PathSegments;
import dev.heddle.http.internal.syntax.Quality;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What must hold for any bytes that are to be a message of HTTP/1.1, or a part of one. */
public final class CodecFuzz {

    private static final ClientUrl A = ClientUrl.parse("http://a/");

    private CodecFuzz() {}

    private static final List<HeadLimits> REQUEST_LIMITS = List.of(Heads.LIMITS, new HeadLimits(24, 64, 2));

    private static final List<HeadLimits> REPLY_LIMITS = List.of(Replies.LIMITS, new HeadLimits(256, 256, 3));

    /**
     * A request head is read the same however it is cut, and what is accepted is read the same when it is written anew.
     */
    public static void requestHead(byte[] bytes) {
        Heads.Read whole = Heads.read(bytes, bytes.length);
        for (int cut : FuzzBytes.cuts(bytes)) {
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

    /** A head is read as Jetty's parser reads it, or refused with the same status. */
    public static void requestBesideJetty(byte[] bytes) {
        for (HeadLimits limits : REQUEST_LIMITS) {
            Heads.Read own = Heads.read(bytes, bytes.length, new RequestParser(limits)::parseHead);
            Heads.Read jetty = Heads.read(bytes, bytes.length, new JettyRequestParser(limits)::parseHead);
            assertEquals(jetty.head(), own.head());
            assertEquals(jetty.rest(), own.rest());
            // A fault of a byte is told at once here, one of the whole at its end. Of two either may be told.
            if (jetty.status() != 0 && own.status() != 0 && jetty.status() != 431 && own.status() != 431
                    && !Wire.text(bytes).contains("CONNECT ")) {
                assertEquals(jetty.status(), own.status(), () -> WireNotation.show(Wire.text(bytes)));
            }
        }
    }

    /** A chunked body is read the same however it is cut, and as a decoder reads it that knows nothing but the RFC. */
    public static void chunks(byte[] bytes) {
        Chunks.Read whole = Chunks.read(bytes, bytes.length);
        for (int cut : FuzzBytes.cuts(bytes)) {
            assertEquals(whole, Chunks.read(bytes, cut));
        }
        if (whole.end() >= 0) {
            assertEquals(Chunks.byTheBook(bytes), whole);
        }
        Chunks.Read jetty = Chunks.byJetty(bytes);
        if (jetty.end() >= 0) {
            assertEquals(jetty, whole);
        }
    }

    /** A reply is read the same however it is cut, and nothing but the one exception comes out. */
    public static void reply(byte[] bytes) {
        Replies.Read whole = Replies.read(bytes, bytes.length);
        for (int cut : FuzzBytes.cuts(bytes)) {
            assertEquals(whole, Replies.read(bytes, cut));
        }
    }

    /**
     * A reply is read as Jetty's parser reads it, or refused as there. But that Jetty refuses a byte beyond ASCII in an
     * extension of a chunk where it is not quoted, and here an extension is any text up to the end of its line, which
     * nobody reads: so both are asked about the same reply without such bytes.
     */
    public static void replyBesideJetty(byte[] bytes) {
        besideJetty(Wire.text(bytes).contains(";") ? plain(bytes) : bytes);
    }

    private static byte[] plain(byte[] bytes) {
        byte[] plain = bytes.clone();
        for (int i = Math.max(0, Wire.text(bytes).indexOf("\r\n\r\n")); i < plain.length; i++) {
            plain[i] = plain[i] < 0 ? (byte) 'x' : plain[i];
        }
        return plain;
    }

    private static void besideJetty(byte[] bytes) {
        for (HeadLimits limits : REPLY_LIMITS) {
            int step = Math.max(1, bytes.length);
            Replies.Read own = Replies.read(bytes, step, new ReplyParser(limits));
            Replies.Read jetty = Replies.byJetty(bytes, step, limits);
            // A fault is found here as soon as its byte has come; and only Jetty looks at a Host, which means nothing
            // in a reply.
            if (!(own.isBad() ? jetty.isWithoutHead() : jetty.isBad() && own.headers().contains("Host"))) {
                assertEquals(jetty.withoutNames(), own.withoutNames());
            }
        }
    }

    /** Any target is taken apart or refused. */
    public static void target(String text) {
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
    public static void query(String text) {
        try {
            Form query = Query.parse(text);
            int equals = text.indexOf('=');
            if (equals > 0 && text.indexOf('&') < 0) {
                String name = PathSegments.decode(text.substring(0, equals), true);
                assertTrue(name != null && query.get(name).isPresent(), text);
            }
        } catch (StatusException e) {
            assertEquals(400, e.status());
        }
    }

    /**
     * A URL is accepted or refused; one that is accepted has nothing odd in it and is the same when it is read again.
     */
    public static void clientUrl(String text) {
        ClientUrl usual = FastUrl.read(text);
        if (usual != null) {
            assertEquals(ClientUrl.parseAny(text), usual);
        }
        try {
            ClientUrl url = ClientUrl.parse(text);
            checkUrl(url);
            checkUrl(url.resolve(text));
            assertEquals(url, ClientUrl.parse(url.toString()), text);
            assertEquals(url, url.parseLike(text), text);
            assertEquals(url, A.parseLike(text), text);
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
    public static void headers(String name, String value) {
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

    /** Events are the same however they are cut, and those that the lines of the whole text stand for. */
    public static void events(byte[] bytes) {
        List<ServerSentEvent> whole = events(bytes, Math.max(1, bytes.length));
        for (int cut : FuzzBytes.cuts(bytes)) {
            assertEquals(whole, events(bytes, cut));
        }
        for (ServerSentEvent event : whole) {
            byte[] again = event.text().getBytes(StandardCharsets.UTF_8);
            if (!event.data().isEmpty()) {
                assertEquals(event.data(), events(again, again.length).getFirst().data());
            }
        }
    }

    private static List<ServerSentEvent> events(byte[] bytes, int step) {
        var parser = new EventParser("the stream", "");
        var events = new ArrayList<ServerSentEvent>();
        for (int at = 0; at < bytes.length; at += step) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
            parser.feed(piece, piece.length);
            for (ServerSentEvent event = parser.poll(); event != null; event = parser.poll()) {
                events.add(event);
            }
        }
        return events;
    }

    /** The fields of both sides, each with what it promises. */
    public static void fields(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        String coding = AcceptEncoding.choose(Headers.of("Accept-Encoding", value), List.of("gzip", "deflate"));
        assertTrue(coding == null || value.toLowerCase(Locale.ROOT).contains(coding) || value.contains("*"));
        int quality = Quality.of(value);
        assertTrue(quality >= 0 && quality <= 1000, value);
        ContentTypes.charset(value);
        ContentTypes.isCompressible(value);
        byte[] host = IpAddresses.parse(value);
        if (host != null) {
            assertArrayEquals(InetAddress.ofLiteral(value).getAddress(), host, value);
        }
    }
}
