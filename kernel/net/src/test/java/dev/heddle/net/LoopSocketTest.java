package dev.heddle.net;

import static dev.heddle.io.Fixtures.bytes;
import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.BufferPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

/** A socket of the JDK's kind over the loop, so that other tasks run while it waits. */
final class LoopSocketTest {

    private final SocketFactory factory = Tcp.socketFactory();

    interface Body {
        void run(Socket socket, ByteStream peer) throws Exception;
    }

    private void withSocket(Body body) {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            try (Listener listener = Tcp.listen(0);
                    Socket socket = factory.createSocket("127.0.0.1", listener.port());
                    ByteStream peer = listener.accept()) {
                body.run(socket, peer);
            }
            letOthersRun();
            assertEquals(0, BufferPool.current().borrowed(), "buffers left over");
        });
    }

    @Test
    void bytesGoBothWaysAndOtherTasksRunMeanwhile() {
        byte[] big = noise(5_000_000, 21);
        withSocket((socket, peer) -> {
            Heddle.spawn(() -> peer.write(peer.readExactly(big.length)));
            Task<Void> writer = Heddle.spawn(() -> socket.getOutputStream().write(big));

            assertArrayEquals(big, socket.getInputStream().readNBytes(big.length));
            writer.join();
        });
    }

    @Test
    void blockingHttpClientWorksOverIt() {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            try (Listener listener = Tcp.listen(0)) {
                Heddle.spawn(() -> listener.serve(10, stream -> {
                    for (String line : stream.lines(1_000)) {
                        if (line.isEmpty()) {
                            break;
                        }
                    }
                    stream.write("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                }));

                assertEquals("hello", get("localhost", listener.port()));
            }
        });
    }

    private String get(String host, int port) throws IOException {
        try (Socket socket = factory.createSocket(host, port)) {
            socket.setSoTimeout(30_000);
            Writer out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.US_ASCII);
            out.write("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n");
            out.flush();
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            int length = -1;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            char[] body = new char[length];
            assertEquals(length, in.read(body));
            return new String(body);
        }
    }

    @Test
    void readThatTakesTooLongTimesOutAndLosesNothing() {
        withSocket((socket, peer) -> {
            socket.setSoTimeout(20);
            assertEquals(20, socket.getSoTimeout());

            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());

            peer.write("x");
            socket.setSoTimeout(30_000);
            assertEquals('x', socket.getInputStream().read());
        });
    }

    @Test
    void endIsReadAndAHalfCloseIsHeard() {
        withSocket((socket, peer) -> {
            socket.getOutputStream().write(bytes("question"));
            socket.shutdownOutput();
            assertEquals("question", text(peer.readAll(100)));
            peer.write("answer");
            peer.close();

            assertEquals("answer", text(socket.getInputStream().readAllBytes()));
            assertEquals(-1, socket.getInputStream().read());
            assertTrue(socket.isOutputShutdown());
            assertThrows(IOException.class, () -> socket.getOutputStream().write(1));
        });
    }

    @Test
    void inputThatWasShutReadsAsEnded() {
        withSocket((socket, peer) -> {
            InputStream in = socket.getInputStream();
            peer.write("unread");
            socket.shutdownInput();

            assertEquals(-1, in.read());
            assertEquals(0, in.available());
            socket.getOutputStream().write('x');
            assertEquals("x", text(peer.readExactly(1)));
        });
    }

    @Test
    void availableTellsWhatIsThere() throws Exception {
        withSocket((socket, peer) -> {
            InputStream in = socket.getInputStream();
            assertEquals(0, in.available());
            peer.write("abc");
            while (in.available() == 0) {
                Heddle.checkpoint();
            }
            assertEquals(3, in.available());
            assertEquals("abc", text(in.readNBytes(3)));
            assertEquals(0, in.available());
        });
    }

    @Test
    void anotherTaskMayCloseItUnderAReader() {
        withSocket((socket, peer) -> {
            Task<String> reader = Heddle.spawn(
                    () -> assertThrows(SocketException.class, () -> socket.getInputStream().read()).getMessage());
            letOthersRun();

            socket.close();

            assertEquals("Socket closed", reader.join());
            assertEquals(-1, peer.read(new byte[1]));
            assertTrue(socket.isClosed());
            assertThrows(SocketException.class, socket::getInputStream);
        });
    }

    @Test
    void plainThreadMayCloseItToo() {
        withSocket((socket, peer) -> {
            Thread housekeeper = new Thread(() -> {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            housekeeper.start();

            assertEquals(-1, peer.read(new byte[1]));
            housekeeper.join();
        });
    }

    @Test
    void cancelClosesItAsAnInterruptDoes() {
        withSocket((socket, peer) -> {
            SocketException[] seen = new SocketException[1];
            boolean done = Heddle.moveOnAfter(Duration.ofMillis(20), () -> {
                seen[0] = assertThrows(SocketException.class, () -> socket.getInputStream().read());
                Heddle.checkpoint();
            });

            assertFalse(done, "the next waiting call is cancelled again");
            assertTrue(seen[0].getMessage().contains("cancel"), seen[0].getMessage());
            assertThrows(BrokenException.class, () -> peer.readAll(10));
        });
    }

    @Test
    void deadlineOfTheCallerCoversALibrary() {
        withSocket((socket, peer) -> assertThrows(
                DeadlineExceededException.class,
                () -> Heddle.timeout(Duration.ofMillis(20), () -> {
                    try {
                        socket.getInputStream().read();
                    } catch (IOException e) {
                        Heddle.checkpoint();
                    }
                })));
    }

    @Test
    void usedOutsideOfTasksItSaysSo() throws Exception {
        var e = assertThrows(IllegalStateException.class, () -> factory.createSocket("127.0.0.1", 1));
        assertTrue(e.getMessage().contains("no task"), e.getMessage());
        withSocket((socket, peer) -> {
            InputStream in = socket.getInputStream();
            assertThrows(IllegalStateException.class, () -> Heddle.offload(() -> {
                Throwable[] thrown = new Throwable[1];
                Thread thread = new Thread(() -> thrown[0] = assertThrows(IllegalStateException.class, in::read));
                thread.start();
                thread.join();
                throw (RuntimeException) thrown[0];
            }));
        });
    }

    @Test
    void failuresToConnectAreThoseThatSocketsDocument() {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            int free;
            try (Listener listener = Tcp.listen(0)) {
                free = listener.port();
            }
            assertThrows(ConnectException.class, () -> factory.createSocket("127.0.0.1", free));
            assertThrows(ConnectException.class, () -> factory.createSocket(InetAddress.getLoopbackAddress(), free));
            assertThrows(UnknownHostException.class, () -> factory.createSocket("no-such-host.invalid", 80));
            assertThrows(UnknownHostException.class, () -> factory.createSocket("1:2:3", 80));
            assertThrows(UnknownHostException.class, () -> factory.createSocket("a b", 80));
            Socket socket = factory.createSocket();
            assertThrows(ConnectException.class,
                    () -> socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), free), 30_000));
            assertTrue(socket.isClosed());
            assertThrows(SocketException.class,
                    () -> factory.createSocket("127.0.0.1", free, InetAddress.getLoopbackAddress(), 7));
        });
    }

    @Test
    void connectThatTakesTooLongTimesOut() {
        ScriptedNetwork network = new ScriptedNetwork().swallows("10.0.0.1");
        network.run(() -> {
            Socket socket = factory.createSocket();
            assertThrows(
                    SocketTimeoutException.class,
                    () -> socket.connect(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80), 1_000));
            assertEquals(1_000, network.millis());
            assertEquals(0, network.openConnections());
        });
    }

    @Test
    void closeEndsAnAttemptToConnectAtOnce() {
        ScriptedNetwork network = new ScriptedNetwork().swallows("10.0.0.1");
        network.run(() -> {
            Socket socket = factory.createSocket();
            Task<String> connecting = Heddle.spawn(() -> assertThrows(
                    SocketException.class,
                    () -> socket.connect(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80)))
                    .getMessage());
            letOthersRun();

            socket.close();

            assertEquals("Socket closed", connecting.join());
            assertEquals(0, network.millis());
            assertEquals(0, network.openConnections());
        });
    }

    @Test
    void inputThatIsShutUnderAReaderEndsItsRead() {
        withSocket((socket, peer) -> {
            Task<Integer> reader = Heddle.spawn(() -> socket.getInputStream().read());
            letOthersRun();

            socket.shutdownInput();

            assertEquals(-1, reader.join());
            socket.getOutputStream().write('x');
            assertEquals("x", text(peer.readExactly(1)));
        });
    }

    @Test
    void itKnowsItsAddresses() {
        withSocket((socket, peer) -> {
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            assertEquals(loopback, socket.getInetAddress());
            assertEquals(loopback, socket.getLocalAddress());
            assertEquals("127.0.0.1:" + socket.getPort(), peer.localAddress());
            assertEquals("127.0.0.1:" + socket.getLocalPort(), peer.remoteAddress());
            assertTrue(socket.isConnected() && socket.isBound());
        });
    }

    @Test
    void optionsAreKeptAndLingerZeroIsHeeded() {
        withSocket((socket, peer) -> {
            socket.setKeepAlive(true);
            assertTrue(socket.getKeepAlive());
            socket.setTcpNoDelay(false);
            assertTrue(socket.getTcpNoDelay(), "always on");
            socket.setSendBufferSize(1_000);
            assertEquals(1_000, socket.getSendBufferSize());
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 2_000);
            assertEquals(2_000, socket.getOption(StandardSocketOptions.SO_RCVBUF));
            assertTrue(socket.supportedOptions().contains(StandardSocketOptions.SO_LINGER));
            socket.setSoLinger(true, 5);
            assertEquals(5, socket.getSoLinger());
            socket.setSoLinger(false, 0);
            assertEquals(-1, socket.getSoLinger());
            assertThrows(SocketException.class, () -> socket.sendUrgentData(1));

            socket.setSoLinger(true, 0);
            socket.close();
            assertThrows(BrokenException.class, () -> peer.readAll(10));
        });
    }
}
