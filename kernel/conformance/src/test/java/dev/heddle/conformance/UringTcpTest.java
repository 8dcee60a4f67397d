package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of TCP on io_uring. */
@OnEngine("io_uring")
final class UringTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("io_uring").get();
    }
}
