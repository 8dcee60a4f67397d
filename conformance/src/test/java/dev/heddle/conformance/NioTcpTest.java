package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

@OnEngine("nio")
final class NioTcpTest extends TcpContract {

    @Override
    protected Engine newEngine() {
        return Engines.named("nio").get();
    }
}
