package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each server that can take part here echoes, and ends when it is told to. */
@Tag("night")
final class EchoServerTest {

    private static final int BYTES = 1_000_000;

    private static boolean canTakePart(EchoServer server) {
        return EchoServer.sides(List.of(server), s -> () -> new double[0]).getFirst().missing().isEmpty();
    }

    private static Socket connect(EchoProcess process) throws IOException, GeneralSecurityException {
        SocketFactory sockets = process.server().isTls()
                ? TlsCertificate.load().client().getSocketFactory()
                : SocketFactory.getDefault();
        return sockets.createSocket(InetAddress.getLoopbackAddress(), process.port());
    }

    static List<EchoServer> servers() {
        return List.of(EchoServer.values());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void whatIsSentComesBack(EchoServer server) throws Exception {
        assumeTrue(canTakePart(server));
        byte[] sent = new byte[BYTES];
        new Random(1).nextBytes(sent);
        EchoProcess process = EchoProcess.start(server);
        try (process; Socket socket = connect(process)) {
            if (socket instanceof SSLSocket tls) {
                assertIsAsMeasured(tls.getSession());
            }
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    socket.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            InputStream in = socket.getInputStream();
            assertEquals(HexFormat.of().formatHex(sent), HexFormat.of().formatHex(in.readNBytes(BYTES)));
            writer.join();
        }
        assertFalse(ProcessHandle.of(process.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    private static void assertIsAsMeasured(SSLSession session) throws Exception {
        assertEquals(TlsCertificate.PROTOCOL, session.getProtocol());
        assertEquals(TlsCertificate.CIPHER_SUITE, session.getCipherSuite());
        assertEquals(TlsCertificate.load().certificate(), session.getPeerCertificates()[0]);
    }

    @Test
    void serverInAJvmTellsItsHeap() {
        assumeTrue(canTakePart(EchoServer.SELECTOR));
        try (EchoProcess process = EchoProcess.start(EchoServer.SELECTOR)) {
            assertTrue(process.heapBytes() > 0);
            long before = process.allocatedBytes();
            assertTrue(before > 0);
            assertTrue(process.allocatedBytes() >= before);
        }
    }

    @Test
    void engineThatIsAskedForIsTaken() {
        assumeTrue(canTakePart(EchoServer.HEDDLE_NIO));
        try (EchoProcess process = EchoProcess.start(EchoServer.HEDDLE_NIO)) {
            assertEquals("nio", process.engine());
        }
    }
}
