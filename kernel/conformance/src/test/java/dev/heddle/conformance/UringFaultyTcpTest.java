package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of TCP over bad connections on io_uring. */
@OnEngine("io_uring")
final class UringFaultyTcpTest extends FaultyTcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("io_uring").get();
    }
}
