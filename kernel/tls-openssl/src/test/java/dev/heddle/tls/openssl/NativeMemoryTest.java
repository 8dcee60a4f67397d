package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TlsException;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections leave no native memory behind, however they end. */
final class NativeMemoryTest {

    /** A connection that is not freed costs ten thousand bytes and more, and what is measured has two of them. */
    private static final long MAX_BYTES_PER_CONNECTION = 1_000;

    /** What the JVM itself may take meanwhile. */
    private static final long MAX_BYTES_BESIDES = 4L << 20;

    /** How long the JVM's compilers may have what they give back when they are done. */
    private static final long MAX_WAIT_SECONDS = 30;

    private static final TlsIdentity SERVER = TlsIdentity.selfSigned("localhost");
    private static final ServerTls SERVER_TLS = ServerTls.of(SERVER);
    private static final ClientTls CLIENT_TLS = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()));

    /** mallinfo2(3): ten numbers, the bytes in use in arenas and in mappings among them. */
    private static final StructLayout COUNTS = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG).withName("counts"));

    private static final int IN_MAPPINGS = 4;
    private static final int IN_ARENAS = 7;
    @SuppressWarnings("restricted")
    private static final MethodHandle MALLINFO = Linker.nativeLinker()
            .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"),
                    FunctionDescriptor.of(COUNTS));

    private static long allocated() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts = (MemorySegment) MALLINFO.invoke((SegmentAllocator) arena);
            return counts.getAtIndex(ValueLayout.JAVA_LONG, IN_MAPPINGS)
                    + counts.getAtIndex(ValueLayout.JAVA_LONG, IN_ARENAS);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNothingStays(int times, Action connection) {
        Heddle.run(() -> {
            for (int i = 0; i < times / 10 + 100; i++) {
                connection.run();
            }
            long before = allocated();
            for (int i = 0; i < times; i++) {
                connection.run();
            }
            assertSoonBelow(before + MAX_BYTES_BESIDES + times * MAX_BYTES_PER_CONNECTION, before);
        });
    }

    private static void assertSoonBelow(long limit, long before) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
        while (allocated() >= limit && System.nanoTime() < end) {
            Thread.yield();
        }
        long now = allocated();
        assertTrue(now < limit, now - before + " bytes more");
    }

    private static void shakeHands(ClientTls client, boolean abort) {
        MemoryStreams.Pair plain = MemoryStreams.pair();
        var streams = Heddle.<ByteStream>gather(
                () -> Tls.upgradeClient(plain.left(), "localhost", client),
                () -> Tls.upgradeServer(plain.right(), SERVER_TLS));
        streams.get(0).write("x");
        streams.get(1).readExactly(1);
        if (abort) {
            streams.forEach(ByteStream::abort);
        } else {
            streams.forEach(ByteStream::close);
        }
    }

    @Test
    @Tag("full")
    void closedConnectionsLeaveNothing() {
        assertNothingStays(1_000, () -> shakeHands(CLIENT_TLS, false));
    }

    @Test
    @Tag("full")
    void tenThousandHandshakesLeaveNothing() {
        assertNothingStays(10_000, () -> shakeHands(CLIENT_TLS, false));
    }

    @Test
    @Tag("full")
    void abortedConnectionsLeaveNothing() {
        assertNothingStays(1_000, () -> shakeHands(CLIENT_TLS, true));
    }

    @Test
    void handshakesThatAreCancelledLeaveNothing() {
        assertNothingStays(1_000, () -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            Task<?> client = Heddle.spawn(() -> Tls.upgradeClient(plain.left(), "localhost", CLIENT_TLS));
            Heddle.checkpoint();
            client.cancel();
            client.awaitOutcome();
            plain.right().abort();
        });
    }

    @Test
    void handshakesThatAreCancelledWhileAWorkerComputesLeaveNothing() {
        assertNothingStays(1_000, () -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            Task<?> client = Heddle.spawn(() -> Tls.upgradeClient(plain.left(), "localhost", CLIENT_TLS));
            Task<?> server = Heddle.spawn(() -> Tls.upgradeServer(plain.right(), SERVER_TLS));
            for (int i = 0; i < 3; i++) {
                Heddle.checkpoint();
            }
            client.cancel();
            server.cancel();
            client.awaitOutcome();
            server.awaitOutcome();
        });
    }

    @Test
    @Tag("full")
    void refusedHandshakesLeaveNothing() {
        ClientTls distrusting = ClientTls.DEFAULT.withTrust(
                TlsTrust.of(TlsIdentity.selfSigned("other.example").certificate()));
        assertNothingStays(500, () -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            Heddle.gather(
                    () -> refused(() -> Tls.upgradeClient(plain.left(), "localhost", distrusting)),
                    () -> refused(() -> Tls.upgradeServer(plain.right(), SERVER_TLS).readExactly(1)));
        });
    }

    private static Void refused(Action opening) throws Exception {
        try {
            opening.run();
        } catch (TlsException e) {
            return null;
        }
        throw new AssertionError("nobody refused");
    }

    @Test
    void connectionThatNobodyClosesIsFreedWhenItIsCollected() {
        OpensslContext context = EnginePair.context(true);
        long before = allocated();
        List<NativeSsl> owners = new ArrayList<>();
        while (allocated() - before < 4 * MAX_BYTES_BESIDES) {
            owners.add(new NativeSsl(context));
        }

        owners.clear();

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (allocated() - before > MAX_BYTES_BESIDES && System.nanoTime() < end) {
            System.gc();
            Thread.onSpinWait();
        }
        assertTrue(allocated() - before <= MAX_BYTES_BESIDES, allocated() - before + " bytes more");
    }
}
