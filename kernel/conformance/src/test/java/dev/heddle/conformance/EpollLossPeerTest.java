package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;

/** The cells of ends and losses with programs of others on epoll. */
@OnEngine("epoll")
final class EpollLossPeerTest extends LossPeerContract {

    @Override
    void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named("epoll")), body);
    }
}
