package dev.heddle.io;

import dev.heddle.CancelScope;
import java.nio.ByteBuffer;

/** The transport of {@link Streams#throttled}. */
final class ThrottledTransport extends FilterTransport {

    private final ByteRateLimiter reading;
    private final ByteRateLimiter writing;
    private final ByteRateLimiter.Turn toRead;
    private final ByteRateLimiter.Turn toWrite;

    ThrottledTransport(ByteStream stream, ByteRateLimiter reading, ByteRateLimiter writing) {
        super(stream);
        this.reading = reading;
        this.writing = writing;
        this.toRead = new ByteRateLimiter.Turn("its turn to read from " + remoteAddress());
        this.toWrite = new ByteRateLimiter.Turn("its turn to write to " + remoteAddress());
    }

    @Override
    public int tryRead(ByteBuffer target) {
        int limit = target.limit();
        int allowed = (int) Math.min(reading.allowed(toRead), target.remaining());
        if (allowed == 0 && isOpen()) {
            return 0;
        }
        target.limit(target.position() + allowed);
        try {
            int count = super.tryRead(target);
            reading.took(toRead, Math.max(count, 0));
            return count;
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void awaitReadable() {
        // First, so that nobody stands in line with nothing to read.
        super.awaitReadable();
        CancelScope.throwIfCancelled();
        reading.await(toRead);
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        int limit = source.limit();
        int allowed = (int) Math.min(writing.allowed(toWrite), source.remaining());
        if (allowed == 0 && isOpen()) {
            return 0;
        }
        source.limit(source.position() + allowed);
        try {
            int count = super.tryWrite(source);
            writing.took(toWrite, count);
            return count;
        } finally {
            source.limit(limit);
        }
    }

    @Override
    public void awaitWritable() {
        super.awaitWritable();
        CancelScope.throwIfCancelled();
        writing.await(toWrite);
    }

    @Override
    public void close() {
        super.close();
        wake();
    }

    @Override
    public void abort() {
        super.abort();
        wake();
    }

    private void wake() {
        toRead.close();
        toWrite.close();
    }
}
