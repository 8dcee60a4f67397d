package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of TCP on the portable engine. */
@OnEngine("nio")
final class NioTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("nio").get();
    }
}
