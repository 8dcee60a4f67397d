package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;

final class NioDatagramTest extends DatagramContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), body);
    }
}
