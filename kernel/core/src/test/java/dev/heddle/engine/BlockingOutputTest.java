package dev.heddle.engine;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thread that writes for a task writes the last piece before it sees the end. */
@Tag("night")
final class BlockingOutputTest {

    private static final int ROUNDS = 20_000;
    private static final int BYTES = 3;

    /** Its thread may be about to look for the end while the last piece comes. */
    @Test
    void lastPieceIsWrittenBeforeTheEnd() {
        run(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                Sink sink = new Sink();
                Transport out = BlockingTransports.writing(sink, "a sink", false);
                for (int i = 0; i < BYTES; i++) {
                    write(out, i);
                }
                out.shutdownOutput();
                offload(() -> sink.closed.await());
                assertEquals(BYTES, sink.written.get(), "in round " + round);
                out.close();
            }
        });
    }

    private static void write(Transport out, int value) {
        ByteBuffer one = ByteBuffer.wrap(new byte[]{(byte) value});
        while (out.tryWrite(one) == 0) {
            out.awaitWritable();
        }
    }

    private static final class Sink extends OutputStream {

        final AtomicInteger written = new AtomicInteger();
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void write(int value) throws IOException {
            if (closed.getCount() == 0) {
                throw new IOException("closed");
            }
            written.incrementAndGet();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
