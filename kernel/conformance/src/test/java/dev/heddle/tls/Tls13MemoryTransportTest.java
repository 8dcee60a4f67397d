package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;

/** The suite of transports under TLS 1.3 in memory. */
final class Tls13MemoryTransportTest extends TlsContract {

    Tls13MemoryTransportTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    MemoryStreams.Pair plain() {
        return MemoryStreams.pair();
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
