package dev.heddle.http;

import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.codec.RequestParser;
import dev.heddle.http.server.ServerLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Request heads for fuzzing: read in pieces, and written. */
public final class Heads {

    private Heads() {}

    /**
     * What came of some bytes.
     *
     * @param head null if it was refused or is not complete
     * @param names of the fields; the head is compared without their case
     * @param status of the refusal, or 0
     * @param rest bytes behind the head
     */
    public record Read(@Nullable RequestHead head, List<String> names, int status, int rest) {

        public Read(@Nullable RequestHead head, int status, int rest) {
            this(head, head == null ? List.of() : Heads.names(head.headers()), status, rest);
        }
    }

    /** In the case in which they are told. */
    static List<String> names(Headers headers) {
        var names = new ArrayList<String>();
        headers.forEach((name, value) -> names.add(name));
        return names;
    }

    /** Reads pieces of one size, as a stream shows them: what is not taken is shown again. */
    public static Read read(byte[] bytes, int step) {
        return read(bytes, step, ServerLimits.DEFAULT);
    }

    public static Read read(byte[] bytes, int step, ServerLimits limits) {
        var parser = new RequestParser(limits);
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        try {
            RequestHead head = null;
            while (head == null && in.limit() < bytes.length) {
                in.limit(Math.min(bytes.length, in.limit() + step));
                head = parser.parseHead(in);
            }
            return new Read(head, 0, head == null ? 0 : bytes.length - in.position());
        } catch (StatusException e) {
            return new Read(null, e.status(), 0);
        }
    }

    public static byte[] write(RequestHead head) {
        String version = head.http11() ? "HTTP/1.1" : "HTTP/1.0";
        var text = new StringBuilder(head.method() + " " + head.rawTarget() + " " + version + "\r\n");
        head.headers().forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return Wire.latin1(text.append("\r\n").toString());
    }
}
