package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Tag;

/** Protected twice, as through a proxy that speaks TLS itself. */
@Tag("full")
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
