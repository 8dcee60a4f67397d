package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;

final class Tls13TcpTransportTest extends TlsContract {

    Tls13TcpTransportTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
