package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Tag;

/** The suite of transports under TLS 1.2 over TCP. */
@Tag("full") // seconds; TLS 1.3 has them in both runs
final class Tls12TcpTransportTest extends TlsContract {

    Tls12TcpTransportTest() {
        super(TlsVersion.TLS_1_2);
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
