package dev.heddle.http.internal.codec;

import java.io.InputStream;

/** An input stream over a body, for code that knows only streams. */
public final class BodyInputStream extends InputStream {

    private final BodySource source;
    private final Runnable close;
    private final byte[] one = new byte[1];

    public BodyInputStream(BodySource source, Runnable close) {
        this.source = source;
        this.close = close;
    }

    /** A stream whose close does nothing. */
    public BodyInputStream(BodySource source) {
        this(source, () -> {});
    }

    @Override
    public int read() {
        return source.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        return source.read(target, offset, count);
    }

    @Override
    public void close() {
        close.run();
    }
}
