package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each connection what the test says, on threads of its own and with no HTTP of ours. */
public final class FaultServer implements AutoCloseable {

    /** What happens to a connection after its request head was read. */
    public interface Fault {
        void happen(Socket socket) throws Exception;
    }

    /** The first connection has come. */
    public final CountDownLatch asked = new CountDownLatch(1);

    /** Completed when the server closes, for faults that last until then. */
    public final CountDownLatch closed = new CountDownLatch(1);

    public final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket listener;

    public FaultServer(Fault fault) throws IOException {
        listener = new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1"));
        Thread.ofPlatform().daemon().start(() -> accept(fault));
    }

    /** Sends these bytes and closes. */
    public static Fault answer(String bytes) {
        return socket -> socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    /** Never answers. */
    public static FaultServer silent() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        return new FaultServer(socket -> never.await());
    }

    /** Cuts the connection with a reset. */
    public static Fault reset() {
        return socket -> socket.setSoLinger(true, 0);
    }

    /** Whether the peer ends the connection before so much time has passed. */
    public static boolean leaves(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    private void accept(Fault fault) {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, fault));
            }
        } catch (IOException end) {
            closed.countDown();
        }
    }

    private void serve(Socket socket, Fault fault) {
        try (socket) {
            readHead(socket.getInputStream());
            asked.countDown();
            fault.happen(socket);
        } catch (Exception peerGone) {
            // The client under test may leave at any time.
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
