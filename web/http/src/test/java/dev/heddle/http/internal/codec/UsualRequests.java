package dev.heddle.http.internal.codec;

import java.util.List;
import java.util.SplittableRandom;

/** Request heads in usual words: those of usual clients, and any number of others. */
public final class UsualRequests {

    /** As clients send them. */
    public static final List<String> USUAL = List.of(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n",
            "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n",
            """
                    GET /style.css HTTP/1.1\r
                    Host: www.example.org\r
                    Connection: keep-alive\r
                    Cache-Control: max-age=0\r
                    sec-ch-ua: "Chromium";v="150", "Not_A Brand";v="24"\r
                    sec-ch-ua-mobile: ?0\r
                    Upgrade-Insecure-Requests: 1\r
                    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36\r
                    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
                    Sec-Fetch-Site: none\r
                    Accept-Encoding: gzip, deflate, br, zstd\r
                    Accept-Language: en-GB,en;q=0.9\r
                    If-None-Match: "5f-6a"\r
                    Cookie: session=abc; theme=dark\r
                    \r
                    """,
            "POST /items HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
                    + "User-Agent: Python/3.11 aiohttp/3.8.4\r\nContent-Length: 17\r\nContent-Type: application/json\r\n\r\n"
                    + "{\"name\": \"heddle\"}",
            "GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            "get / HTTP/1.1\r\nhost:a\r\ncontent-length:0\r\nconnection:close\r\nx-y:z\r\n\r\n");

    private static final String[] METHODS = {"GET", "POST", "HEAD", "PUT", "PURGE", "get", "OPTIONS", "DELETE", "PATCH",
            "CONNECT"};
    private static final String[] TARGETS = {
            "/", "*", "/a/b.html?c=d&e", "http://a/b", "https://B:443?x", "/%2e%2e/\"<>\\^`{|}", "a", "/#",
            "http://a:b/"
    };
    private static final String[] HOSTS = {"a", "A:80", "127.0.0.1:8080", "[::1]:443", "a.example", "a b", "a:",
            "a:99999", "user@a", "%61"};
    private static final String[] VALUES = {
            "0", "5", "00", "5, 5", "-1", "+1", "18446744073709551616", "999999999999999", "9999999999999999", "close",
            "Keep-Alive", "keep-alive, Upgrade", "close, TE", "chunked", "identity", "gzip, chunked", "100-continue",
            "100-Continue", "200-ok", "h2c", "websocket", "a", "*/*", "text/plain; charset=utf-8", "gzip;q=0.5",
            "\"a\", W/\"b\"", "bytes=0-1", "Sun, 06 Nov 1994 08:49:37 GMT", "a=b; c=\"d", "Basic YTpi", "~!@#$%^&*()_+|"
    };

    private final SplittableRandom random;
    private final UsualFields fields;

    UsualRequests(long seed) {
        this.random = new SplittableRandom(seed);
        this.fields = new UsualFields(random);
    }

    /** A head of up to four fields and mostly a host. */
    String next() {
        fields.begin(5, VALUES);
        if (random.nextInt(10) > 0) {
            fields.insert("Host", HOSTS);
        }
        String line = UsualFields.any(random, METHODS) + " " + UsualFields.any(random, TARGETS) + " HTTP/1.1\r\n";
        return line + fields.text() + (random.nextBoolean() ? "rest" : "");
    }
}
