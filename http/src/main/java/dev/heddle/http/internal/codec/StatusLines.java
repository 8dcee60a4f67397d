package dev.heddle.http.internal.codec;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/** The first lines of responses, ready to be copied. */
public final class StatusLines {

    private static final int FIRST = 200;
    private static final int LAST = 599;
    private static final byte[][] LINES = new byte[LAST - FIRST + 1][];

    static {
        for (int status = FIRST; status <= LAST; status++) {
            LINES[status - FIRST] = ("HTTP/1.1 " + status + " " + phrase(status) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    private StatusLines() {}

    /** Throws unless a handler may answer with this status: 1xx is the server's own business. */
    public static int check(int status) {
        if (status < FIRST || status > LAST) {
            throw new IllegalArgumentException("status is " + status + ", must be 200 to 599");
        }
        return status;
    }

    /** The line with its end; the caller does not change it. */
    public static byte[] of(int status) {
        return LINES[status - FIRST];
    }

    /** The standard words for a status, or nothing for one without. */
    public static String phrase(int status) {
        HttpStatus.Code code = HttpStatus.getCode(status);
        return code == null ? "" : code.getMessage();
    }
}
