package dev.heddle.linux;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Transport;
import dev.heddle.net.TransportContract;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

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
    protected Ends connect() throws IOException {
        Transport[] toRight = pipe();
        Transport[] toLeft = pipe();
        return new Ends(
                new Stapled("left", "right", toLeft[0], toRight[1]), new Stapled("right", "left", toRight[0], toLeft[1]));
    }

    private static Transport[] pipe() throws IOException {
        Engine engine = Heddle.currentLoop().engine();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
            Errno.check(Kernel.anyThread(Calls.PIPE2, ends.address(), 0, 0, 0, 0, 0));
            return new Transport[] {
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
