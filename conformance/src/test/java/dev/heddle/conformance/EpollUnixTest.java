package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

final class EpollUnixTest extends UnixContract {

    @Override
    Engine newEngine() {
        return new EpollEngine();
    }
}
