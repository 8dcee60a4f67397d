package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of an engine's connecting. */
interface ConnectContract extends EngineFixture {

    @Test
    default void connectionJoinsTwoEnds() {
        withConnection((acceptor, client, server) -> {
            client.write("ping");
            assertEquals("ping", text(server.readExactly(4)));
            server.write("pong");
            assertEquals("pong", text(client.readExactly(4)));
        });
    }

    @Test
    default void refusedConnectTellsTheSystemsReasonAndLeavesNothing() {
        run(() -> {
            InetSocketAddress nobody = EngineFixture.deadPort();
            assertThrows(IOException.class, () -> EngineFixture.engine().connect(nobody));
            long before = LeftoverCheck.openDescriptors();
            for (int i = 0; i < 20; i++) {
                var failure = assertThrows(IOException.class, () -> EngineFixture.engine().connect(nobody));
                assertFalse(String.valueOf(failure.getMessage()).isBlank());
            }
            LeftoverCheck.awaitDescriptors(before);
        });
    }

    @Test
    default void connectionComesFromTheChosenAddressAndPort() {
        withAcceptor(acceptor -> {
            var remote = (InetSocketAddress) acceptor.localAddress();
            for (int port : new int[]{0, FreePorts.next()}) {
                var local = new InetSocketAddress("127.0.0.2", port);
                try (Transport client = EngineFixture.engine().connect(remote, local);
                        Transport server = acceptor.accept()) {
                    assertEquals(client.localAddress(), server.remoteAddress());
                    assertTrue(server.remoteAddress().startsWith("127.0.0.2:"), server.remoteAddress());
                    assertTrue(port == 0 || server.remoteAddress().endsWith(":" + port), server.remoteAddress());
                }
            }
        });
    }

    @Test
    default void portAloneIsChosenByAWildcard() {
        withAcceptor(acceptor -> {
            var remote = (InetSocketAddress) acceptor.localAddress();
            int port = FreePorts.next();
            try (Transport client = EngineFixture.engine().connect(remote, new InetSocketAddress("0.0.0.0", port));
                    Transport server = acceptor.accept()) {
                assertEquals("127.0.0.1:" + port, server.remoteAddress());
                assertEquals(client.localAddress(), server.remoteAddress());
            }
        });
    }

    @Test
    default void foreignAddressAndTakenPortAreNoPlaceToConnectFromAndLeaveNothing() {
        withAcceptor(acceptor -> {
            var remote = (InetSocketAddress) acceptor.localAddress();
            var foreign = new InetSocketAddress("192.0.2.1", 0); // RFC 5737: of nobody
            assertThrows(BindException.class, () -> EngineFixture.engine().connect(remote, foreign));
            long before = LeftoverCheck.openDescriptors();
            assertThrows(BindException.class, () -> EngineFixture.engine().connect(remote, foreign));
            assertThrows(BindException.class, () -> EngineFixture.engine().connect(remote, remote));
            LeftoverCheck.awaitDescriptors(before);
        });
    }

