package dev.heddle.http.internal.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.Deflater;

/**
 * An output that encodes gzip (RFC 1952) or deflate (RFC 1950) into another stream. A flush lets the peer decode all
 * that was written before it.
 *
 * <p>Both are made of the same raw encoder, so that one store of them serves both. {@link #close()} gives it back and
 * writes nothing: a body that {@link #finish()} has not ended does not look whole.
 */
public final class DeflatingOutput extends OutputStream {

    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final byte[] ZLIB_HEAD = {0x78, (byte) 0x9c};

    /** Small writes are gathered to this: each visit to the encoder has its price. */
    private static final int GATHER_BYTES = 512;

    private static final int OUTPUT_BYTES = 8 * 1024;

    private final OutputStream out;
    private final boolean gzip;
    private final Checksum checksum;
    private final int level;
    private final Deflater deflater;
    private final byte[] gathered = new byte[GATHER_BYTES];
    private final byte[] output = new byte[OUTPUT_BYTES];
    private int gatheredCount;
    private long taken;
    private boolean begun;
    private boolean unflushed;
    private boolean closed;

    public DeflatingOutput(OutputStream out, int level, boolean gzip) {
        this.out = out;
        this.gzip = gzip;
        this.checksum = gzip ? new CRC32() : new Adler32();
        this.level = level;
        this.deflater = SpareCodecs.deflater(level);
    }

    /** How many plain bytes were written. */
    public long taken() {
        return taken;
    }

    @Override
    public void write(int b) throws IOException {
        if (gatheredCount == GATHER_BYTES) {
            pushGathered();
        }
        gathered[gatheredCount++] = (byte) b;
        taken++;
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, source.length);
        taken += count;
        if (count > GATHER_BYTES - gatheredCount) {
            pushGathered();
        }
        if (count >= GATHER_BYTES) {
            push(source, offset, count);
        } else {
            System.arraycopy(source, offset, gathered, gatheredCount, count);
            gatheredCount += count;
        }
    }

    private void pushGathered() throws IOException {
        int count = gatheredCount;
        gatheredCount = 0;
        push(gathered, 0, count);
    }

    private void push(byte[] source, int offset, int count) throws IOException {
        checkOpen();
        if (count == 0) {
            return;
        }
        begin();
        checksum.update(source, offset, count);
        deflater.setInput(source, offset, count);
        drain(Deflater.NO_FLUSH);
        unflushed = true;
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            out.write(gzip ? GZIP_HEAD : ZLIB_HEAD);
        }
    }

    private void drain(int mode) throws IOException {
        int count;
        do {
            count = deflater.deflate(output, 0, output.length, mode);
            out.write(output, 0, count);
        } while (count == output.length || (mode == Deflater.NO_FLUSH && !deflater.needsInput()));
    }

    @Override
    public void flush() throws IOException {
        checkOpen();
        pushGathered();
        if (unflushed) {
            unflushed = false;
            drain(Deflater.SYNC_FLUSH);
        }
        out.flush();
    }

    /** Writes what is left and the end. */
    public void finish() throws IOException {
        pushGathered();
        begin();
        deflater.finish();
        while (!deflater.finished()) {
            out.write(output, 0, deflater.deflate(output));
        }
        int sum = (int) checksum.getValue();
        if (gzip) {
            writeLittle(sum);
            writeLittle((int) taken);
        } else {
            writeLittle(Integer.reverseBytes(sum));
        }
    }

    private void writeLittle(int value) throws IOException {
        out.write(new byte[]{(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)});
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the response is over");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            SpareCodecs.give(level, deflater);
        }
    }
}
