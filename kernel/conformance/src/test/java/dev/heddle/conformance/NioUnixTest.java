package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;

/** The suite of Unix sockets on the portable engine. */
final class NioUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new NioEngine();
    }
}
