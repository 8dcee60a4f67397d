package dev.heddle.net;

import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.net.ConnectFailedException.Phase;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** TCP over the portable engine. */
final class TcpTest {

    /** More than a selector of the oldest kind could watch, both ends counted. */
    private static final int CONNECTIONS = 500;

    private static void echo(ByteStream stream) {
        byte[] buffer = new byte[4096];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            stream.write(buffer, 0, n);
        }
    }

    @Test
    void fiveHundredConnectionsEchoAtTheSameTimeOnOneLoop() {
        byte[] message = Fixtures.noise(10_000, 1);
        Heddle.run(() -> {
            Listener listener = Tcp.listen(0);
            Task<Void> server = Heddle.spawn(() -> listener.serve(CONNECTIONS, TcpTest::echo));
            CountDownLatch allConnected = new CountDownLatch(CONNECTIONS);
            Heddle.group(g -> {
                for (int i = 0; i < CONNECTIONS; i++) {
                    g.spawn(() -> {
                        try (ByteStream stream = Tcp.connect("127.0.0.1", listener.port())) {
                            allConnected.countDown();
                            allConnected.await();
                            Task<Void> writer = Heddle.spawn(() -> {
                                stream.write(message);
                                stream.closeOutput();
                            });
                            assertArrayEquals(message, stream.readAll(message.length));
                            writer.join();
                        }
                    });
                }
            });
            assertTrue(listener.stop(Duration.ofSeconds(10)), "all handlers end with their peers");
            server.join();
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void idleConnectionsHoldNoBuffer() {
        Heddle.run(() -> {
            Listener listener = Tcp.listen(0);
            Heddle.spawn(() -> listener.serve(100, TcpTest::echo));
            for (int i = 0; i < 100; i++) {
                ByteStream stream = Tcp.connect("127.0.0.1", listener.port());
                stream.write("hello\n");
                assertEquals("hello", stream.readLine(10).orElseThrow());
            }
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void nameIsResolvedAndItsAddressesAreTried() {
        Heddle.run(() -> {
            Listener listener = Tcp.listen("localhost", 0);
            try (ByteStream client = Tcp.connect("localhost", listener.port());
                    ByteStream server = listener.accept()) {
                client.write("hi");
                assertEquals("hi", text(server.readExactly(2)));
            }
            listener.close();
        });
    }

    @Test
    void listeningIsForThisMachineOnlyUnlessToldOtherwise() {
        Heddle.run(() -> {
            try (Listener loopback = Tcp.listen(0);
                    Listener all = Tcp.listen("0.0.0.0", 0)) {
                assertEquals("127.0.0.1:" + loopback.port(), loopback.address());
                assertTrue(all.address().endsWith(":" + all.port()), all.address());
                assertTrue(!all.address().startsWith("127."), all.address());
            }
        });
    }

    @Test
    void refusedConnectSaysWhoRefused() {
        Heddle.run(() -> {
            Listener listener = Tcp.listen(0);
            int port = listener.port();
            listener.close();

            var failure = assertThrows(ConnectFailedException.class, () -> Tcp.connect("127.0.0.1", port));

            assertEquals(Phase.CONNECT, failure.phase());
            assertInstanceOf(ConnectException.class, failure.getCause());
            assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());
        });
    }

    @Test
    void takenPortIsATypedFailure() {
        Heddle.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                var failure = assertThrows(ListenFailedException.class, () -> Tcp.listen(listener.port()));
                assertTrue(failure.getMessage().contains(listener.address()), failure.getMessage());
            }
        });
    }

    @Test
    void cancelledScopeConnectsNothing() {
        Heddle.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                CancelScope.open(scope -> {
                    scope.cancel("enough");
                    assertThrows(CancelledException.class, () -> Tcp.connect("127.0.0.1", listener.port()));
                    return "";
                });
            }
        });
    }

    @Test
    void portsOutOfRangeAreRefused() {
        Heddle.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> Tcp.listen(-1));
            assertThrows(IllegalArgumentException.class, () -> Tcp.listen(65_536));
        });
    }

    @Test
    void outsideOfALoopThereIsNoTcp() {
        assertThrows(IllegalStateException.class, () -> Tcp.connect("127.0.0.1", 1));
    }

    @Test
    void connectComesFromTheChosenPlace() {
        Heddle.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                ConnectOptions options = ConnectOptions.DEFAULT.withLocalAddress(
                        new InetSocketAddress("127.0.0.2", 0));
                try (ByteStream client = Tcp.connect("127.0.0.1", listener.port(), options);
                        ByteStream server = listener.accept()) {
                    assertTrue(server.remoteAddress().startsWith("127.0.0.2:"), server.remoteAddress());
                    assertEquals(client.localAddress(), server.remoteAddress());
                }
            }
        });
    }

    @Test
    void placeThatCannotBeConnectedFromIsTold() {
        Heddle.run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                ConnectFailedException foreign = refused(listener, new InetSocketAddress("192.0.2.1", 0));
                assertInstanceOf(BindException.class, foreign.getCause());
                assertTrue(foreign.getMessage().contains("from 192.0.2.1:0: "), foreign.getMessage());
                var taken = new InetSocketAddress("127.0.0.1", listener.port());
                assertInstanceOf(BindException.class, refused(listener, taken).getCause());
                ConnectFailedException family = refused(listener, new InetSocketAddress("::1", 0));
                assertTrue(family.getMessage().contains("no address of the family of"), family.getMessage());
            }
        });
        var name = InetSocketAddress.createUnresolved("here", 0);
        assertThrows(IllegalArgumentException.class, () -> ConnectOptions.DEFAULT.withLocalAddress(name));
    }

    private static ConnectFailedException refused(Listener listener, InetSocketAddress local) {
        return assertThrows(ConnectFailedException.class, () -> Tcp.connect(
                "127.0.0.1", listener.port(), ConnectOptions.DEFAULT.withLocalAddress(local)));
    }
}
