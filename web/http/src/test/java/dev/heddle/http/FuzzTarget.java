package dev.heddle.http;

import dev.heddle.http.client.ClientFuzz;
import dev.heddle.http.internal.codec.CodecFuzz;
import dev.heddle.http.internal.http2.Http2Fuzz;
import dev.heddle.http.internal.websocket.WebSocketFuzz;
import dev.heddle.http.server.Multipart;
import dev.heddle.http.server.ServerFuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What is fuzzed: where its messages come from, and what must hold for each. */
public enum FuzzTarget {

    REQUEST_HEAD(() -> corpus("bad-requests"), CodecFuzz::requestHead),

    REQUEST_BESIDE_JETTY(FuzzSeeds::requests, CodecFuzz::requestBesideJetty),

    /** What follows the heads of the corpus's chunked requests. */
    CHUNKS(() -> CorpusFile.all("bad-requests").stream()
            .filter(f -> f.name().startsWith("5") || f.name().contains("chunk"))
            .map(f -> Wire.latin1(Wire.body(Wire.text(f.bytes()))))
            .toList(), CodecFuzz::chunks),

    REPLY(() -> corpus("bad-replies"), CodecFuzz::reply),

    REPLY_BESIDE_JETTY(FuzzSeeds::replies, CodecFuzz::replyBesideJetty),

    TARGET(
            () -> texts("/a/b?c=d", "http://a:80/b?c", "https://[::1]/", "*", "/%2e%2e/a", "/a%2fb/../c", "a:80"),
            bytes -> CodecFuzz.target(Wire.text(bytes))),

    QUERY(
            () -> texts("a=b&c=d", "a", "=b", "a=%20+b", "%e4=%c3%a4", "&&a=b&"),
            bytes -> CodecFuzz.query(Wire.text(bytes))),

    CLIENT_URL(
            () -> texts("http://a/b?c#d", "http://127.0.0.1:8080/a/b-c.html?d=e&f", "https://a.b-c.example:443",
                    "https://[::1]:8443/", "http://b\u00fccher.example/\u00e4", "//h/a", "../b?c",
                    "http://user:secret@h/", "javascript:alert(1)"),
            bytes -> CodecFuzz.clientUrl(Wire.text(bytes))),

    HEADERS(() -> texts("X:y", "Cookie:a=b; c=d", "X:\u00e9 \u00e9", "Content-Length:5"), bytes -> {
        String text = Wire.text(bytes);
        int colon = Math.max(0, text.indexOf(':'));
        CodecFuzz.headers(text.substring(0, colon), text.substring(Math.min(text.length(), colon + 1)));
    }),

    /** Whole connections: requests of the corpus, and HTTP/2 behind its preface. */
    CONNECTION(FuzzSeeds::connections, ServerFuzz::connection),

    HTTP_2_FRAMES(FuzzSeeds::http2, Http2Fuzz::http2Frames),

    /** The first byte is the length of the first of two blocks. */
    HEADER_BLOCKS(FuzzSeeds::blocks, Http2Fuzz::headerBlocks),

    /** The first byte says who sends, 0 for the client, and by 2 whether messages may be compressed. */
    WEB_SOCKET(FuzzSeeds::sockets, WebSocketFuzz::webSocket),

