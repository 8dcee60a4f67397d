package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Task;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How simulated connections come about. */
final class ConnectingTest {

    private static final Duration LATENCY = Duration.ofMillis(10);
    private static final SimOptions OPTIONS = SimOptions.DEFAULT.withLink(LinkOptions.INSTANT.withLatency(LATENCY));

    private SimNetwork network;
    private SimHost server;

    /** Runs a body on a host of its own, beside a host "server". */
    private void run(Action body) {
        Sim.run(OPTIONS, sim -> {
            network = sim.network();
            server = network.host("server");
            network.host("client").run(body);
        });
    }

    private Acceptor listen(int port, int backlog) throws Exception {
        InetSocketAddress address = new InetSocketAddress(server.address(), port);
        return server.run(() -> currentLoop().engine().listen(address, ListenOptions.DEFAULT.withBacklog(backlog)));
    }

    private Transport connect(int port) throws IOException {
        return currentLoop().engine().connect(new InetSocketAddress(server.address(), port));
    }

    @Test
    void connectingTakesARoundTrip() {
        run(() -> {
            try (Acceptor acceptor = listen(80, 10);
                    Transport client = connect(80);
                    Transport accepted = acceptor.accept()) {
                assertEquals(LATENCY.multipliedBy(2), Sim.current().elapsed());
                assertEquals("10.0.0.2:80", client.remoteAddress());
                assertEquals("10.0.0.2:80", accepted.localAddress());
                assertEquals(client.localAddress(), accepted.remoteAddress());
                assertTrue(client.localAddress().startsWith("10.0.0.3:"));
            }
        });
    }

    @Test
    void portThatNobodyListensAtRefusesAfterARoundTrip() {
        run(() -> {
            ConnectException refused = assertThrows(ConnectException.class, () -> connect(80));
            assertTrue(refused.getMessage().contains("refused") && refused.getMessage().contains("10.0.0.2:80"));
            assertEquals(LATENCY.multipliedBy(2), Sim.current().elapsed());
        });
    }

