package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

/** The hand-over of sockets on io_uring. */
@OnEngine("io_uring")
final class UringHandOverTest extends HandOverContract {

    @Override
    Engine newEngine() {
        return new UringEngine();
    }
}