    EXTENSIONS(
            () -> texts("permessage-deflate", "permessage-deflate; server_max_window_bits=10; client_max_window_bits",
                    "x; a=\"b\", permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
            WebSocketFuzz::extensions),

    MULTIPART(
            () -> texts(Multipart.body(), Multipart.body(Multipart.field("a", "b"), Multipart.file("c", "d.txt", "e")),
                    "preamble\r\n" + Multipart.body(Multipart.field("a", "\r\n--Xy")) + "epilogue",
                    Multipart.body("Content-Disposition: form-data; name*=UTF-8''a\r\n\r\n")),
            ServerFuzz::multipart),

    FORM(
            () -> texts("a=b&c=d", "a=%C3%A4+%2b&=&b", "%00=%zz", "a=%ff", "&&a&"),
            ServerFuzz::form),

    EVENTS(
            () -> texts("data: a\ndata:b\n\nid: 7\nevent: c\ndata\n\n",
                    "\u00ef\u00bb\u00bf: hello\rretry: 50\r\rdata: x\r\n\r\n",
                    "id\nid: a\0b\n\ndata: \u00e4\n\n"),
            CodecFuzz::events),

    COOKIES(() -> texts("a=b; c=d", "a=\"b\";;=c; d", "a=b;a=c; $Version=1"), ServerFuzz::cookies),

    SET_COOKIE(
            () -> texts("a=b", "a=b; Domain=a.example; Path=/b; Max-Age=60; Secure; HttpOnly; SameSite=None",
                    "__Host-a=b; Path=/; Secure", "a=b; Expires=Wed, 09 Jun 2094 10:18:14 GMT", "=a; Domain=.example",
                    "a=b; Domain=www.a.example; Max-Age=-1; Path=x"),
            ClientFuzz::setCookie),

    SAVED_COOKIES(
            () -> texts("heddle cookies 1\na.example\t/\thso\t2094-06-09T10:18:14Z\ta=b\nb.example\t/c\t-\t-\t=d\n"),
            ClientFuzz::savedCookies),

    RANGES(
            () -> texts("bytes=0-1", "bytes=-5,0-", "Bytes=1-2, 4-5,7-", "bytes=5-3", "bytes=99999999999999999999-",
                    "bytes=0-9223372036854775807"),
            ServerFuzz::ranges),

    CHALLENGE(
            () -> texts("Basic realm=\"a\", Digest realm=\"b\", nonce=\"c\", qop=\"auth,auth-int\", algorithm=SHA-256",
                    "Digest realm=\"a\\\"b\", nonce=c, algorithm=MD5-sess, opaque=\"\", userhash=true, stale=TRUE",
                    "Negotiate abc==, Bearer", "a b=c,d e"),
            ClientFuzz::challenge),

    PROXY_HEADER(FuzzSeeds::proxyHeaders, ServerFuzz::proxyHeader),

    /** What an HTTP or a SOCKS proxy answers. */
    TUNNEL(FuzzSeeds::tunnels, ClientFuzz::tunnel),

    FIELDS(
            () -> texts("gzip;q=0.5, *;q=0", "\"a\", W/\"b\"", "Sun, 06 Nov 1994 08:49:37 GMT",
                    "text/html; charset=\"utf-8\"",
                    "multipart/form-data; boundary=XyZ", "for=\"[::1]:80\";proto=https;host=a", "[fe80::1%2]:80",
                    "127.0.0.1"),
            FuzzTarget::fields),

    FILE_NAME(
            () -> texts("a.txt", "..\\b/.c", "con.txt", "-a", "a\"b%\u00ff.exe"),
            ServerFuzz::fileName);

    private final Supplier<List<byte[]>> seeds;
    private final Consumer<byte[]> check;

    FuzzTarget(Supplier<List<byte[]>> seeds, Consumer<byte[]> check) {
        this.seeds = seeds;
        this.check = check;
    }

    public List<byte[]> seeds() {
        return seeds.get();
    }

    /** Throws if something does not hold for these bytes. */
    public void check(byte[] bytes) {
        check.accept(bytes);
    }

    private static void fields(byte[] bytes) {
        ServerFuzz.fields(bytes);
        ClientFuzz.fields(bytes);
        CodecFuzz.fields(bytes);
    }

    private static List<byte[]> corpus(String folder) {
        return CorpusFile.all(folder).stream().map(CorpusFile::bytes).toList();
    }

    private static List<byte[]> texts(String... texts) {
        var seeds = new ArrayList<byte[]>();
        for (String text : texts) {
            seeds.add(Wire.latin1(text));
        }
        return seeds;
    }
}
