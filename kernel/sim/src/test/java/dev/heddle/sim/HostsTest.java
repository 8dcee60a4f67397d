package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.tolerantGroup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hosts, their names, addresses and ports. */
final class HostsTest {

    private static final ListenOptions SHARED = ListenOptions.DEFAULT.withBacklog(10).withReusePort(true);

    private static Acceptor listen(String address, int port, ListenOptions options) throws IOException {
        return currentLoop().engine().listen(new InetSocketAddress(InetAddress.ofLiteral(address), port), options);
    }

    private static Acceptor listen(String address, int port) throws IOException {
        return listen(address, port, ListenOptions.DEFAULT);
    }

    private static Transport connect(String address, int port) throws IOException {
        return currentLoop().engine().connect(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    private static List<InetAddress> resolve(String name) throws UnknownHostException {
        return currentLoop().engine().resolve(name);
    }

    @Test
    void hostIsMadeOnceAndItsNameResolvesInAnyCase() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            SimHost host = network.host("Server.example");
            assertSame(host, network.host("Server.example"));
            assertEquals(List.of(host.address()), resolve("server.EXAMPLE"));
            assertEquals(List.of(network.localhost(), host), network.hosts());
            assertEquals("Server.example (10.0.0.2)", host.toString());
        });
    }

    @Test
    void unknownNameIsToldWithTheKnownOnes() {
        Sim.run(1, () -> {
            Sim.current().network().host("server");
            UnknownHostException unknown = assertThrows(UnknownHostException.class, () -> resolve("sever"));
            assertTrue(unknown.getMessage().contains("sever") && unknown.getMessage().contains("server"));
        });
    }

    @Test
    void nameMayHaveManyAddressesTakeTimeAndBeForgotten() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            InetAddress[] addresses = {InetAddress.ofLiteral("fd00::1"), InetAddress.ofLiteral("10.9.9.9")};
            network.name("many", addresses);
            network.nameDelay(Duration.ofSeconds(2));

            assertEquals(List.of(addresses), resolve("many"));
            assertEquals(Duration.ofSeconds(2), Sim.current().elapsed());
            assertEquals(InetAddress.ofLiteral("10.1.2.3"), resolve("10.1.2.3").getFirst());
            assertEquals(Duration.ofSeconds(2), Sim.current().elapsed(), "an address needs no look-up");

            network.forgetName("many");
            assertThrows(UnknownHostException.class, () -> resolve("many"));
        });
    }

    @Test
    void lookUpCanBeCancelled() {
        Sim.run(1, () -> {
            Sim.current().network().nameDelay(Duration.ofHours(1));
            assertFalse(moveOnAfter(Duration.ofSeconds(1), () -> {
                resolve("localhost");
            }));
            assertEquals(Duration.ofSeconds(1), Sim.current().elapsed());
        });
    }

    @Test
    void whatAHostSpawnsRunsThereAndIsNamedAfterIt() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            SimHost host = network.host("server");
            host.spawn(() -> {
                assertEquals("server", currentTask().name());
                assertSame(host, SimHost.current(network));
                spawn(() -> assertSame(host, SimHost.current(network))).join();
                network.host("other").run(() -> assertSame(network.host("other"), SimHost.current(network)));
            })
                    .join();
            assertSame(network.localhost(), SimHost.current(network));
        });
    }

    @Test
    void hostListensAtItsOwnAddressesOnly() {
        Sim.run(1, () -> {
            SimHost server = Sim.current().network().host("server");
            SimHost other = Sim.current().network().host("other");
            String address = server.address().getHostAddress();
            other.run((Action) () -> assertThrows(BindException.class, () -> listen(address, 80)));
            server.run((Action) () -> listen(address, 80).close());
            listen(address, 80).close();
            assertThrows(BindException.class, () -> listen("192.0.2.1", 80));
        });
    }

    @Test
    void loopbackIsEachHostsOwn() {
        Sim.run(1, () -> {
            SimHost server = Sim.current().network().host("server");
            try (Acceptor acceptor = server.run(() -> listen("127.0.0.1", 80))) {
                assertThrows(ConnectException.class, () -> connect("127.0.0.1", 80));
                server.run(() -> {
                    connect("127.0.0.1", 80).close();
                    connect("0.0.0.0", 80).close();
                });
                acceptor.accept().close();
                acceptor.accept().close();
                assertThrows(ConnectException.class, () -> connect(server.address().getHostAddress(), 80));
            }
        });
    }

    @Test
    void wildcardListensAtAllAddressesOfTheHost() {
        Sim.run(1, () -> {
            SimHost server = Sim.current().network().host("server");
            try (Acceptor acceptor = server.run(() -> listen("0.0.0.0", 80))) {
                connect(server.address().getHostAddress(), 80).close();
                server.run(() -> connect("127.0.0.1", 80).close());
                acceptor.accept().close();
                acceptor.accept().close();
                assertThrows(ConnectException.class, () -> connect("127.0.0.1", 80), "that is localhost's");
            }
        });
    }

    @Test
    void exactAddressGoesBeforeTheWildcardButThePortIsTaken() {
        Sim.run(1, () -> {
            try (Acceptor any = listen("0.0.0.0", 80, SHARED);
                    Acceptor exact = listen("127.0.0.1", 80, SHARED)) {
                connect("127.0.0.1", 80).close();
                exact.accept().close();
                assertThrows(BindException.class, () -> listen("127.0.0.1", 80));
                assertNotEquals(any.localAddress(), exact.localAddress());
            }
            listen("127.0.0.1", 80).close();
        });
    }

    @Test
    void listenersThatShareAPortShareTheConnections() {
        Sim.run(5, () -> {
            try (Acceptor one = listen("127.0.0.1", 80, SHARED);
                    Acceptor other = listen("127.0.0.1", 80, SHARED)) {
                for (int i = 0; i < 10; i++) {
                    connect("127.0.0.1", 80).close();
                }
                assertTrue(moveOnAfter(Duration.ofSeconds(1), () -> one.accept().close()));
                assertTrue(moveOnAfter(Duration.ofSeconds(1), () -> other.accept().close()));
            }
        });
    }

    @Test
    void portZeroPicksAFreeOne() {
        Sim.run(1, () -> {
            try (Acceptor one = listen("127.0.0.1", 0);
                    Acceptor other = listen("127.0.0.1", 0)) {
                assertNotEquals(one.localAddress(), other.localAddress());
                assertTrue(((InetSocketAddress) one.localAddress()).getPort() >= 49_152);
            }
        });
    }

    @Test
    void whenAllDynamicPortsListenThereIsNoFreeOne() {
        Sim.run(SimOptions.DEFAULT.withCheckLeftovers(false), sim -> {
            for (int port = 49_152; port <= 65_535; port++) {
                listen("127.0.0.1", 0);
            }
            assertThrows(BindException.class, () -> listen("127.0.0.1", 0));
        });
    }

    @Test
    void hostMayHaveAddressesOfBothFamilies() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            SimHost dual = network.host("dual", InetAddress.ofLiteral("fd00::7"), InetAddress.ofLiteral("10.7.7.7"));
            SimHost client = network.host("client", InetAddress.ofLiteral("10.8.8.8"),
                    InetAddress.ofLiteral("fd00::8"));
            try (Acceptor acceptor = dual.run(() -> listen("::", 80))) {
                client.run(() -> {
                    try (Transport wide = connect("fd00::7", 80);
                            Transport narrow = connect("10.7.7.7", 80)) {
                        assertTrue(wide.localAddress().startsWith("[fd00:0:0:0:0:0:0:8]:"), wide.localAddress());
                        assertTrue(narrow.localAddress().startsWith("10.8.8.8:"), narrow.localAddress());
                    }
                });
                acceptor.accept().close();
                acceptor.accept().close();
            }
        });
    }

    @Test
    void namesAndAddressesOfHostsAreTakenOnce() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            InetAddress address = network.host("server").address();
            assertThrows(IllegalArgumentException.class, () -> network.host("other", address));
            assertThrows(IllegalArgumentException.class,
                    () -> network.host("server", InetAddress.ofLiteral("10.5.5.5")));
            assertThrows(IllegalArgumentException.class, () -> network.host("none", new InetAddress[0]));
            assertThrows(IllegalArgumentException.class,
                    () -> network.host("loop", InetAddress.ofLiteral("127.0.0.2")));
        });
    }

    @Test
    void isolatedHostIsHeardOfAgainWhenItRejoins() {
        Sim.run(1, () -> {
            Peers peers = Peers.connect();
            SimHost server = Sim.current().network().host("server");
            server.isolate();
            peers.client().write("x");
            assertFalse(moveOnAfter(Duration.ofSeconds(30), () -> {
                peers.server().readExactly(1);
            }));
            server.rejoin();
            assertEquals(1, peers.server().readExactly(1).length);
            peers.close();
            sleep(Duration.ofSeconds(1));
        });
    }

    @Test
    void wallClockOfAHostGoesApartAndItsTimersDoNotNotice() {
        Sim.run(() -> {
            SimHost late = Sim.current().network().host("late");
            late.shiftWallClock(Duration.ofDays(-365));
            Task<Duration> behind = late.spawn(() -> {
                sleep(Duration.ofHours(1));
                return Duration.between(Instant.EPOCH, currentLoop().engine().now());
            });
            sleep(Duration.ofHours(1));
            Duration here = Duration.between(Instant.EPOCH, currentLoop().engine().now());
            assertEquals(Duration.ofDays(365), here.minus(behind.join()));
        });
    }

    @Test
    void cuttingAllOfAHostBreaksItsConnectionsAndNoOther() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            Peers doomed = Peers.connect();
            Peers safe = Peers.connect(network.localhost(), network.host("other"));
            assertEquals(1, network.host("server").cutAll());
            assertThrows(BrokenException.class, () -> doomed.client().readExactly(1));
            safe.client().write("x");
            assertEquals(1, safe.server().readExactly(1).length);
            doomed.close();
            safe.close();
        });
    }

    @Test
    void crashedHostLosesConnectionsListenersAndTasksAndCanStartAgain() {
        Sim.run(1, () -> {
            SimHost server = Sim.current().network().host("server");
            for (int life = 0; life < 2; life++) {
                Task<Void> serving = server.spawn(() -> {
                    try (Listener listener = Tcp.listen("server", 80)) {
                        listener.serve(10, stream -> stream.write(stream.readExactly(1)));
                    }
                });
                Sim.current().awaitIdle();
                try (ByteStream client = Tcp.connect("server", 80);
                        ByteStream idle = Tcp.connect("server", 80)) {
                    client.write("x");
                    assertEquals(1, client.readExactly(1).length);

                    server.crash();

                    assertThrows(BrokenException.class, () -> idle.readExactly(1));
                    Sim.current().awaitIdle();
                    assertTrue(serving.isDone());
                    assertThrows(ConnectFailedException.class, () -> Tcp.connect("server", 80));
                }
            }
        });
    }

    /** A way to begin work on a host; gives the task that does it, or that waits for it. */
    private interface Begin {
        Task<?> begin(SimHost host, TaskGroup group) throws Exception;
    }

    @Test
    void crashEndsWhatRunsOnAHostHoweverItBegan() {
        Map<String, Begin> begins = new LinkedHashMap<>();
        begins.put("host.spawn", (host, group) -> host.spawn(HostsTest::beat));
        begins.put("its child", (host, group) -> host.spawn(() -> spawn(HostsTest::beat).join()));
        begins.put("its group", (host, group) -> host.spawn(() -> group(own -> own.spawn(HostsTest::beat))));
        begins.put("run, in a task", (host, group) -> spawn(() -> host.run(HostsTest::beat)));
        begins.put("run and spawn", (host, group) -> host.run(() -> spawn(HostsTest::beat)));
        begins.put("run and a group outside", (host, group) -> host.run(() -> group.spawn(HostsTest::beat)));
        begins.put("run and a service", (host, group) -> host.run(() -> group.spawnService(HostsTest::beat)));
        begins.put("run and the loop", (host, group) -> host.run(() -> currentLoop().spawn(HostsTest::beat)));
        begins.put("run and gather", (host, group) -> spawn(() -> host.run(() -> gather(HostsTest::beat, () -> {}))));
        begins.forEach((words, begin) -> Sim.run(1, () -> tolerantGroup(group -> {
            beats = 0;
            SimHost host = Sim.current().network().host("a");
            Task<?> task = begin.begin(host, group);
            sleep(Duration.ofMillis(5500));
            host.crash();
            sleep(Duration.ofMinutes(1));
            assertEquals(5, beats, words);
            assertTrue(task.isDone(), words);
        })));
    }

    private static int beats;

    private static void beat() {
        while (true) {
            sleep(Duration.ofSeconds(1));
            beats++;
        }
    }

    @Test
    void bodyOnAHostThatCrashesIsCutOffAndItsTaskGoesOn() {
        Sim.run(1, () -> {
            SimHost host = Sim.current().network().host("a");
            spawn(() -> {
                sleep(Duration.ofSeconds(1));
                host.crash();
            });
            assertThrows(TaskCancelledException.class, () -> host.run(HostsTest::beat));
            sleep(Duration.ofSeconds(1));
            assertEquals("back", host.run(() -> "back"));
            IOException own = assertThrows(IOException.class, () -> host.run(() -> {
                throw new IOException("as it is");
            }));
            assertEquals("as it is", own.getMessage());
        });
    }

    @Test
    void crashLeavesWhatTheTestItselfRuns() {
        Sim.run(1, () -> {
            Task<String> own = spawn(() -> {
                sleep(Duration.ofSeconds(2));
                return "done";
            });
            Sim.current().network().host("a").crash();
            Sim.current().network().localhost().crash();
            assertEquals("done", own.join());
        });
    }

    @Test
    void connectionComesFromTheChosenAddressAndPortOfItsHost() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            SimHost server = network.host("server");
            SimHost client = network.host("client");
            String there = server.address().getHostAddress();
            try (Acceptor acceptor = server.run(() -> listen(there, 80))) {
                client.run(() -> {
                    var remote = new InetSocketAddress(server.address(), 80);
                    var local = new InetSocketAddress(client.address(), 4_000);
                    try (Transport mine = currentLoop().engine().connect(remote, local);
                            Transport accepted = acceptor.accept()) {
                        assertEquals(client.address().getHostAddress() + ":4000", accepted.remoteAddress());
                        assertEquals(mine.localAddress(), accepted.remoteAddress());
                        assertThrows(BindException.class, () -> currentLoop().engine().connect(remote, local));
                    }
                });
            }
        });
    }

    @Test
    void foreignAddressAndTakenPortAreNoPlaceToConnectFrom() {
        Sim.run(1, () -> {
            SimNetwork network = Sim.current().network();
            SimHost server = network.host("server");
            SimHost client = network.host("client");
            client.run(() -> {
                var remote = new InetSocketAddress(server.address(), 80);
                try (Acceptor busy = listen(client.address().getHostAddress(), 4_000)) {
                    var taken = (InetSocketAddress) busy.localAddress();
                    for (InetSocketAddress local : List.of(
                            taken, new InetSocketAddress("0.0.0.0", 4_000),
                            new InetSocketAddress(server.address(), 0))) {
                        assertThrows(BindException.class, () -> currentLoop().engine().connect(remote, local));
                    }
                }
            });
        });
    }
}
