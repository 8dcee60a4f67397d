package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** The far end of a connection by a socket of the JDK: it says what a test wants, and ends in each way there is. */
public final class RawPeer {

    /** What a peer does in the middle of what it owes. */
    public enum Deed {
        /** Takes all that was sent, and closes. */
        END,
        /** Ends its own direction, and goes on to take what comes. */
        HALF_CLOSE,
        /** Closes with a reset: SO_LINGER of 0, socket(7). */
        RESET,
        /** Says and takes nothing more. */
        SILENCE
    }

    /** What one peer does. */
    @FunctionalInterface
    public interface Script {
        void play(RawPeer peer) throws Exception;
    }

    private final Socket socket;

    public RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        // Else what is sent may stand on this side still when a reset throws it away.
        socket.setTcpNoDelay(true);
    }

    public static RawPeer connect(int port) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A listener whose every connection plays a script in a task of the calling loop. */
    public static final class Server implements AutoCloseable {

        private final ServerSocket listener;
        private final List<Task<Void>> tasks = new ArrayList<>();
        private final List<Socket> sockets = new ArrayList<>();

        public Server(Script script) throws IOException {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            tasks.add(Heddle.spawn("raw server", () -> accept(script)));
        }

        private void accept(Script script) {
            while (true) {
                Socket socket;
                try {
                    socket = listener.accept();
                } catch (IOException closed) {
                    return;
                }
                sockets.add(socket);
                tasks.add(Heddle.spawn("raw peer", () -> script.play(new RawPeer(socket))));
            }
        }

        public int port() {
            return listener.getLocalPort();
        }

        public String url() {
            return "http://127.0.0.1:" + port();
        }

        /** Closes all; throws what a script has failed with. */
        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            for (Task<Void> task : tasks) {
                task.join();
            }
        }
    }

    /** Takes bytes up to the end of a head. */
    public String head() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("the head ends behind " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    public void take(int count) throws IOException {
        socket.getInputStream().readNBytes(count);
    }

    public RawPeer send(String latin1) throws IOException {
        return send(latin1.getBytes(ISO_8859_1));
    }

    public RawPeer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public void act(Deed deed) throws IOException {
        switch (deed) {
            case END -> socket.close();
            case HALF_CLOSE -> socket.shutdownOutput();
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case SILENCE -> {}
        }
    }

    /** Takes a byte, as text. */
    public String next() throws IOException {
        int next = socket.getInputStream().read();
        if (next < 0) {
            throw new AssertionError("the connection has ended");
        }
        return Character.toString(next);
    }

    /** Takes what comes until the end, whatever it is. */
    public void drain() {
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[64 * 1024];
            while (in.read(buffer) >= 0) {
                // Nobody wants it.
            }
        } catch (IOException gone) {
            // Closed by this side, or lost.
        }
    }

    /** Reads to the end of the connection: what came before it, and {@code |cut} behind that if it is a loss. */
    public String rest() {
        var all = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.append((char) next);
            }
        } catch (IOException lost) {
            all.append("|cut");
        }
        return all.toString();
    }

    public void close() throws IOException {
        socket.close();
    }
}
