package dev.heddle.http;

import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Replies for fuzzing, read in pieces. */
public final class Replies {

    private Replies() {}

    /**
     * What came of some bytes.
     *
     * @param what the status line, body and end, or that it is bad or not complete
     * @param headers compared without the case of names
     * @param names of the fields in the case in which they are told
     * @param rest bytes behind the reply
     */
    public record Read(String what, Headers headers, List<String> names, int rest) {

        static Read failed(String what) {
            return new Read(what, Headers.EMPTY, List.of(), 0);
        }
    }

    /** Reads pieces of one size. */
    public static Read read(byte[] bytes, int step) {
        return read(bytes, step, new ReplyParser(ClientLimits.DEFAULT));
    }

    public static Read read(byte[] bytes, int step, ReplyParser parser) {
        parser.start(false);
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        var body = new StringBuilder();
        try {
            boolean head = false;
            while (!parser.isComplete() && in.limit() < bytes.length) {
                in.limit(Math.min(bytes.length, in.limit() + step));
                head = head || parser.parseHead(in);
                if (head) {
                    readBody(parser, in, body);
                }
            }
            if (!head) {
                return Read.failed("no head");
            }
            String ended = parser.isComplete()
                    ? "complete"
                    : parser.isEndedByClose() ? "ended by close" : "not complete";
            ReplyHead read = parser.head();
            return new Read(
                    read.status() + " " + read.reason() + " by " + read.protocol() + ", length " + parser.length()
                            + "\n" + body + "\n" + parser.trailers() + ended + " " + parser.isPersistent(),
                    read.headers(),
                    Heads.names(read.headers()),
                    bytes.length - in.position());
        } catch (BadReplyException e) {
            return Read.failed("bad");
        }
    }

    private static void readBody(ReplyParser parser, ByteBuffer in, StringBuilder body) {
        var target = new byte[64];
        while (!parser.isComplete()) {
            int count = parser.parseBody(in, target, 0, target.length);
            body.append(Wire.text(Arrays.copyOf(target, count)));
            if (count == 0) {
                return;
            }
        }
    }
}
