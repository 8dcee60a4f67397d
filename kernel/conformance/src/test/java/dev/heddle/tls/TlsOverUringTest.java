package dev.heddle.tls;

import dev.heddle.engine.Engine;
import dev.heddle.io.MemoryStreams;
import dev.heddle.linux.UringEngine;
import org.junit.jupiter.api.Tag;

/** The suite of transports under TLS over TCP of io_uring. */
@Tag("full")
final class TlsOverUringTest extends TlsContract {

    TlsOverUringTest() {
        super(TlsVersion.TLS_1_3);
    }

    @Override
    Engine newEngine() {
        return new UringEngine();
    }

    @Override
    MemoryStreams.Pair plain() {
        return tcp();
    }
}
