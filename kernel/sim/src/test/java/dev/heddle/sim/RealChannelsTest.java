package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.Test;

/** Channels of the system in a simulation, where they would bring real time and chance in. */
final class RealChannelsTest {

    @Test
    void pollerRefusesChannelsOfTheSystem() {
        Sim.run(1, () -> {
            Pipe pipe = Pipe.open();
            try (Pipe.SourceChannel source = pipe.source();
                    Pipe.SinkChannel sink = pipe.sink();
                    Poller<Integer> poller = Poller.open()) {
                source.configureBlocking(false);
                sink.configureBlocking(false);
                var refused = assertThrows(
                        UnsupportedOperationException.class,
                        () -> poller.add(source, Poller.READABLE, 1));
                assertTrue(refused.getMessage().contains("the engine sim"), refused.getMessage());
                assertEquals(0, poller.size());
                assertThrows(UnsupportedOperationException.class, () -> Readiness.awaitWritable(sink));
            }
        });
    }
}
