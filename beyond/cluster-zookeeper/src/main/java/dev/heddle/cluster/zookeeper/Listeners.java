package dev.heddle.cluster.zookeeper;

import dev.heddle.FailureHandler;
import java.util.function.Consumer;

/** The listeners that are told on the thread for events: a listener that fails is reported and keeps nobody else from hearing. */
final class Listeners {

    private Listeners() {}

    static <T> void tell(Consumer<? super T> listener, T news) {
        try {
            listener.accept(news);
        } catch (RuntimeException | Error failure) {
            FailureHandler.LOG.failed("a listener of a store failed", failure);
        }
    }
}
