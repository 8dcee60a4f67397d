package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

/** The suite of Unix sockets on io_uring. */
@OnEngine("io_uring")
final class UringUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new UringEngine();
    }
}
