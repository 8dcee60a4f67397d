package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.file.FileChanges;
import dev.heddle.file.FileMutex;
import dev.heddle.io.ByteRateLimiter;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Framing;
import dev.heddle.io.LengthPrefixed;
import dev.heddle.io.MessageStream;
import dev.heddle.io.Streams;
import dev.heddle.io.TextStream;
import dev.heddle.net.Dns;
import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.PerLoopListener;
import dev.heddle.net.Poller;
import dev.heddle.net.Readiness;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.Unix;
import dev.heddle.net.UnixOptions;
import dev.heddle.os.Signals;
import dev.heddle.os.Subprocess;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call that waits for a peer ends within its deadline, however silent that is. The calls are those that the classes
 * themselves show to wait: a new one without a row here fails the test.
 */
final class PromptCallsTest {

    private static final Duration PATIENCE = Duration.ofMillis(300);

    /** How late a deadline of the system's clock may be on a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private static final Pattern PACKAGES = Pattern.compile("dev/heddle/(file|io|net|os|tls)/");

    /** What waits for a disk alone, on a worker that an interrupt reaches: what may be silent, as a FIFO, is refused. */
    private static final Pattern OF_A_DISK = Pattern.compile("(AsyncFiles|FileStream|TempPath)\\..*");

    /** What the library has for a person at a terminal, which takes what is written or stops the whole process. */
    private static final Pattern OF_A_TERMINAL = Pattern.compile("ProgressBar\\..*");

    private static final TlsIdentity SERVER = TlsIdentity.selfSigned("peer");
    private static final byte[] MUCH = new byte[4 * 1024 * 1024];

    /** What is found and waits for no peer, and why. */
    private static final Map<String, String> WITHOUT_PEER = new TreeMap<>(Map.ofEntries(
            Map.entry("ByteStream.buffered", "only gives the loan back"),
            Map.entry("ByteStream.closeOutput", "leaves the end to the system; over TLS see the row of its own"),
            Map.entry("ByteStream.offer", "never waits; see FilterTransport.tryWrite"),
            Map.entry("ByteStream.lines", "makes an iterable, which calls readLine"),
            Map.entry("ByteStream.upgrade", "hands over, or refuses"),
            Map.entry("Dns.srv", "the system's files and servers, by a Resolver: see Resolver.srv"),
            Map.entry("Dns.txt", "the system's files and servers, by a Resolver: see Resolver.txt"),
            Map.entry("FileChanges.close", "the system's own books"),
            Map.entry("FileChanges.watch", "the system's own books"),
            Map.entry("FileMutex.close", "the system's own books"),
            Map.entry("FileMutex.holder", "the system's own books"),
            Map.entry("FileMutex.tryAcquire", "waits for no holder"),
            Map.entry("FilterTransport.close", "passed on; see ByteStream.close"),
            Map.entry("FilterTransport.option", "never waits"),
            Map.entry("FilterTransport.shutdownOutput", "passed on; see ByteStream.closeOutput"),
            Map.entry("FilterTransport.tryRead", "never waits"),
            Map.entry("FilterTransport.tryWrite", "never waits"),
            Map.entry("Listener.close", "takes in who is connected, without waiting for anybody"),
            Map.entry("ListenerGroup.close", "as Listener.close"),
            Map.entry("MemoryStreams.Pair.close", "in memory"),
            Map.entry("OriginQuestions.of", "of HttpsRecordsTest alone"),
            Map.entry("PerLoopListener.close", "as Listener.close"),
            Map.entry("MessageStream.closeOutput", "see ByteStream.closeOutput"),
            Map.entry("MessageStream.close", "see ByteStream.close"),
            Map.entry("TextStream.closeOutput", "see ByteStream.closeOutput"),
            Map.entry("TextStream.close", "see ByteStream.close"),
            Map.entry("Streams.limited", "hands over, or refuses"),
            Map.entry("Streams.metered", "hands over, or refuses"),
            Map.entry("Streams.staple", "hands over, or refuses"),
            Map.entry("Streams.throttled", "hands over, or refuses"),
            Map.entry("Streams.withTimeouts", "hands over, or refuses"),
            Map.entry("PollKey.want", "the engine's own books"),
            Map.entry("Poller.add", "the engine's own books"),
            Map.entry("Resolver.of", "asks nobody"),
            Map.entry("ServiceManager.keepAlive", "a datagram"),
            Map.entry("ServiceManager.mainProcess", "a datagram"),
            Map.entry("ServiceManager.ready", "a datagram"),
            Map.entry("ServiceManager.reloading", "a datagram"),
            Map.entry("ServiceManager.status", "a datagram"),
            Map.entry("ServiceManager.stopping", "a datagram"),
            Map.entry("Signals.iterator", "makes an iterator, which calls take"),
            Map.entry("Subprocess.close", "kills it first"),
            Map.entry("Subprocess.start", "the system starts it; a FIFO among its streams is refused"),
            Map.entry("Subprocess.status", "never waits"),
            Map.entry("Subprocess.toString", "never waits"),
            Map.entry("SocketHandover.at", "by engines of Linux only: HandOverContract"),
            Map.entry("SocketHandover.awaitSuccessor", "by engines of Linux only: HandOverContract"),
            Map.entry("SocketHandover.close", "files"),
            Map.entry("SocketHandover.serving", "hears no cancel, and says so: ten seconds at most"),
            Map.entry("Tcp.listen", "names its own address only"),
            Map.entry("Tcp.listenOnAllLoops", "names its own address only"),
            Map.entry("Tcp.reconnecting", "connects when it runs"),
            Map.entry("Tls.listen", "names its own address only"),
            Map.entry("Tls.session", "asks its own engine"),
            Map.entry("TlsAuthority.create", "computes"),
            Map.entry("TlsAuthority.issue", "computes"),
            Map.entry("TlsAuthority.pem", "a file, see NamedPipesTest; a pipe without a name, see SmallFileTest"),
            Map.entry("TlsIdentity.pem", "as TlsAuthority.pem"),
            Map.entry("TlsIdentity.selfSigned", "computes"),
            Map.entry("TlsTrust.pem", "as TlsAuthority.pem"),
            Map.entry("TlsTrust.withRevocations", "as TlsAuthority.pem"),
            Map.entry("TlsException.<init>", "an exception"),
            Map.entry("TruncatedException.<init>", "an exception"),
            Map.entry("UdpSocket.join", "the system's own books"),
            Map.entry("UdpSocket.multicastOn", "the system's own books"),
            Map.entry("UdpSocket.tryReceive", "never waits"),
            Map.entry("Unix.listen", "files"),
            Map.entry("Unix.peer", "never waits")));

