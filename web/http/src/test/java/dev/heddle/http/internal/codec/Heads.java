package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Request heads for fuzzing: read in pieces, and written. */
final class Heads {

    /** As a server has them that is told nothing else. */
    static final HeadLimits LIMITS = new HeadLimits(8 * 1024, 32 * 1024, 100);

    private Heads() {}

    /**
     * What came of some bytes.
     *
     * @param head null if it was refused or is not complete
     * @param names of the fields; the head is compared without their case
     * @param status of the refusal, or 0
     * @param rest bytes behind the head
     */
    record Read(@Nullable RequestHead head, List<String> names, int status, int rest) {

        Read(@Nullable RequestHead head, int status, int rest) {
            this(head, head == null ? List.of() : Heads.names(head.headers()), status, rest);
        }
    }

    /** Reads on in a head, which it returns when it is complete. */
    interface Parser {

        @Nullable RequestHead parseHead(ByteBuffer in);
    }

    /** In the case in which they are told. */
    static List<String> names(Headers headers) {
        var names = new ArrayList<String>();
        headers.forEach((name, value) -> names.add(name));
        return names;
    }

    /** Reads pieces of one size, as a stream shows them: what is not taken is shown again. */
    static Read read(byte[] bytes, int step) {
        return read(bytes, step, new RequestParser(LIMITS)::parseHead);
    }

    static Read read(byte[] bytes, int step, Parser parser) {
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        try {
            RequestHead head = parse(in, step, parser);
            return new Read(head, 0, head == null ? 0 : bytes.length - in.position());
        } catch (StatusException e) {
            return new Read(null, e.status(), 0);
        }
    }

    /** The head of what a buffer has up to its capacity, shown in pieces of one size; null if it is not complete. */
    static @Nullable RequestHead parse(ByteBuffer in, int step, Parser parser) {
        RequestHead head = null;
        while (head == null && in.limit() < in.capacity()) {
            in.limit(Math.min(in.capacity(), in.limit() + step));
            head = parser.parseHead(in);
        }
        return head;
    }

    static byte[] write(RequestHead head) {
        String version = head.http11() ? "HTTP/1.1" : "HTTP/1.0";
        var text = new StringBuilder(head.method() + " " + head.rawTarget() + " " + version + "\r\n");
        head.headers().forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return Wire.latin1(text.append("\r\n").toString());
    }
}
