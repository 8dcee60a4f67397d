package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What one call has sent comes with one call on the engines of Linux, and is then received in no other way. */
final class DatagramRunsTest {

    private static final List<Supplier<Engine>> ENGINES = List.of(EpollEngine::new, UringEngine::new);

    private interface Body {

        void run(Datagrams sender, Datagrams receiver);
    }

    private static void run(Body body) {
        for (Supplier<Engine> engine : ENGINES) {
            Heddle.run(Config.DEFAULT.withEngine(engine), () -> {
                DatagramEngine able = DatagramEngine.of(Heddle.currentLoop().engine());
                var local = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
                try (Datagrams sender = able.datagrams(local, DatagramOptions.DEFAULT);
                        Datagrams receiver = able.datagrams(local, DatagramOptions.DEFAULT)) {
                    body.run(sender, receiver);
                }
            });
        }
    }

    @Test
    void runThatOneCallHasSentComesWithOne() {
        run((sender, receiver) -> {
            ByteBuffer target = ByteBuffer.allocateDirect(DatagramOptions.MAX_BYTES);
            assertEquals(Datagrams.NOTHING, receiver.tryReceiveEach(target));
            assertTrue(sender.trySendEach(ByteBuffer.allocate(20_500), 1_000, receiver.localAddress()));
            Heddle.timeout(Duration.ofSeconds(30), receiver::awaitReceivable);
            assertEquals(1_000, receiver.tryReceiveEach(target));
            assertEquals(20_500, target.position());
        });
    }

    @Test
    void socketThatReceivesRunsReceivesNothingElse() {
        run((sender, receiver) -> {
            assertEquals(Datagrams.NOTHING, receiver.tryReceiveEach(ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, () -> receiver.tryReceive(ByteBuffer.allocate(1)));
        });
    }
}
