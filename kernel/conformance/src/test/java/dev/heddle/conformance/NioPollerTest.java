package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import dev.heddle.net.Poller;
import java.nio.channels.Pipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The suite of pollers on the portable engine, and what it refuses. */
final class NioPollerTest extends PollerContract {

    @Override
    protected Engine newEngine() {
        return new NioEngine();
    }

    @Test
    void edgesAndDescriptorsAreRefusedInClearWords() {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            Pipe pipe = Pipe.open();
            try (Poller<Integer> poller = Poller.open();
                    Pipe.SourceChannel source = pipe.source();
                    Pipe.SinkChannel sink = pipe.sink()) {
                source.configureBlocking(false);
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> poller.add(source, Poller.READABLE | Poller.EDGE, 1));
                assertThrows(UnsupportedOperationException.class, () -> poller.add(0, Poller.READABLE, 1));
                assertEquals(List.of(), poller.keys());
                poller.add(source, Poller.READABLE, 1).close();
                assertEquals(true, sink.isOpen());
            }
        });
    }
}