    @Test
    default void unresolvedAddressIsRefused() {
        run(() -> assertThrows(
                IOException.class,
                () -> EngineFixture.engine().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 80))));
    }

    @Test
    default void connectInsideACancelledScopeConnectsNothing() {
        withAcceptor(acceptor -> {
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(
                        CancelledException.class, () -> EngineFixture.engine().connect(acceptor.localAddress()));
                return "";
            });
        });
    }

    @Test
    default void cancelledConnectLeavesNoSocket() throws IOException {
        try (var hole = new BlackHole()) {
            run(() -> {
                // The first wait may open what the engine itself needs.
                Heddle.moveOnAfter(Duration.ofMillis(1), () -> EngineFixture.engine().connect(hole.address()));
                long before = LeftoverCheck.openDescriptors();
                List<Task<Transport>> connects = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    connects.add(Heddle.spawn(() -> EngineFixture.engine().connect(hole.address())));
                }
                letOthersRun();
                assertTrue(connects.stream().noneMatch(Task::isDone), "nobody answers");

                connects.forEach(connect -> connect.cancel("enough"));

                connects.forEach(connect -> assertThrows(TaskCancelledException.class, connect::join));
                LeftoverCheck.awaitDescriptors(before);
            });
        }
    }

    @Test
    default void othersRunWhileAConnectWaits() throws IOException {
        try (var hole = new BlackHole()) {
            run(() -> {
                Task<Transport> connecting = Heddle.spawn(() -> EngineFixture.engine().connect(hole.address()));
                Heddle.sleep(Duration.ofMillis(2));
                assertFalse(connecting.isDone());
                connecting.cancel("enough");
            });
        }
    }

    @Test
    default void timersFireWhileConnectionsAreBusy() {
        run(() -> {
            List<ByteStream> streams = new ArrayList<>();
            try (Acceptor acceptor = EngineFixture.listen()) {
                Heddle.group(g -> {
                    for (int i = 0; i < 20; i++) {
                        var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                        var server = new ByteStream(acceptor.accept());
                        streams.add(client);
                        streams.add(server);
                        g.spawn(() -> bounce(client));
                        g.spawn(() -> bounce(server));
                        client.write("x");
                    }
                    for (int i = 0; i < 20; i++) {
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                    g.cancel("enough");
                });
            }
            streams.forEach(ByteStream::abort);
        });
    }

    /** Sends back what comes, until cancelled. */
    private static void bounce(ByteStream stream) {
        byte[] buffer = new byte[10];
        while (true) {
            int count = stream.read(buffer);
            stream.write(buffer, 0, count);
        }
    }

    @Test
    default void descriptorsAreReusedWithoutMixingConnectionsUp() {
        withConnection((acceptor, bystander, bystandersPeer) -> {
            Task<byte[]> patient = Heddle.spawn(() -> bystander.readExactly(4));
            for (int i = 0; i < 200; i++) {
                var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                var server = new ByteStream(acceptor.accept());
                Task<byte[]> reader = Heddle.spawn(() -> server.readExactly(1));
                Heddle.checkpoint();
                client.write("x");
                assertEquals("x", text(reader.join()));
                if (i % 2 == 0) {
                    client.close();
                    server.close();
                } else {
                    server.abort();
                    client.abort();
                }
            }
            assertFalse(patient.isDone());
            bystandersPeer.write("mine");
            assertEquals("mine", text(patient.join()));
        });
    }

    @Test
    default void secondCloseTouchesNoOtherConnection() {
        withConnection((acceptor, first, firstsPeer) -> {
            Transport closed = first.transport();
            closed.close();
            firstsPeer.close();
            letOthersRun();
            try (var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                    ByteStream server = new ByteStream(acceptor.accept())) {
                closed.close();
                closed.abort();
                firstsPeer.abort();

                client.write("mine");
                assertEquals("mine", text(server.readExactly(4)));
                server.write("yours");
                assertEquals("yours", text(client.readExactly(5)));
            }
        });
    }

    @Test
    default void bytesOfAClosedConnectionReachNoOther() {
        withAcceptor(acceptor -> {
            for (int i = 0; i < 20; i++) {
                var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                var server = new ByteStream(acceptor.accept());
                Task<?> reader = Heddle.spawn(() -> server.readExactly(1));
                letOthersRun();
                client.transport().tryWrite(ByteBuffer.allocate(8 * 1024));
                server.close();
                try (var next = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                        ByteStream nextsPeer = new ByteStream(acceptor.accept())) {
                    nextsPeer.write("mine");
                    assertEquals("mine", text(next.readExactly(4)));
                }
                assertThrows(ClosedException.class, reader::join);
                client.abort();
            }
        });
    }

    @Test
    default void endOfTheEngineAbortsItsConnections() throws IOException {
        try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            run(() -> {
                Transport forgotten = EngineFixture.engine().connect(server.getLocalSocketAddress());
                assertTrue(forgotten.isOpen());
            });
            server.setSoTimeout(10_000);
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(10_000);
                InputStream in = peer.getInputStream();
                assertThrows(SocketException.class, in::read, "a clean end would pass for the end of what was sent");
            }
        }
    }

    /**
     * A port that lets connects wait for ever: its queue is full and nobody accepts, so the kernel drops what comes.
     */
    final class BlackHole implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<SocketChannel> queue = new ArrayList<>();

        BlackHole() throws IOException {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(server.getLocalSocketAddress());
                queue.add(channel);
            }
        }

        SocketAddress address() {
            return server.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : queue) {
                channel.close();
            }
            server.close();
        }
    }
}
