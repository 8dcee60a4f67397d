package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of TCP over bad connections on the portable engine. */
@OnEngine("nio")
@Tag("full")
final class NioFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("nio").get();
    }
}
