package dev.heddle.http;

import java.io.InputStream;

/** A reply's body for code that knows only streams. */
final class ReplyInputStream extends InputStream {

    private final Reply reply;
    private final byte[] one = new byte[1];

    ReplyInputStream(Reply reply) {
        this.reply = reply;
    }

    @Override
    public int read() {
        return reply.read(one) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        return reply.read(target, offset, count);
    }

    @Override
    public void close() {
        reply.close();
    }
}
