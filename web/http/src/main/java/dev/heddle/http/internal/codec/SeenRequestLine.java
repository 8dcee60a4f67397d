package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.Protocol;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The request line of an earlier head that was right: one that is the same, byte by byte, need not be read again. One
 * with a query, which may be secret, is not kept. For one task.
 */
final class SeenRequestLine {

    static final int MAX_BYTES = 128;

    private final byte[] line = new byte[MAX_BYTES];

    /** With its end; 0 while there is none. */
    private int length;

    private String method = "";
    private String rawTarget = "";
    private @Nullable Target target;
    private Protocol protocol = Protocol.HTTP_1_1;

    /** Whether the bytes begin with this line. */
    boolean stands(byte[] in, int end) {
        return length > 0
                && length <= end
                && in[length - 1] == '\n'
                && Arrays.equals(line, 0, length, in, 0, length);
    }

    /** Keeps the line of a head if it is one of those that are kept; the bytes are those from the head's first on. */
    void keep(RequestHead head, byte[] in, int bytes) {
        // An empty line may have come before.
        if (bytes <= MAX_BYTES && in[0] != '\r' && head.target().query() == null) {
            System.arraycopy(in, 0, line, 0, bytes);
            length = bytes;
            method = head.method();
            rawTarget = head.rawTarget();
            target = head.target();
            protocol = head.protocol();
        }
    }

    int length() {
        return length;
    }

    String method() {
        return method;
    }

    String rawTarget() {
        return rawTarget;
    }

    @Nullable Target target() {
        return target;
    }

    Protocol protocol() {
        return protocol;
    }
}
