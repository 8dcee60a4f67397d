package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;

/** Protected twice, as through a proxy that speaks TLS itself. */
final class TlsInTlsTransportTest extends TlsContract {

    TlsInTlsTransportTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    MemoryStreams.Pair plain() {
        return secure(MemoryStreams.pair(), TlsVersion.TLS_1_3);
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
