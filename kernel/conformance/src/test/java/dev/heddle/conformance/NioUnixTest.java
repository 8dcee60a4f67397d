package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import org.junit.jupiter.api.Tag;

/** The suite of Unix sockets on the portable engine. */
@Tag("full")
final class NioUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new NioEngine();
    }
}