    @Test
    void addressOfNoHostCannotBeReached() {
        run(() -> {
            InetSocketAddress nobody = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 80);
            assertThrows(NoRouteToHostException.class, () -> currentLoop().engine().connect(nobody));
        });
    }

    @Test
    void silentAddressTimesOutAfter127Seconds() {
        run(() -> {
            network.silence(server.address());
            try (Acceptor acceptor = listen(80, 10)) {
                ConnectException timedOut = assertThrows(ConnectException.class, () -> connect(80));
                assertTrue(timedOut.getMessage().contains("timed out"));
                assertEquals(Duration.ofSeconds(127), Sim.current().elapsed());
                assertFalse(acceptor.localAddress().toString().isEmpty());
            }
        });
    }

    @Test
    void attemptThroughAPartitionSucceedsWhenItHeals() {
        run(() -> {
            SimHost client = network.host("client");
            network.partition(client, server);
            try (Acceptor acceptor = listen(80, 10)) {
                spawn(() -> {
                    sleep(Duration.ofSeconds(60));
                    network.heal(client, server);
                });
                connect(80).close();
                acceptor.accept().close();
                assertTrue(Sim.current().elapsed().compareTo(Duration.ofSeconds(60)) > 0);
                assertTrue(Sim.current().elapsed().compareTo(Duration.ofSeconds(61)) < 0);
            }
        });
    }

    @Test
    void fullBacklogKeepsFurtherClientsWaitingUntilThereIsRoom() {
        run(() -> {
            try (Acceptor acceptor = listen(80, 2)) {
                List<Task<Transport>> clients = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    clients.add(spawn(() -> connect(80)));
                }
                sleep(Duration.ofMillis(500));
                assertEquals(2, clients.stream().filter(Task::isDone).count());

                for (int i = 0; i < 5; i++) {
                    acceptor.accept().close();
                }
                for (Task<Transport> each : clients) {
                    each.join().close();
                }
            }
        });
    }

    @Test
    void cancelledConnectLeavesNoConnection() {
        run(() -> {
            try (Acceptor acceptor = listen(80, 10)) {
                assertFalse(moveOnAfter(Duration.ofMillis(15), () -> {
                    connect(80);
                }));
                try (Transport accepted = acceptor.accept()) {
                    assertThrows(BrokenException.class, () -> readOne(accepted));
                }
            }
        });
    }

    @Test
    void connectInACancelledScopeFailsAndLeavesNoConnection() {
        run(() -> {
            try (Acceptor acceptor = listen(80, 10)) {
                CancelScope.open(scope -> {
                    scope.cancel("enough");
                    assertThrows(CancelledException.class, () -> connect(80));
                    assertThrows(CancelledException.class, acceptor::accept);
                    return "";
                });
            }
        });
    }

    @Test
    void cancelledAcceptHasTakenNoConnection() {
        run(() -> {
            try (Acceptor acceptor = listen(80, 10)) {
                assertFalse(moveOnAfter(Duration.ofMillis(5), () -> {
                    acceptor.accept();
                }));
                connect(80).close();
                acceptor.accept().close();
            }
        });
    }

    @Test
    void secondTaskThatAcceptsIsBusy() {
        run(() -> {
            Acceptor acceptor = listen(80, 10);
            Task<Transport> first = spawn(acceptor::accept);
            Sim.current().awaitIdle();
            assertThrows(BusyException.class, acceptor::accept);
            acceptor.close();
            assertThrows(ClosedException.class, first::join);
        });
    }

    @Test
    void closingAListenerEndsTheAcceptAndResetsWhoWaits() {
        run(() -> {
            Acceptor acceptor = listen(80, 10);
            Transport waiting = connect(80);
            acceptor.close();
            acceptor.close();
            assertThrows(ClosedException.class, acceptor::accept);
            assertThrows(BrokenException.class, () -> readOne(waiting));
            assertThrows(ConnectException.class, () -> connect(80));
            waiting.close();
        });
    }

    @Test
    void acceptedConnectionsStayWhenTheListenerCloses() {
        run(() -> {
            Acceptor acceptor = listen(80, 10);
            try (Transport client = connect(80);
                    Transport accepted = acceptor.accept()) {
                acceptor.close();
                client.tryWrite(ByteBuffer.wrap(new byte[]{7}));
                assertEquals(7, readOne(accepted));
            }
        });
    }

    @Test
    void onlyIpAddressesWithAKnownHostAreTaken() {
        run(() -> {
            assertThrows(
                    IOException.class,
                    () -> currentLoop().engine().connect(UnixDomainSocketAddress.of("/run/socket")));
            assertThrows(
                    UnknownHostException.class,
                    () -> currentLoop().engine().connect(InetSocketAddress.createUnresolved("server", 80)));
        });
    }

    @Test
    void plannedRefusalsAndBlackHolesHitSomeAttemptsOnly() {
        run(() -> {
            network.faults(FaultPlan.NONE.withRefuseChance(0.3).withBlackHoleChance(0.3));
            int refused = 0;
            int timedOut = 0;
            try (Acceptor acceptor = listen(80, 1000)) {
                for (int i = 0; i < 100; i++) {
                    try {
                        connect(80).close();
                        acceptor.accept().close();
                    } catch (ConnectException e) {
                        refused += e.getMessage().contains("refused") ? 1 : 0;
                        timedOut += e.getMessage().contains("timed out") ? 1 : 0;
                    }
                }
            }
            assertTrue(refused > 5 && refused < 60, "refused: " + refused);
            assertTrue(timedOut > 5 && timedOut < 60, "timed out: " + timedOut);
        });
    }

    private static int readOne(Transport transport) {
        ByteBuffer target = ByteBuffer.allocate(1);
        while (true) {
            int count = transport.tryRead(target);
            if (count != 0) {
                return count < 0 ? count : target.get(0);
            }
            transport.awaitReadable();
        }
    }
}
