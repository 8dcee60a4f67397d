package dev.heddle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;

/**
 * A gate for bodies, by a socket, so that it works in other processes too: a body that has come to it waits there for
 * the test.
 */
public final class Gate implements AutoCloseable {

    /** Sees a bug as a failure, not as a hang. */
    private static final int LONG_MILLIS = 30_000;

    private final ServerSocket server;

    public Gate() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** A body that comes to the gate, waits until it may go on, and gives its number. */
    public Body body(int number) {
        return new Body(server.getLocalPort(), number);
    }

    /** Waits for the next body that comes. */
    public Arrival arrival() throws IOException {
        server.setSoTimeout(LONG_MILLIS);
        return new Arrival(server.accept());
    }

    /** Whether no further body has come. */
    public boolean isDeserted() throws IOException {
        server.setSoTimeout(1);
        try {
            server.accept().close();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** What goes through a gate. */
    public record Body(int port, int number) implements Callable<Integer>, Runnable {

        @Override
        public Integer call() throws IOException {
            try (var line = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                ByteBuffer one = ByteBuffer.allocate(1).put((byte) number).flip();
                line.write(one);
                line.read(one.clear());
                line.write(one.flip());
            }
            return number;
        }

        @Override
        public void run() {
            try {
                call();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A body at the gate. */
    public static final class Arrival {

        /** The number of the body. */
        public final int number;

        private final Socket line;

        private Arrival(Socket line) throws IOException {
            this.line = line;
            line.setSoTimeout(LONG_MILLIS);
            this.number = line.getInputStream().read();
        }

        /** Lets the body go on. */
        public void open() throws IOException {
            line.getOutputStream().write(1);
        }

        /** Waits until the body has gone on, or was interrupted, which is false. */
        public boolean wentOn() throws IOException {
            try (line) {
                return line.getInputStream().read() == 1;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) { // a reset
                return false;
            }
        }
    }
}
