package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Where nodes listen, and as whom. */
final class NodeSecurityTest {

    private static final Duration VALID = Duration.ofDays(1);

    private static String place(NodeSecurity security) {
        try (Listener listener = security.listen(0)) {
            return listener.address().replaceAll(":\\d+$", "");
        }
    }

    @Test
    void nodeWithoutSecurityListensAtTheLoopbackOnly() {
        Heddle.run(() -> {
            assertEquals("127.0.0.1", place(NodeSecurity.none()));
        });
    }

    @Test
    void nodeWithoutSecurityListensAtTheAddressThatIsNamed() {
        Heddle.run(() -> {
            assertEquals("127.0.0.2", place(NodeSecurity.none("127.0.0.2")));
        });
    }

    @Test
    void certificateIsRenewedWithoutANewListenerAndOpenConnectionsStay() {
        TlsAuthority ours = TlsAuthority.create("shop", VALID);
        var identity = new AtomicReference<>(ours.issue(VALID, "localhost"));
        NodeSecurity security = NodeSecurity.mutualTls(identity::get, ours.trust());
        Heddle.run(() -> {
            try (Listener listener = security.listen(0)) {
                Task<Void> echo = Heddle.spawn(() -> listener.serve(10, plain -> {
                    ByteStream stream = security.accept(plain);
                    while (stream.read(new byte[1]) > 0) {
                        stream.write(shown(stream));
                    }
                }));
                int port = listener.port();
                TlsIdentity before = identity.get();
                try (ByteStream old = security.connect("localhost", port)) {
                    assertEquals(List.of(serial(before), serial(before)), List.of(shown(old), seen(old)));
                    identity.set(ours.issue(VALID, "localhost"));
                    try (ByteStream next = security.connect("localhost", port)) {
                        String renewed = serial(identity.get());
                        assertEquals(List.of(renewed, renewed), List.of(shown(next), seen(next)));
                    }
                    assertEquals(serial(before), seen(old));
                }
                echo.cancel();
            }
        });
    }

    private static String serial(X509Certificate certificate) {
        return String.format("%064x", certificate.getSerialNumber());
    }

    private static String serial(TlsIdentity identity) {
        return serial(identity.certificate());
    }

    /** The certificate that the other side has shown. */
    private static String shown(ByteStream stream) {
        return serial(Tls.session(stream).orElseThrow().peerCertificates().getFirst());
    }

    /** The certificate that the other side has seen. */
    private static String seen(ByteStream stream) {
        stream.write("?");
        return new String(stream.readExactly(64), StandardCharsets.US_ASCII);
    }
}