    private static @Nullable WaitingCalls calls;

    @TempDir
    private Path directory;

    /** A call over a stream whose peer neither reads nor writes. */
    private interface OverStream {
        void call(ByteStream silent) throws Exception;
    }

    /** What waits, each by the name that {@link WaitingCalls} finds, maybe with words behind it. */
    private Map<String, Action> rows() {
        Map<String, Action> rows = new LinkedHashMap<>();
        over(rows, "ByteStream.read", stream -> stream.read(new byte[10]));
        over(rows, "ByteStream.read of a buffer", stream -> stream.read(ByteBuffer.allocate(10)));
        over(rows, "ByteStream.readExactly", stream -> stream.readExactly(10));
        over(rows, "ByteStream.readLine", stream -> stream.readLine(10));
        over(rows, "ByteStream.readUntil", stream -> stream.readUntil(new byte[]{0}, 10));
        over(rows, "ByteStream.readAll", stream -> stream.readAll(10));
        over(rows, "ByteStream.fill", ByteStream::fill);
        over(rows, "ByteStream.fill to a count", stream -> stream.fill(10));
        over(rows, "ByteStream.lines, its first", stream -> stream.lines(10).iterator().hasNext());
        over(rows, "ByteStream.write", stream -> stream.write(MUCH));
        over(rows, "ByteStream.write of several", stream -> stream.write(
                ByteBuffer.allocate(10), ByteBuffer.wrap(MUCH)));
        over(rows, "ByteStream.sendFile", stream -> {
            Path file = directory.resolve("much");
            Files.write(file, MUCH);
            stream.sendFile(file);
        });
        over(rows, "ByteStream.close", PromptCallsTest::closeFull);
        rows.put("ByteStream.close, over TLS", () -> closeFull(Tls.upgradeClient(
                Tcp.connect("peer", 443), "peer", ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate())))));
        over(rows, "FilterTransport.awaitReadable", stream -> Streams.limited(stream, 10).transport().awaitReadable());
        over(rows, "FilterTransport.awaitWritable", stream -> {
            var transport = Streams.limited(stream, 10).transport();
            while (true) {
                transport.tryWrite(ByteBuffer.wrap(MUCH));
                transport.awaitWritable();
            }
        });
        over(rows, "LengthPrefixed.receive", stream -> prefixed().receive(stream));
        over(rows, "LengthPrefixed.send", stream -> prefixed().send(stream, MUCH));
        over(rows, "MessageStream.receive", stream -> new MessageStream(stream, prefixed()).receive());
        over(rows, "MessageStream.send", stream -> new MessageStream(stream, prefixed()).send(MUCH));
        over(rows, "MessageStream.iterator", stream -> new MessageStream(stream, prefixed()).iterator().hasNext());
        over(rows, "TextStream.receive", stream -> text(stream).receive());
        over(rows, "TextStream.send", stream -> text(stream).send("x".repeat(MUCH.length)));
        over(rows, "TextStream.iterator", stream -> text(stream).iterator().hasNext());
        over(rows, "Streams.copy", stream -> Streams.copy(stream, stream));
        over(rows, "Streams.relay", stream -> Streams.relay(stream, Tcp.connect("peer", 80)));
        over(rows, "Streams.throttled, a read", stream -> Streams
                .throttled(stream, ByteRateLimiter.unlimited(), ByteRateLimiter.unlimited())
                .read(new byte[1]));
        over(rows, "Tls.upgradeClient", stream -> Tls.upgradeClient(stream, "peer", ClientTls.DEFAULT));
        over(rows, "Tls.upgradeServer", stream -> Tls.upgradeServer(stream, ServerTls.of(SERVER)));
        rows.put("Tls.connect", () -> Tls.connect("peer", 80));
        rows.put("Tcp.connect", () -> Tcp.connect("hole", 80));
        rows.put("Tcp.socketFactory, a connect", () -> {
            assertThrows(IOException.class, () -> Tcp.socketFactory().createSocket("hole", 80));
            Heddle.sleep(Duration.ofHours(1)); // where the cancel, which a library has seen as a failure, goes on
        });
        rows.put("Dns.resolve", () -> slowNames(() -> Dns.resolve("hole")));
        rows.put("Resolver.resolve", () -> resolver().resolve("x.example"));
        rows.put("Resolver.srv", () -> resolver().srv("_x._tcp.example"));
        rows.put("Resolver.txt", () -> resolver().txt("x.example"));
        rows.put("Reconnecting.run", () -> Tcp.reconnecting("hole", 80, Backoff.DEFAULT).run(stream -> {}));
        rows.put("Listener.accept", () -> listener().accept());
        rows.put("Listener.serve", () -> listener().serve(1, stream -> {}));
        rows.put("Listener.stop", () -> {
            Listener busy = listener();
            spawn(() -> busy.serve(1, stream -> stream.readExactly(1)));
            Tcp.connect("127.0.0.1", busy.port());
            Heddle.sleep(Duration.ofMillis(10));
            busy.stop(Duration.ofHours(1));
        });
        rows.put("ListenerGroup.serve", () -> ListenerGroup.of(listener()).serve(ServeOptions.DEFAULT, stream -> {}));
        rows.put("ListenerGroup.stop", () -> {
            Listener one = listener();
            ListenerGroup busy = ListenerGroup.of(one);
            spawn(() -> busy.serve(ServeOptions.DEFAULT, stream -> stream.readExactly(1)));
            Tcp.connect("127.0.0.1", one.port());
            Heddle.sleep(Duration.ofMillis(10));
            busy.stop(Duration.ofHours(1));
        });
        rows.put("PerLoopListener.serve", () -> perLoop().serve(ServeOptions.DEFAULT, stream -> {}));
        rows.put("PerLoopListener.stop", () -> {
            PerLoopListener busy = perLoop();
            spawn(() -> busy.serve(ServeOptions.DEFAULT, stream -> stream.readExactly(1)));
            Heddle.sleep(Duration.ofMillis(10));
            Tcp.connect("127.0.0.1", busy.port());
            Heddle.sleep(Duration.ofMillis(10));
            busy.stop(Duration.ofHours(1));
        });
        rows.put("Udp.bind", () -> slowNames(() -> Udp.bind("hole", 0)));
        rows.put("Udp.connect", () -> slowNames(() -> Udp.connect("hole", 9)));
        rows.put("UdpSocket.receive", () -> udp().receive());
        rows.put("UdpSocket.serve", () -> udp().serve(1, datagram -> {}));
        return rows;
    }

    /** What needs a real system. */
    private Map<String, Action> realRows() {
        Map<String, Action> rows = new LinkedHashMap<>();
        rows.put("Poller.await", () -> {
            try (Poller<Integer> poller = Poller.open()) {
                poller.await();
            }
        });
        rows.put("Poller.awaitWithin", () -> {
            try (Poller<Integer> poller = Poller.open()) {
                poller.awaitWithin(Duration.ofHours(1));
            }
        });
        rows.put("Readiness.awaitReadable", () -> {
            Pipe pipe = Pipe.open();
            try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
                assertTrue(sink.isOpen());
                source.configureBlocking(false);
                Readiness.awaitReadable(source);
            }
        });
        rows.put("Readiness.awaitWritable", () -> {
            Pipe pipe = Pipe.open();
            try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
                assertTrue(source.isOpen());
                sink.configureBlocking(false);
                while (sink.write(ByteBuffer.wrap(MUCH)) > 0) {
                    // Until it is full.
                }
                Readiness.awaitWritable(sink);
            }
        });
        rows.put("FileMutex.acquire", () -> {
            try (FileMutex held = FileMutex.acquire(directory.resolve("lock"))) {
                FileMutex.acquire(held.path());
            }
        });
        rows.put("FileMutex.acquireWithin", () -> {
            try (FileMutex held = FileMutex.acquire(directory.resolve("lock"))) {
                FileMutex.acquireWithin(held.path(), Duration.ofHours(1));
            }
        });
        rows.put("FileChanges.take", () -> {
            try (FileChanges changes = FileChanges.watch(directory)) {
                changes.take();
            }
        });
        rows.put("FileChanges.takeAll", () -> {
            try (FileChanges changes = FileChanges.watch(directory)) {
                changes.takeAll();
            }
        });
        rows.put("Signals.take", () -> {
            try (Signals signals = Signals.receive("WINCH")) {
                signals.take();
            }
        });
        rows.put("Subprocess.await", () -> {
            try (Subprocess sleep = Subprocess.start("sleep", "1000")) {
                sleep.await();
            }
        });
        rows.put("Subprocess.communicate", () -> {
            try (Subprocess sleep = Subprocess.start("sleep", "1000")) {
                sleep.communicate();
            }
        });
        rows.put("Subprocess.run", () -> Subprocess.run("sleep", "1000"));
        rows.put("Subprocess.shell", () -> Subprocess.shell("sleep 1000"));
        rows.put("UdpSocket.send", () -> {
            try (UdpSocket socket = udp()) {
                while (true) {
                    socket.send(new byte[10_000], socket.localAddress());
                }
            }
        });
        rows.put("Unix.connect", () -> {
            Path path = directory.resolve("full");
            try (Listener listener = Unix.listen(path, UnixOptions.DEFAULT.withBacklog(1))) {
                while (listener.isOpen()) {
                    Unix.connect(path);
                }
            }
        });
        return rows;
    }

    /** Closes a stream with a full way out; whether that waits is its own matter. */
    private static void closeFull(ByteStream stream) {
        Heddle.moveOnAfter(Duration.ofMillis(100), () -> stream.write(MUCH));
        stream.close();
        Heddle.sleep(Duration.ofHours(1));
    }

    private static void slowNames(Action call) throws Exception {
        Sim.current().network().nameDelay(Duration.ofHours(1));
        call.run();
    }

    private static void over(Map<String, Action> rows, String name, OverStream call) {
        rows.put(name, () -> call.call(Tcp.connect("peer", 80)));
    }

    private static LengthPrefixed prefixed() {
        return Framing.lengthPrefixed(4, MUCH.length);
    }

    private static TextStream text(ByteStream stream) {
        return TextStream.strict(stream, StandardCharsets.UTF_8);
    }

    private static Resolver resolver() {
        var nobody = new InetSocketAddress(Sim.current().network().host("hole").address(), 53);
        return Resolver.of(ResolverOptions.of(nobody));
    }

    private static Listener listener() {
        return Tcp.listen(0);
    }

    private static PerLoopListener perLoop() {
        return Tcp.listenOnAllLoops("127.0.0.1", 0);
    }

    private static UdpSocket udp() {
        return Udp.bind("127.0.0.1", 0);
    }

    /** Runs a call under a deadline; gives how late that was, or throws if the call did not wait. */
    private static Duration late(Action call) {
        long begin = currentLoop().nanoTime();
        assertFalse(Heddle.moveOnAfter(PATIENCE, call), "it did not wait");
        return Duration.ofNanos(currentLoop().nanoTime() - begin).minus(PATIENCE);
    }

    /** As {@link #late}, in a simulation with a peer that accepts and is silent, and a host that answers nothing. */
    private static void assertPrompt(Action call) {
        Sim.run(SimOptions.DEFAULT.withCheckLeftovers(false), sim -> {
            SimHost peer = sim.network().host("peer");
            sim.network().silence(sim.network().host("hole").address());
            peer.spawn(() -> Tcp.listen("peer", 80).serve(100, stream -> Heddle.sleep(Duration.ofDays(1))));
            peer.spawn(() -> Tls.listen("peer", 443, ServerTls.of(SERVER)).serve(
                    100, stream -> Heddle.sleep(Duration.ofDays(1))));
            sim.awaitIdle();
            assertEquals(Duration.ZERO, late(call));
        });
    }

    @TestFactory
    Stream<DynamicTest> callEndsWithItsDeadline() {
        return Stream.concat(
                rows().entrySet().stream().map(row -> dynamicTest(row.getKey(), () -> assertPrompt(row.getValue()))),
                realRows().entrySet()
                        .stream()
                        .map(row -> dynamicTest(row.getKey(), () -> Heddle.run(() -> assertTrue(
                                late(row.getValue()).compareTo(LATE) < 0)))));
    }

    @Test
    void eachCallThatWaitsHasARow() throws Exception {
        Set<String> found = calls().in(PACKAGES);
        found.removeIf(OF_A_DISK.asMatchPredicate().or(OF_A_TERMINAL.asMatchPredicate()));
        assertEquals(Set.of(), without(found, known()), "a call that waits has no row");
        assertEquals(Set.of(), without(WITHOUT_PEER.keySet(), found), "a row of a call that is not there");
    }

    private static synchronized WaitingCalls calls() throws Exception {
        if (calls == null) {
            calls = new WaitingCalls(Heddle.class, ByteStream.class, Planted.class);
        }
        return calls;
    }

    private Set<String> known() {
        Set<String> known = new TreeSet<>(WITHOUT_PEER.keySet());
        Stream.concat(rows().keySet().stream(), realRows().keySet().stream())
                .forEach(name -> known.add(name.split("[ ,]")[0]));
        return known;
    }

    private static Set<String> without(Set<String> all, Set<String> known) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(known);
        return rest;
    }

    /** Calls with a fault, and without a row. */
    public static final class Planted {

        public static void hearsNoCancel() {
            Heddle.shield(() -> Heddle.sleep(Duration.ofSeconds(1)));
            Heddle.sleep(Duration.ofDays(1));
        }

        public static void waitsInALambda() {
            Runnable wait = () -> Tcp.listen(0).accept();
            wait.run();
        }

        public static int waitsForNobody() {
            return 1;
        }
    }

    @Test
    void callThatHearsItsCancelLateIsFound() {
        AssertionError late = assertThrows(AssertionError.class, () -> assertPrompt(Planted::hearsNoCancel));
        assertTrue(late.getMessage().contains("PT0.7S"), late::getMessage);
        assertThrows(AssertionError.class, () -> assertPrompt(Planted::waitsForNobody));
    }

    @Test
    void callWithoutARowIsFound() throws Exception {
        Set<String> found = calls().in(Pattern.compile("dev/heddle/sim/"));
        assertTrue(found.contains("PromptCallsTest.Planted.hearsNoCancel"), found::toString);
        assertTrue(found.contains("PromptCallsTest.Planted.waitsInALambda"), found::toString);
        assertFalse(found.contains("PromptCallsTest.Planted.waitsForNobody"), found::toString);
    }
}
