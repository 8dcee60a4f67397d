package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.net.ByteStream;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What must hold for any bytes at all; each method fails for bytes for which it does not.
 *
 * <p>Called with bytes of a seed by {@link FuzzTest}, and with those that coverage leads to by the profile {@code fuzz}.
 */
final class FuzzTargets {

    private static final List<HttpLimits> PLAIN_LIMITS = List.of(
            HttpLimits.DEFAULT, HttpLimits.DEFAULT.withMaxStartLine(24).withMaxHeaders(64, 2));

    private static final List<ClientLimits> REPLY_LIMITS = List.of(
            ClientLimits.DEFAULT, ClientLimits.DEFAULT.withMaxHeadBytes(256).withMaxFields(3));

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

    /** A plain head is read as the parser reads it, and of any other nothing is taken. */
    static void plainRequest(byte[] bytes) {
        for (HttpLimits limits : PLAIN_LIMITS) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            RequestHead head = new PlainRequest(limits).take(in);
            if (head == null) {
                assertEquals(0, in.position());
            } else {
                assertEquals(Heads.read(bytes, bytes.length, limits), new Heads.Read(head, 0, in.remaining()));
            }
        }
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

    /** A reply is read the same whether plain heads are read in one pass or not. */
    static void plainReply(byte[] bytes) {
        for (ClientLimits limits : REPLY_LIMITS) {
            var codec = new ReplyParser(limits);
            var plain = new ReplyParser(limits, new PlainReply(limits));
            for (int step : new int[]{Math.max(1, bytes.length), cuts(bytes)[2]}) {
                assertEquals(Replies.read(bytes, step, codec), Replies.read(bytes, step, plain));
            }
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
        ClientUrl plain = PlainUrl.read(text);
        if (plain != null) {
            assertEquals(ClientUrl.parseAny(text), plain);
        }
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

    /** Frames of a WebSocket are read the same however they are cut, and as one reads them who knows nothing but the RFC. */
    static void webSocket(byte[] bytes) {
        boolean fromClient = bytes.length > 0 && (bytes[0] & 1) == 0;
        boolean compressed = bytes.length > 0 && (bytes[0] & 2) != 0;
        byte[] frames = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
        List<String> whole = Sockets.read(frames, Math.max(1, frames.length), fromClient, compressed);
        for (int cut : fewCuts(frames)) {
            assertEquals(whole, Sockets.read(frames, cut, fromClient, compressed));
        }
        if (!compressed) {
            List<String> plain = new ArrayList<>(whole);
            plain.replaceAll(seen -> seen.startsWith("refused") ? "refused" : seen);
            assertEquals(Sockets.byTheBook(frames, fromClient), plain);
        }
    }

    /** Frames of HTTP/2 are read the same however they are cut. */
    static void http2Frames(byte[] bytes) {
        List<String> whole = Frames.read(bytes, () -> Math.max(1, bytes.length));
        for (int cut : cuts(bytes)) {
            assertEquals(whole, Frames.read(bytes, () -> cut));
        }
    }

    /** Two header blocks, one behind the other, are read, or refused for what they are; fields are read again as they are written. */
    static void headerBlocks(byte[] bytes) {
        int cut = bytes.length == 0 ? 0 : Math.min(bytes.length - 1, bytes[0] & 0xff);
        var reader = new HpackReader(4096);
        try {
            for (byte[] block : List.of(
                    Arrays.copyOfRange(bytes, Math.min(1, bytes.length), Math.min(bytes.length, 1 + cut)),
                    Arrays.copyOfRange(bytes, Math.min(bytes.length, 1 + cut), bytes.length))) {
                var fields = new ArrayList<String>();
                reader.read(ByteBuffer.wrap(block), (name, value) -> fields.addAll(List.of(name, value)));
                var again = new ArrayList<String>();
                new HpackReader(4096).read(ByteBuffer.wrap(FrameWire.literal(fields.toArray(String[]::new))),
                        (name, value) -> again.addAll(List.of(name, value)));
                assertEquals(fields, again);
            }
        } catch (Http2Fault e) {
            assertEquals(Http2Error.COMPRESSION_ERROR, e.error());
            assertEquals(0, e.stream());
        }
    }

    /** A whole connection ends, whatever comes, and what it answers in HTTP/1 is a row of replies. */
    static void connection(byte[] bytes) {
        HttpServer server = HttpServer.builder()
                .get("/", request -> Response.text("hello"))
                .post("/", request -> Response.bytes("a/b", request.bytes(10_000)))
                .build();
        byte[] said = Fed.answers(bytes, server::serve);
        boolean http2 = Wire.text(bytes).startsWith(Http2Frame.PREFACE);
        for (int at = 0; !http2 && at < said.length;) {
            byte[] rest = Arrays.copyOfRange(said, at, said.length);
            var parser = new ReplyParser(ClientLimits.DEFAULT);
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
    static void multipart(byte[] bytes) {
        String body = Wire.text(bytes);
        List<String> whole = parts(body, Integer.MAX_VALUE);
        for (int cut : cuts(bytes)) {
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

    /** Events are the same however they are cut, and those that the lines of the whole text stand for. */
    static void events(byte[] bytes) {
        List<ServerSentEvent> whole = events(bytes, Math.max(1, bytes.length));
        for (int cut : cuts(bytes)) {
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

    /** The header of a proxy is complete at one byte and not before, says the same with more behind it, or is refused. */
    static void proxyHeader(byte[] bytes) {
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

    /** What a proxy answers makes a tunnel with nothing in it, or a failure that says which proxy. */
    static void tunnel(byte[] bytes) {
        Proxy http = Proxy.http("proxy.example", 3128);
        Proxy socks = Proxy.socks5("proxy.example", 1080);
        List<String> whole = tunnels(bytes, Math.max(1, bytes.length), http, socks);
        // In pieces the tunnel may be there before more comes, which is then the server's.
        for (String each : whole) {
            assertTrue(each.equals("open") || each.contains("proxy.example"), each);
        }
        if (whole.contains("open")) {
            assertEquals(whole, tunnels(bytes, 1, http, socks));
        }
    }

    private static List<String> tunnels(byte[] bytes, int step, Proxy http, Proxy socks) {
        var origin = new ClientUrl.Origin(true, "site.example", 443);
        return List.of(
                tunnel(bytes, step, stream -> HttpTunnel.open(stream, http, origin, ClientLimits.DEFAULT)),
                tunnel(bytes, step, stream -> Socks5.open(stream, socks, origin)),
                tunnel(bytes, step, stream -> Socks5.open(stream, socks.withCredentials("a", "b"), origin)));
    }

    private static String tunnel(byte[] bytes, int step, Consumer<ByteStream> open) {
        return Fed.read(bytes, step, stream -> {
            try {
                open.accept(stream);
                return "open";
            } catch (ProxyException e) {
                return String.valueOf(e.getMessage());
            }
        });
    }

    /** As {@link #cuts}, without single bytes for what is long: each piece is some turns of a loop. */
    private static int[] fewCuts(byte[] bytes) {
        return bytes.length < 200 ? cuts(bytes) : Arrays.copyOfRange(cuts(bytes), 2, 4);
    }

    /** The places at which bytes are cut: a few that the bytes themselves tell, and one that makes single bytes. */
    private static int[] cuts(byte[] bytes) {
        int hash = Arrays.hashCode(bytes);
        int length = Math.max(1, bytes.length);
        return new int[]{1, 2, Math.floorMod(hash, length) + 1, Math.floorMod(hash / 31, length) + 1};
    }
}
