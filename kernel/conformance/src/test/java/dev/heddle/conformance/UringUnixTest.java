package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;
import org.junit.jupiter.api.Tag;

/** The suite of Unix sockets on io_uring. */
@OnEngine("io_uring")
@Tag("full")
final class UringUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new UringEngine();
    }
}
