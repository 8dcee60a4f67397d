package dev.heddle.http.server;

import dev.heddle.http.Wire;
import dev.heddle.http.internal.codec.BodySource;
import java.util.ArrayList;
import java.util.List;

/** Multipart bodies for tests, as Latin-1 text, and what came out of them. */
public final class Multipart {

    static final String BOUNDARY = "XyZ";

    private Multipart() {}

    /** A whole body with these parts. */
    public static String body(String... parts) {
        var body = new StringBuilder();
        for (String part : parts) {
            body.append("--" + BOUNDARY + "\r\n").append(part).append("\r\n");
        }
        return body.append("--" + BOUNDARY + "--\r\n").toString();
    }

    public static String field(String name, String value) {
        return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
    }

    public static String file(String name, String filename, String data) {
        return "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename
                + "\"\r\nContent-Type: text/plain\r\n\r\n" + data;
    }

    static String post(String body) {
        return post("multipart/form-data; boundary=" + BOUNDARY, body);
    }

    static String post(String type, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** All parts of a body that comes in pieces of at most so many bytes. */
    static List<String> parse(String body, int pieceBytes, MultipartLimits limits) {
        return all(new MultipartReader(source(body, pieceBytes), BOUNDARY, limits));
    }

    static List<String> all(MultipartReader reader) {
        var parts = new ArrayList<String>();
        for (Part part : reader) {
            parts.add(part.name() + part.filename().map(f -> "(" + f + ")").orElse("") + "="
                    + Wire.text(part.bytes(1 << 24)));
        }
        return parts;
    }

    static BodySource source(String body, int pieceBytes) {
        int[] at = {0};
        return (target, offset, count) -> {
            int n = Math.min(Math.min(count, pieceBytes), body.length() - at[0]);
            if (n == 0) {
                return -1;
            }
            System.arraycopy(Wire.latin1(body.substring(at[0], at[0] + n)), 0, target, offset, n);
            at[0] += n;
            return n;
        };
    }
}
