package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Tag;

/** The suite of transports under TLS 1.3 over TCP. */
@Tag("full")
final class Tls13TcpTransportTest extends TlsContract {

    Tls13TcpTransportTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
