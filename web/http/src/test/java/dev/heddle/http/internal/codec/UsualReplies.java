package dev.heddle.http.internal.codec;

import java.util.List;
import java.util.SplittableRandom;

/** Replies with heads in usual words: those of usual servers, and any number of others. */
public final class UsualReplies {

    /** As servers send them. */
    public static final List<String> USUAL = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 21 Nov 2026 09:00:00 GMT\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 5\r\nLast-Modified: Fri, 20 Nov 2026 09:00:00 GMT\r\nConnection: keep-alive\r\n"
                    + "ETag: \"6560-1cc\"\r\nAccept-Ranges: bytes\r\n\r\nhello",
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\n"
                    + "x-request-id: 7f\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /there\r\nSet-Cookie: a=b; Path=/; HttpOnly\r\nSet-Cookie: c=d\r\n"
                    + "Content-Length: 0\r\nKeep-Alive: timeout=5\r\n\r\nHTTP/1.1 200 OK\r\n",
            "HTTP/1.1 500 Something Went Wrong\r\nContent-Length:3\r\nX-A: b  c\r\n\r\nno");

    private static final String[] LINES = {
            "200 OK", "200 OK", "200 OK", "200 ok", "200 Fine", "201 Created", "203 x", "204 No Content",
            "205 Reset Content",
            "206 Partial Content", "299 a", "300 a", "301 Moved Permanently", "304 Not Modified", "404 Not Found",
            "418 I'm a Teapot",
            "500 a: b", "599 x", "600 x", "100 Continue", "101 Switching Protocols", "103 Early Hints", "200  OK",
            "200 OK ", "200",
            "200 ", "20 OK", "2000 OK", "099 a", "999 a"
    };
    private static final String[] LENGTHS = {
            "0", "3", "4", "4", "4", "9", "00", "04", "4, 4", "-1", "+4", "18446744073709551616", "999999999999999",
            "9999999999999999"
    };
    private static final String[] CONNECTIONS = {
            "close", "keep-alive", "Keep-Alive", "Close", "keep-alive, close", "close, TE", "upgrade", "x"
    };
    private static final String[] VALUES = {
            "a", "0", "chunked", "gzip", "text/html; charset=utf-8", "\"a\"", "bytes 0-1/2", "a=b; Path=/",
            "100-continue",
            "h2c", "Sun, 06 Nov 1994 08:49:37 GMT", "~!@#$%^&*()_+|", "identity"
    };

    private final SplittableRandom random;
    private final UsualFields fields;

    UsualReplies(long seed) {
        this.random = new SplittableRandom(seed);
        this.fields = new UsualFields(random);
    }

    /** A reply of four bytes behind a head of up to five fields, mostly with a length. */
    String next() {
        fields.begin(4, VALUES);
        if (random.nextInt(10) > 0) {
            fields.insert("Content-Length", LENGTHS);
        }
        if (random.nextInt(3) == 0) {
            fields.insert("Connection", CONNECTIONS);
        }
        return "HTTP/1.1 " + UsualFields.any(random, LINES) + "\r\n" + fields.text() + "body";
    }
}
