package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop that was held up looks at what has come before it judges by its clock: no peer is silent because of its reader. */
final class HeldUpLoopTest {

    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration HELD_UP = Duration.ofMillis(60);

    private static Stream<Supplier<Engine>> engines() {
        return Stream.of(NioEngine::new, EpollEngine::new, UringEngine::new);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void bytesThatCameAreReadBeforeAnOverdueTimerFires(Supplier<Engine> engine) {
        Heddle.run(Config.DEFAULT.withEngine(engine), () -> {
            try (Listener listener = Tcp.listen(0);
                    ByteStream left = Tcp.connect("127.0.0.1", listener.port());
                    ByteStream right = listener.accept()) {
                assertReadInTime(Heddle.spawn(() -> right.readExactly(1)), () -> left.write("!"));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("engines")
    void datagramThatCameIsReceivedBeforeAnOverdueTimerFires(Supplier<Engine> engine) {
        Heddle.run(Config.DEFAULT.withEngine(engine), () -> {
            try (UdpSocket left = Udp.bind("127.0.0.1", 0); UdpSocket right = Udp.bind("127.0.0.1", 0)) {
                assertReadInTime(
                        Heddle.spawn(() -> right.receive()), () -> left.send(new byte[1], right.localAddress()));
            }
        });
    }

    private static void assertReadInTime(Task<?> reading, Action peer) throws Exception {
        Heddle.sleep(SOON); // until it waits
        var wasRead = new CompletableFuture<Boolean>();
        Heddle.currentLoop().callLater(SOON, () -> wasRead.complete(reading.isDone()));
        peer.run();
        long end = System.nanoTime() + HELD_UP.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertTrue(Heddle.await(wasRead));
    }
}
