package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;

/** The suite of engines on epoll. */
@OnEngine("epoll")
final class EpollEngineTest extends EngineContract {

    @Override
    public Engine newEngine() {
        return Engines.named("epoll").get();
    }
}
