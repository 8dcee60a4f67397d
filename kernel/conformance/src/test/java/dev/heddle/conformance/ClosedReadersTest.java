package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that wait at a socket when their own side closes it, on each engine: they end, and nobody calls it a failure. */
final class ClosedReadersTest {

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void readerAndAcceptorThatTheirOwnSideClosesAreNoUnseenFailures(String engine) {
        assumeTrue(Engines.offers().stream().anyMatch(it -> it.name().equals(engine) && it.whyNot().isEmpty()));
        List<String> reports = new CopyOnWriteArrayList<>();
        Config config = Config.DEFAULT.withEngine(Engines.named(engine))
                .withFailureHandler((what, failure) -> reports.add(what));
        Heddle.run(config, () -> {
            Listener listener = Tcp.listen("127.0.0.1", 0);
            ByteStream client = Tcp.connect("127.0.0.1", listener.port());
            ByteStream accepted = listener.accept();
            Task<Integer> reader = Heddle.spawn("reader", () -> client.read(new byte[10]));
            Task<ByteStream> acceptor = Heddle.spawn("acceptor", listener::accept);
            Heddle.sleep(Duration.ofMillis(20)); // both wait by then
            client.close();
            listener.close();
            accepted.close();
            while (!reader.isDone() || !acceptor.isDone()) {
                Heddle.sleep(Duration.ofMillis(1));
            }
        });
        assertEquals(List.of(), reports);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void lateReaderIsStillTold(String engine) {
        assumeTrue(Engines.offers().stream().anyMatch(it -> it.name().equals(engine) && it.whyNot().isEmpty()));
        List<String> reports = new CopyOnWriteArrayList<>();
        Config config = Config.DEFAULT.withEngine(Engines.named(engine))
                .withFailureHandler((what, failure) -> reports.add(what));
        Heddle.run(config, () -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 0)) {
                ByteStream client = Tcp.connect("127.0.0.1", listener.port());
                client.close();
                Task<Integer> late = Heddle.spawn("late", () -> {
                    Heddle.sleep(Duration.ofMillis(1));
                    return client.read(new byte[10]);
                });
                while (!late.isDone()) {
                    Heddle.sleep(Duration.ofMillis(1));
                }
            }
        });
        assertEquals(1, reports.size(), reports::toString);
    }
}
