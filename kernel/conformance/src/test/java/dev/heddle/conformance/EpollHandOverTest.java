package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

/** The hand-over of sockets on epoll. */
@OnEngine("epoll")
final class EpollHandOverTest extends HandOverContract {

    @Override
    Engine newEngine() {
        return new EpollEngine();
    }
}
