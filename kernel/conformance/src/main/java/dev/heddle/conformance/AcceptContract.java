package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The contract of an engine's listening and accepting. */
interface AcceptContract extends EngineFixture {

    @Test
    default void portZeroPicksAFreePort() {
        withAcceptor(acceptor -> {
            assertTrue(((InetSocketAddress) acceptor.localAddress()).getPort() > 0);
        });
    }

    @Test
    default void takenPortIsRefused() {
        withAcceptor(acceptor -> {
            assertThrows(
                    IOException.class,
                    () -> EngineFixture.engine().listen(acceptor.localAddress(), ListenOptions.DEFAULT));
        });
    }

    @Test
    default void portCanBeSharedIfBothWantIt() {
        run(() -> {
            var shared = ListenOptions.DEFAULT.withBacklog(16).withReusePort(true);
            try (Acceptor first = EngineFixture.engine()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), shared);
                    Acceptor second = EngineFixture.engine().listen(first.localAddress(), shared)) {
                assertEquals(first.localAddress(), second.localAddress());
            }
        });
    }

    @Test
    default void portCanBeTakenAgainAfterClosing() {
        run(() -> {
            Acceptor first = EngineFixture.listen();
            Transport client = EngineFixture.engine().connect(first.localAddress());
            first.accept().close();
            client.close();
            first.close();

            EngineFixture.engine().listen(first.localAddress(), ListenOptions.DEFAULT).close();
        });
    }

    @Test
    default void acceptWaitsForAConnection() {
        withAcceptor(acceptor -> {
            Task<Transport> accepting = Heddle.spawn(acceptor::accept);
            letOthersRun();
            assertTrue(!accepting.isDone());

            try (Transport client = EngineFixture.engine().connect(acceptor.localAddress());
                    Transport server = accepting.join()) {
                assertEquals(client.localAddress(), server.remoteAddress());
            }
        });
    }

    @Test
    default void crowdOfConnectionsIsAcceptedOneByOne() {
        withAcceptor(acceptor -> {
            List<Transport> ends = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                ends.add(EngineFixture.engine().connect(acceptor.localAddress()));
            }
            for (int i = 0; i < 100; i++) {
                ends.add(acceptor.accept());
            }
            ends.forEach(Transport::close);
        });
    }

    @Test
    default void connectionThatWaitsIsTakenWithoutWaiting() {
        withAcceptor(acceptor -> {
            assertNull(acceptor.acceptNow());
            Transport client = EngineFixture.engine().connect(acceptor.localAddress());
            Transport server = Objects.requireNonNull(acceptor.acceptNow());
            assertEquals(client.localAddress(), server.remoteAddress());
            assertNull(acceptor.acceptNow());
            client.close();
            server.close();
        });
    }

    @Test
    default void whoIsConnectedWhenAServerIsClosedIsServed() {
        run(() -> {
            var listener = new Listener(EngineFixture.listen());
            List<ByteStream> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(new ByteStream(EngineFixture.engine().connect(listener.acceptor().localAddress())));
            }
            listener.serve(ServeOptions.DEFAULT, stream -> {
                listener.close();
                stream.write("served".getBytes(StandardCharsets.US_ASCII));
            });
            for (ByteStream client : clients) {
                assertEquals("served", new String(client.readAll(100), StandardCharsets.US_ASCII));
                client.close();
            }
        });
    }

    @Test
    default void cancelledAcceptHasTakenNoConnection() {
        withAcceptor(acceptor -> {
            Task<Transport> accepting = Heddle.spawn(acceptor::accept);
            letOthersRun();
            accepting.cancel("enough");
            assertThrows(TaskCancelledException.class, accepting::join);

            try (Transport client = EngineFixture.engine().connect(acceptor.localAddress());
                    Transport server = acceptor.accept()) {
                assertEquals(client.localAddress(), server.remoteAddress());
            }
        });
    }

    @Test
    default void closingWakesAWaitingAcceptAndRefusesLaterOnes() {
        run(() -> {
            Acceptor acceptor = EngineFixture.listen();
            Task<Transport> accepting = Heddle.spawn(acceptor::accept);
            letOthersRun();

            acceptor.close();
            acceptor.close();

            assertThrows(ClosedException.class, accepting::join);
            assertThrows(ClosedException.class, acceptor::accept);
            assertThrows(ClosedException.class, acceptor::acceptNow);
        });
    }

    @Test
    default void closedAcceptorRefusesPeersAndKeepsItsConnections() {
        run(() -> {
            Acceptor acceptor = EngineFixture.listen();
            try (var client = new ByteStream(EngineFixture.engine().connect(acceptor.localAddress()));
                    ByteStream server = new ByteStream(acceptor.accept())) {
                acceptor.close();

                assertThrows(IOException.class, () -> EngineFixture.engine().connect(acceptor.localAddress()));
                client.write("x");
                assertEquals(1, server.readExactly(1).length);
            }
        });
    }
}
