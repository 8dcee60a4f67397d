package dev.heddle.tls;

import dev.heddle.engine.Engine;
import dev.heddle.io.MemoryStreams;
import dev.heddle.linux.EpollEngine;
import org.junit.jupiter.api.Tag;

/** The suite of transports under TLS over TCP of epoll. */
@Tag("full") // seconds; TlsOverUringTest has the same rows
final class TlsOverEpollTest extends TlsContract {

    TlsOverEpollTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    Engine newEngine() {
        return new EpollEngine();
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
