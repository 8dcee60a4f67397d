package dev.heddle.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.file.FileStream;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.Datagram;
import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.Unix;
import dev.heddle.sync.Event;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is dropped open, out of reach of all who could close it, is closed and told once, by name. */
@Tag("full")
final class UnclosedTest {

    private final List<String> told = new CopyOnWriteArrayList<>();

    private void run(Action body) {
        Heddle.run(Config.DEFAULT.withSignals(false).withFailureHandler((what, failure) -> {
            if (what.contains("dropped")) {
                told.add(what);
            }
        }), body);
    }

    private static void collect() {
        Heddle.offload(System::gc);
        Heddle.sleep(Duration.ofMillis(50));
    }

    private void awaitReport() {
        Heddle.timeout(Duration.ofSeconds(60), () -> {
            while (told.isEmpty()) {
                collect();
            }
        });
    }

    /** In a task of its own, so that no frame has it any more. */
    private static void drop(int port) {
        Heddle.spawn("careless", () -> Tcp.connect("127.0.0.1", port).write("hello")).join();
    }

    @Test
    void droppedConnectionIsClosedAndToldOnceWithWhoOpenedIt() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                drop(listener.port());
                try (ByteStream peer = listener.accept()) {
                    assertEquals("hello", new String(peer.readExactly(5), US_ASCII));
                    awaitReport();
                    Heddle.timeout(Duration.ofSeconds(60), () -> {
                        try {
                            peer.readAll(10);
                        } catch (BrokenException reset) {
                            // As of a process that has ended.
                        }
                    });
                    collect();
                    assertEquals(1, told.size(), told::toString);
                    assertTrue(told.getFirst().startsWith("the stream to 127.0.0.1:" + listener.port()
                            + ", opened by task careless"), told::toString);
                }
            }
        });
    }

    @Test
    void acceptedConnectionThatIsDroppedIsClosedToo() {
        run(() -> {
            try (Listener listener = Tcp.listen(0); ByteStream client = Tcp.connect("127.0.0.1", listener.port())) {
                Heddle.spawn("careless", () -> listener.accept().write("bye")).join();
                assertEquals("bye", new String(client.readExactly(3), US_ASCII));
                awaitReport();
                assertTrue(told.getFirst().contains("opened by task careless"), told::toString);
            }
        });
    }

    /** Nobody else may have a name for what a call waits in. */
    @Test
    void streamInWhichACallWaitsIsNotDropped() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Task<byte[]> reading = Heddle.spawn(() -> Tcp.connect("127.0.0.1", listener.port()).readAll(10));
                try (ByteStream peer = listener.accept()) {
                    collectOften();
                    assertEquals(List.of(), told);
                    peer.write("late");
                }
                assertEquals(4, reading.join().length);
            }
        });
    }

    @Test
    void whatIsClosedOrGivenAwayIsNotTold() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Event over = Event.named("over");
                Task<Void> user = Heddle.spawn(() -> {
                    Tcp.connect("127.0.0.1", listener.port()).close();
                    var transport = Tcp.connect("127.0.0.1", listener.port()).transport();
                    over.await();
                    transport.close();
                });
                try (ByteStream closed = listener.accept(); ByteStream given = listener.accept()) {
                    assertEquals(0, closed.readAll(1).length);
                    collectOften();
                    given.write("there");
                    over.set();
                    user.join();
                }
                assertEquals(List.of(), told);
            }
        });
    }

    @Test
    void droppedFileIsTold(@TempDir Path directory) {
        run(() -> {
            Path file = Files.writeString(directory.resolve("a"), "text");
            Heddle.spawn("careless", () -> FileStream.open(file).size()).join();
            awaitReport();
            assertTrue(told.getFirst().startsWith("the file " + file + ", opened by task careless"), told::toString);
        });
    }

    @Test
    void closedFileIsNotTold(@TempDir Path directory) {
        run(() -> {
            Path file = Files.writeString(directory.resolve("a"), "text");
            Heddle.spawn(() -> FileStream.open(file).close()).join();
            collectOften();
            assertEquals(List.of(), told);
        });
    }

    // ---- sockets of datagrams, and listeners ----

    @Test
    void droppedSocketOfDatagramsIsClosedAndToldOnce() {
        run(() -> {
            int[] port = {0};
            Heddle.spawn("careless", () -> port[0] = Udp.bind("127.0.0.1", 0).port()).join();
            awaitReport();
            collect();
            assertTold("the UDP socket 127.0.0.1:" + port[0] + ", opened by task careless");
            Udp.bind("127.0.0.1", port[0]).close();
        });
    }

    @Test
    void socketInWhichACallWaitsOrThatIsClosedIsNotTold() {
        run(() -> {
            Promise<InetSocketAddress> place = new Promise<>();
            Task<Datagram> waiting = Heddle.spawn(() -> {
                UdpSocket socket = Udp.bind("127.0.0.1", 0);
                place.complete(socket.localAddress());
                return socket.receive();
            });
            Heddle.spawn(() -> Udp.connect("127.0.0.1", 9).close()).join();
            collectOften();
            try (UdpSocket sender = Udp.bind("127.0.0.1", 0)) {
                sender.send("late", place.join());
            }
            assertEquals("late", waiting.join().text());
            assertEquals(List.of(), told);
        });
    }

    @Test
    void droppedListenerIsClosedAndToldOnce(@TempDir Path directory) {
        run(() -> {
            int[] port = {0};
            Heddle.spawn("careless", () -> port[0] = Tcp.listen(0).port()).join();
            awaitReport();
            collect();
            assertTold("the listener 127.0.0.1:" + port[0] + ", opened by task careless");
            Tcp.listen(port[0]).close();
            told.clear();
            Path path = directory.resolve("a.sock");
            Heddle.spawn("careless", () -> Unix.listen(path).address()).join();
            awaitReport();
            assertTold("the listener " + path + ", opened by task careless");
            assertFalse(Files.exists(path));
        });
    }

    @Test
    void listenerUnderAnotherIsToldWithThat() {
        run(() -> {
            Heddle.spawn("careless", () -> Tls.over(Tcp.listen(0), ServerTls.of(IDENTITY)).address()).join();
            awaitReport();
            collectOften();
            assertTold("the listener 127.0.0.1:");
        });
    }

    @Test
    void listenerInWhichACallWaitsOrThatIsClosedIsNotTold() {
        run(() -> {
            int[] ports = {0, 0, 0};
            Task<ByteStream> waiting = Heddle.spawn(() -> {
                Listener listener = Tcp.listen(0);
                ports[0] = listener.port();
                ByteStream accepted = listener.accept();
                listener.close();
                return accepted;
            });
            Task<Void> serving = Heddle.spawn(() -> serve(ports));
            Task<Void> group = Heddle
                    .spawn(() -> ListenerGroup.of(Tcp.listen(0), Tls.listen("127.0.0.1", 0, ServerTls.of(IDENTITY)))
                            .serve(ServeOptions.DEFAULT, _ -> {}));
            Heddle.spawn(() -> Tcp.listen(0).close()).join();
            collectOften();
            Tcp.connect("127.0.0.1", ports[0]).close();
            waiting.join().close();
            try (ByteStream client = Tcp.connect("127.0.0.1", ports[1])) {
                assertEquals("hello", new String(client.readExactly(5), US_ASCII));
            }
            serving.cancel();
            group.cancel();
            serving.awaitOutcome();
            group.awaitOutcome();
            collectOften();
            assertEquals(List.of(), told);
        });
    }

    private static void serve(int[] ports) {
        Listener listener = Tcp.listen(0);
        ports[1] = listener.port();
        listener.serve(ServeOptions.DEFAULT, client -> client.write("hello"));
    }

    /** Whoever looks at what a listener accepts does not have it. */
    @Test
    void lookAtAListenerIsNoOwner() {
        run(() -> {
            Heddle.spawn("careless", () -> {
                Listener listener = Tcp.listen(0);
                try (ByteStream client = Tcp.connect("127.0.0.1", listener.port());
                        ByteStream accepted = listener.accept()) {
                    Parts.all().forEach(part -> part.connections().values().forEach(all -> all.walk().next()));
                    client.write("x");
                    accepted.readExactly(1);
                }
            }).join();
            awaitReport();
            assertTold("the listener 127.0.0.1:");
        });
    }

    // ---- what takes the place of a stream ----

    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("localhost");

    private static final ClientTls TRUSTING = ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.certificate()));

    private static final class Passing extends FilterTransport {
        Passing(ByteStream stream) {
            super(stream);
        }
    }

    private static ByteStream throttled(ByteStream stream) {
        ByteRateLimiter rate = ByteRateLimiter.of(1_000_000);
        return Streams.throttled(stream, rate, rate);
    }

    private static final Map<String, UnaryOperator<ByteStream>> WRAPPERS = Map.of(
            "throttled", UnclosedTest::throttled,
            "metered", stream -> Streams.metered(stream, new ByteCounter()),
            "limited", stream -> Streams.limited(stream, 100_000),
            "timeouts", stream -> Streams.withTimeouts(stream, StreamTimeouts.NONE.withIdle(Duration.ofHours(1))),
            "stapled, read", stream -> Streams.staple(stream, MemoryStreams.pair().left()),
            "stapled, written", stream -> Streams.staple(MemoryStreams.pair().left(), stream),
            "own", stream -> new ByteStream(new Passing(stream)),
            "two", stream -> throttled(Streams.metered(stream, new ByteCounter())),
            "TLS", stream -> Tls.upgradeClient(stream, "localhost", TRUSTING),
            "TLS in a wrapper", stream -> {
                ByteStream secured = throttled(Tls.upgradeClient(throttled(stream), "localhost", TRUSTING));
                assertTrue(Tls.session(secured).isPresent());
                return secured;
            });

    static Set<String> wrappers() {
        return WRAPPERS.keySet();
    }

    private static ByteStream accepted(String wrapper, ByteStream plain) {
        return wrapper.startsWith("TLS") ? Tls.upgradeServer(plain, ServerTls.of(IDENTITY)) : plain;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappers")
    void droppedWrapperIsClosedAndToldOnceWithWhoOpenedTheStream(String wrapper) {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Task<Void> careless = Heddle.spawn("careless", () -> {
                    ByteStream opened = Tcp.connect("127.0.0.1", listener.port());
                    Heddle.spawn("wrapper", () -> WRAPPERS.get(wrapper).apply(opened)).join();
                });
                try (ByteStream peer = accepted(wrapper, listener.accept())) {
                    careless.join();
                    awaitReport();
                    Heddle.timeout(Duration.ofSeconds(60), () -> {
                        try {
                            peer.readAll(10);
                        } catch (BrokenException reset) {
                            // As of a process that has ended.
                        }
                    });
                    collectOften();
                    assertEquals(1, told.size(), told::toString);
                    assertTrue(told.getFirst().contains("127.0.0.1:" + listener.port())
                            && told.getFirst().contains(", opened by task careless"), told::toString);
                }
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappers")
    void closedWrapperAndOneWhoseStreamOthersCloseAreNotTold(String wrapper) {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Event over = Event.named("over");
                Event dropped = Event.named("dropped");
                Task<Void> server = Heddle.spawn(() -> listener.serve(10, plain -> {
                    Heddle.spawn(() -> WRAPPERS.get("two").apply(accepted(wrapper, plain)).write("there")).join();
                    dropped.set();
                    over.await();
                }));
                Heddle.spawn(() -> {
                    try (ByteStream client = WRAPPERS.get(wrapper).apply(Tcp.connect("127.0.0.1", listener.port()))) {
                        if (!wrapper.equals("stapled, written")) {
                            assertEquals("there", new String(client.readExactly(5), US_ASCII));
                        }
                        dropped.await();
                        collectOften();
                    }
                }).join();
                collectOften();
                over.set();
                server.cancel();
                server.awaitOutcome();
                assertEquals(List.of(), told);
            }
        });
    }

    @Test
    void streamThatIsRefusedToAWrapperStaysWatched() {
        run(() -> {
            try (Listener listener = Tcp.listen(0)) {
                Heddle.spawn("careless", () -> {
                    ByteStream stream = Tcp.connect("127.0.0.1", listener.port());
                    Task<Integer> reading = Heddle.spawn(() -> stream.read(new byte[1]));
                    Heddle.checkpoint();
                    assertThrows(BusyException.class, () -> throttled(stream));
                    assertThrows(BusyException.class, () -> Tls.upgradeClient(stream, "localhost", TRUSTING));
                    reading.cancel();
                    reading.awaitOutcome();
                }).join();
                awaitReport();
                assertTold("the stream to 127.0.0.1:" + listener.port() + ", opened by task careless");
            }
        });
    }

    private void collectOften() {
        for (int i = 0; i < 5; i++) {
            collect();
        }
    }

    private void assertTold(String begin) {
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.getFirst().startsWith(begin), told::toString);
    }
}
