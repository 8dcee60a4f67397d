package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import org.junit.jupiter.api.Tag;

/** The suite of TCP over bad connections on io_uring. */
@OnEngine("io_uring")
@Tag("full")
final class UringFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("io_uring").get();
    }
}
