package dev.heddle.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Replies for fuzzing, read in pieces. */
final class Replies {

    private Replies() {}

    /**
     * What came of some bytes.
     *
     * @param what the status line, body and end, or that it is bad or not complete
     * @param headers compared without the case of names
     * @param rest bytes behind the reply
     */
    record Read(String what, Headers headers, int rest) {}

    /** Reads pieces of one size. */
    static Read read(byte[] bytes, int step) {
        var parser = new ReplyParser(ClientLimits.DEFAULT);
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
                return new Read("no head", Headers.EMPTY, 0);
            }
            String ended = parser.isComplete()
                    ? "complete"
                    : parser.isEndedByClose() ? "ended by close" : "not complete";
            return new Read(
                    parser.status() + " " + parser.reason() + "\n" + body + "\n" + ended + " " + parser.isPersistent(),
                    parser.headers(),
                    bytes.length - in.position());
        } catch (BadReplyException e) {
            return new Read("bad", Headers.EMPTY, 0);
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
