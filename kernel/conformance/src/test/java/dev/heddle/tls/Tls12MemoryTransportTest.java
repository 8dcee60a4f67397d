package dev.heddle.tls;

import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Tag;

/** The suite of transports under TLS 1.2 in memory. */
@Tag("full")
final class Tls12MemoryTransportTest extends TlsContract {

    Tls12MemoryTransportTest() {
        super(TlsVersion.TLS_1_2);
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
