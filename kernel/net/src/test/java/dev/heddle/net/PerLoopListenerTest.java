package dev.heddle.net;

import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.ForwardingEngine;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A port that is served on all loops. */
final class PerLoopListenerTest {

    private static final Config TWO_LOOPS = Config.DEFAULT.withLoops(2).withEngine(NioEngine::new);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Set<String> served = ConcurrentHashMap.newKeySet();

    private void nameTheLoop(ByteStream stream) {
        served.add(Heddle.currentLoop().name());
        for (String line : stream.lines(100)) {
            stream.write(line + "\n");
        }
    }

    private static ByteStream connect(PerLoopListener listeners) {
        return Tcp.connect("127.0.0.1", listeners.port());
    }

    private static void assertEchoes(ByteStream peer) {
        peer.write("hello\n");
        assertEquals("hello\n", text(peer.readExactly(6)));
    }

    @Test
    void connectionsAreServedOnAllLoopsUntilItIsStopped() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            assertEquals(2, listeners.loops());
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            List<ByteStream> peers = new ArrayList<>();
            // The system spreads by a hash of ports, so a few more than two are needed, and hardly ever many.
            while (served.size() < 2 && peers.size() < 200) {
                ByteStream peer = connect(listeners);
                assertEchoes(peer);
                peers.add(peer);
            }
            assertEquals(2, served.size());

            Task<Boolean> stop = Heddle.spawn(() -> listeners.stop(LONG));
            peers.forEach(ByteStream::close);

            assertTrue(stop.join());
            server.join();
            assertThrows(ConnectFailedException.class, () -> connect(listeners));
        });
    }

    @Test
    void stopWithoutGraceEndsTheHandlersOfAllLoops() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            try (ByteStream peer = connect(listeners)) {
                assertEchoes(peer);

                assertFalse(listeners.stop(Duration.ZERO));

                server.join();
            }
        });
    }

    @Test
    void cancelledServerHasStoppedOnAllLoops() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            try (ByteStream peer = connect(listeners)) {
                assertEchoes(peer);

                server.cancel("enough");

                assertThrows(TaskCancelledException.class, server::join);
                assertThrows(ConnectFailedException.class, () -> connect(listeners));
            }
        });
    }

    @Test
    void secondServerIsRefusedAndTheFirstGoesOn() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            try (ByteStream peer = connect(listeners)) {
                assertEchoes(peer);

                assertThrows(
                        BusyException.class, () -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));

                assertEchoes(peer);
            }
            assertTrue(listeners.stop(LONG));
            server.join();
        });
    }

    @Test
    void portThatIsTakenIsRefused() {
        Heddle.run(TWO_LOOPS, () -> {
            try (Listener other = Tcp.listen(0)) {
                assertThrows(ListenFailedException.class, () -> Tcp.listenOnAllLoops("127.0.0.1", other.port()));
            }
        });
    }

    @Test
    void engineThatCannotShareAPortSaysSo() {
        Engine engine = new ForwardingEngine(new NioEngine()) {
            @Override
            public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
                assertTrue(options.reusePort());
                throw new UnsupportedOperationException("'SO_REUSEPORT' not supported");
            }
        };
        Heddle.run(Config.DEFAULT.withEngine(() -> engine), () -> {
            var e = assertThrows(ListenFailedException.class, () -> Tcp.listenOnAllLoops("127.0.0.1", 0));
            assertTrue(e.getMessage().contains("cannot share a port"), e.getMessage());
        });
    }

    @Test
    void closeThatComesBeforeAnyLoopServesEndsTheServerInPeace() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            Task<Void> closer = Heddle.spawn(() -> listeners.close());

            closer.join();
            server.join();

            assertThrows(
                    ClosedException.class, () -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
        });
    }

    @Test
    void stopThatComesBeforeAnyLoopServesEndsTheServerInPeace() {
        Heddle.run(TWO_LOOPS, () -> {
            PerLoopListener listeners = Tcp.listenOnAllLoops("127.0.0.1", 0);
            Task<Void> server = Heddle.spawn(() -> listeners.serve(ServeOptions.DEFAULT, this::nameTheLoop));
            Task<Boolean> stop = Heddle.spawn(() -> listeners.stop(LONG));

            assertTrue(stop.join());
            server.join();
        });
    }
}
