package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;

/** The suite of transports under TLS 1.2 over TCP. */
final class Tls12TcpTransportTest extends TlsContract {

    Tls12TcpTransportTest() {
        super(TlsVersion.TLS_1_2);
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
