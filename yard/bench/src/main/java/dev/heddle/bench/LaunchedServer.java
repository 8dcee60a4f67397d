package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server of one page that has been started, on a free port that is its last argument. */
final class LaunchedServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final String OK = "HTTP/1.1 200";
    private static final double NANOS_PER_MILLI = 1e6;

    final Process process;
    private final InetSocketAddress address;
    private final Path said;
    private final long start;

    LaunchedServer(List<String> command) throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(free.getInetAddress(), free.getLocalPort());
        }
        List<String> whole = new ArrayList<>(command);
        whole.add(Integer.toString(address.getPort()));
        said = Files.createTempFile("heddle-bench", ".txt");
        start = System.nanoTime();
        process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    double millis() {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    void awaitOpen() throws IOException, InterruptedException {
        connect().close();
    }

    /** A connection, as soon as there can be one. */
    Socket connect() throws IOException, InterruptedException {
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(address);
                return socket;
            } catch (IOException e) {
                check(e);
                Thread.sleep(1);
            }
        }
    }

    private void check(IOException refused) throws IOException {
        if (!process.isAlive() || millis() > LIMIT.toMillis()) {
            throw new IOException("the server does not open its port; it said: " + Files.readString(said), refused);
        }
    }

    /** What to throw when a connection to it has failed. */
    IOException broken(IOException failure) throws IOException {
        String state = process.isAlive() ? "runs" : "has ended with " + process.exitValue();
        return new IOException("the server " + state + "; it said: " + Files.readString(said), failure);
    }

    /** Asks for the page on a connection that is kept. */
    static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write(REQUEST);
    }

    void awaitAnswer() throws IOException, InterruptedException {
        try (Socket socket = connect()) {
            ask(socket);
            String answer = new String(socket.getInputStream().readNBytes(OK.length()), US_ASCII);
            if (!answer.equals(OK)) {
                throw new IllegalStateException("the server answers " + answer);
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.delete(said);
    }
}
