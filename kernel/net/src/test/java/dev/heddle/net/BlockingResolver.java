package dev.heddle.net;

import dev.heddle.Config;
import dev.heddle.ForwardingEngine;
import dev.heddle.engine.NioEngine;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A name server that answers when a test says so, and cannot be interrupted. */
final class BlockingResolver extends ForwardingEngine {

    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch mayAnswer = new CountDownLatch(1);
    volatile String thread = "";

    BlockingResolver() {
        super(new NioEngine());
    }

    Config config() {
        return Config.DEFAULT.withEngine(() -> this);
    }

    @Override
    public List<InetAddress> resolve(String host) {
        thread = Thread.currentThread().getName();
        asked.countDown();
        while (true) {
            try {
                mayAnswer.await();
                return List.of(InetAddress.ofLiteral("192.0.2.1"));
            } catch (InterruptedException e) {
                // As the system's own look-up, which knows no interrupts.
            }
        }
    }
}
