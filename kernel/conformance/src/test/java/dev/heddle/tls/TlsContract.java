package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.conformance.LossCell;
import dev.heddle.conformance.TransportContract;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract of transports, over TLS; no record's buffer is left over either. */
abstract class TlsContract extends TransportContract {

    private static final TlsIdentity SERVER = TlsIdentity.selfSigned("localhost");
    private static final ServerTls SERVER_TLS = ServerTls.of(SERVER);
    private static final ClientTls CLIENT_TLS = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()));

    private final TlsVersion version;

    /** The streams under those that are left ends. */
    private final Map<Transport, ByteStream> below = new IdentityHashMap<>();

    TlsContract(TlsVersion version) {
        this.version = version;
    }

    /** The engine, which matters to sockets only. */
    Engine newEngine() {
        return new NioEngine();
    }

    /** The streams below. */
    abstract MemoryStreams.Pair plain();

    static MemoryStreams.Pair tcp() {
        try (Listener listener = Tcp.listen(0)) {
            return new MemoryStreams.Pair(Tcp.connect("127.0.0.1", listener.port()), listener.accept());
        }
    }

    static MemoryStreams.Pair secure(MemoryStreams.Pair plain, TlsVersion version) {
        var streams = Heddle.<ByteStream>gather(
                () -> Tls.upgradeClient(plain.left(), "localhost", CLIENT_TLS.withVersions(version)),
                () -> Tls.upgradeServer(plain.right(), SERVER_TLS));
        return new MemoryStreams.Pair(streams.get(0), streams.get(1));
    }

    @Override
    protected final void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), () -> {
            body.run();
            // A goodbye may still be under way.
            for (int i = 0; i < 50; i++) {
                Heddle.checkpoint();
            }
            assertEquals(0, TlsBuffers.current().borrowed(), "buffers of records left over");
        });
    }

    @Override
    protected final Ends connect() {
        MemoryStreams.Pair plain = plain();
        MemoryStreams.Pair pair = secure(plain, version);
        below.put(pair.left().transport(), plain.left());
        assertEquals(version, Tls.session(pair.right()).orElseThrow().version());
        return new Ends(pair.left().transport(), pair.right().transport());
    }

    /** RFC 8446, section 6.1: without a close_notify data may be missing. */
    @Test
    void endOfTheConnectionBelowIsNoEnd() throws Exception {
        run(() -> {
            MemoryStreams.Pair below = plain();
            Transport under = below.left().transport();
            MemoryStreams.Pair pair = secure(below, version);
            try (ByteStream right = pair.right()) {
                pair.left().write("half");
                assertEquals("half", new String(right.readExactly(4), StandardCharsets.UTF_8));

                under.shutdownOutput();

                for (int i = 0; i < 3; i++) {
                    assertThrows(TruncatedException.class, () -> right.readAll(100));
                }
            }
            pair.left().abort();
        });
    }

    @Override
    public boolean halfCloseEndsBoth() {
        return version == TlsVersion.TLS_1_2;
    }

    /** An end of the connection below without a close_notify: RFC 8446, section 6.1. */
    @TestFactory
    Stream<DynamicTest> cellOfACut() {
        List<LossCell> cells = LossCell.all().stream().filter(cell -> cell.deed() == LossCell.Deed.RESET).toList();
        return play(cells, peer -> below.get(peer.transport()).close());
    }

    @Override
    @Test
    public void halfCloseKeepsTheOtherDirectionOpen() {
        if (version == TlsVersion.TLS_1_3) {
            super.halfCloseKeepsTheOtherDirectionOpen();
            return;
        }
        // RFC 5246, section 7.2.1: the end of one direction is the end of both.
        withStreams((left, right) -> {
            left.write("question");
            left.closeOutput();
            left.closeOutput();

            assertEquals("question", new String(right.readAll(100), StandardCharsets.UTF_8));
            assertThrows(BrokenException.class, () -> right.write("answer"));
            assertEquals(0, left.readAll(100).length);
        });
    }

    @Override
    @Test
    public void blockedWriterSleepsUntilItsHalfClosedPeerReadsOn() {
        if (version == TlsVersion.TLS_1_3) {
            super.blockedWriterSleepsUntilItsHalfClosedPeerReadsOn();
        } else {
            assertEndOfBothBreaksTheWriter();
        }
    }

    @Override
    @Test
    public void writerOfSmallPiecesSleepsUntilItsHalfClosedPeerReadsOn() {
        if (version == TlsVersion.TLS_1_3) {
            super.writerOfSmallPiecesSleepsUntilItsHalfClosedPeerReadsOn();
        } else {
            assertEndOfBothBreaksTheWriter();
        }
    }

    /** RFC 5246, section 7.2.1, again. */
    private void assertEndOfBothBreaksTheWriter() {
        withStreams((left, right) -> {
            left.closeOutput();
            assertEquals(0, right.readAll(100).length);

            assertThrows(BrokenException.class, () -> right.write(new byte[moreThanBuffered()]));
        });
    }
}
