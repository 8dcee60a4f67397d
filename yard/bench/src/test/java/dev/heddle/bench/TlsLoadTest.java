package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** The load against servers in this process, good and bad ones. */
final class TlsLoadTest {

    private static final TlsLoad.Plan LASTING = new TlsLoad.Plan(2, 20_000, 0, 0, 0.1);
    private static final TlsLoad.Plan PASSING = new TlsLoad.Plan(2, 64, 1, 0, 0.1);

    private final ProcessClock clock = new ProcessClock(ProcessHandle.current().pid());

    /** A server that answers each piece with what is made of it, and ends the connection when that is nothing. */
    private TlsLoad.Answer load(TlsLoad.Plan plan, UnaryOperator<byte[]> answer) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) TlsCertificate.load()
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        SSLSocket socket = (SSLSocket) listener.accept();
                        Thread.startVirtualThread(() -> serve(socket, answer));
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            return TlsLoad.run(plan, listener.getLocalPort(), clock);
        }
    }

    private static void serve(SSLSocket socket, UnaryOperator<byte[]> answer) {
        byte[] buffer = new byte[EchoMain.BUFFER_BYTES];
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = answer.apply(Arrays.copyOf(buffer, count));
                if (bytes.length == 0) {
                    return;
                }
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // The load has seen enough.
        }
    }

    @Test
    void messagesThatComeBackAreCounted() throws Exception {
        TlsLoad.Answer answer = load(LASTING, bytes -> bytes);
        assertTrue(answer.perSecond() > 0);
        assertTrue(answer.serverCpuNanos() > 0);
    }

    @Test
    void connectionThatHasHadItsMessagesIsReplaced() throws Exception {
        assertTrue(load(PASSING, bytes -> bytes).perSecond() > 0);
    }

    @Test
    void wrongByteIsAFailure() {
        IOException failure = assertThrows(IOException.class, () -> load(LASTING, bytes -> {
            bytes[bytes.length - 1]++;
            return bytes;
        }));
        assertTrue(failure.toString().contains("wrong bytes"), failure::toString);
    }

    @Test
    void byteTooManyIsAFailure() {
        IOException failure = assertThrows(
                IOException.class,
                () -> load(PASSING, bytes -> Arrays.copyOf(bytes, bytes.length + 1)));
        assertTrue(failure.toString().contains("wrong bytes"), failure::toString);
    }

    @Test
    void serverThatEndsTheConnectionIsAFailure() {
        assertThrows(EOFException.class, () -> load(LASTING, bytes -> new byte[0]));
    }

    @Test
    void plansAndAnswersAreLines() {
        assertEquals(LASTING, TlsLoad.Plan.parse(LASTING.line()));
        TlsLoad.Answer answer = new TlsLoad.Answer(12.5, 3400);
        assertEquals(answer, TlsLoad.Answer.parse(answer.line()));
    }
}
