package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.conformance.TransportContract;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.Transport;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Two pipes of the system, adopted and stapled together: each end reads the one and writes the other. */
final class EpollPipeTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(EpollEngine::new), body);
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }

    @Override
    public boolean tellsResets() {
        return false;
    }

    // ---- a pipe has no reset: whoever aborts one looks like one who ends it; a writer's cut-off message is for the reader to see ----

    @Test
    @Override
    public void resetBreaksTheWaitingReaderAndKeepsTheBytesSoFar() {
        withStreams((left, right) -> {
            left.write("abc");
            right.fill(3);

            left.abort();

            assertThrows(EndOfStreamException.class, () -> right.readExactly(10));
            assertThrows(BrokenException.class, () -> right.write("into the void"));
        });
    }

    @Test
    @Override
    public void closingALostConnectionThrowsNothing() {
        withStreams((left, right) -> {
            left.abort();
            assertThrows(BrokenException.class, () -> right.write("into the void"));

            right.close();

            assertFalse(right.isOpen());
        });
    }

    @Test
    @Override
    public void halfAMessageIsNeverFollowedByACleanEnd() {
        withStreams((left, right) -> {
            Task<Void> writer = Heddle.spawn(() -> left.write(new byte[moreThanBuffered()]));
            Heddle.checkpoint();
            writer.cancel("enough");
            assertThrows(TaskCancelledException.class, writer::join);

            left.close();

            assertTrue(right.readAll(moreThanBuffered()).length < moreThanBuffered());
        });
    }

    @Override
    protected Ends connect() throws IOException {
        Transport[] toRight = pipe();
        Transport[] toLeft = pipe();
        return new Ends(
                new Stapled("left", "right", toLeft[0], toRight[1]),
                new Stapled("right", "left", toRight[0], toLeft[1]));
    }

    private static Transport[] pipe() throws IOException {
        DescriptorEngine engine = DescriptorEngine.of(Heddle.currentLoop().engine());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
            Errno.check(SystemCalls.anyThread(SyscallNumbers.PIPE2, ends.address(), 0, 0, 0, 0, 0));
            return new Transport[]{
                    engine.adopt(ends.get(ValueLayout.JAVA_INT, 0), "the reading end"),
                    engine.adopt(ends.get(ValueLayout.JAVA_INT, Integer.BYTES), "the writing end")
            };
        }
    }

    /** Two one-way transports as one; its output ends by closing the one that writes. */
    private static final class Stapled implements Transport {

        private final String local;
        private final String remote;
        private final Transport in;
        private final Transport out;

        Stapled(String local, String remote, Transport in, Transport out) {
            this.local = local;
            this.remote = remote;
            this.in = in;
            this.out = out;
        }

        @Override
        public int tryRead(ByteBuffer target) {
            return in.tryRead(target);
        }

        @Override
        public void awaitReadable() {
            in.awaitReadable();
        }

        @Override
        public int tryWrite(ByteBuffer source) {
            return out.tryWrite(source);
        }

        @Override
        public void awaitWritable() {
            out.awaitWritable();
        }

        @Override
        public void shutdownOutput() {
            out.close();
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }

        @Override
        public void abort() {
            in.abort();
            out.abort();
        }

        @Override
        public boolean isOpen() {
            return in.isOpen();
        }

        @Override
        public String localAddress() {
            return local;
        }

        @Override
        public String remoteAddress() {
            return remote;
        }

        @Override
        public String toString() {
            return local + " to " + remote;
        }
    }
}
