package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine's connections with programs of others, which end their output as soon as they have sent all. */
@LeavesNothing
abstract class InteropContract {

    /** More than fits into the buffers of either side. */
    private static final byte[] BYTES = noise(3_000_000, 12);

    @TempDir
    Path directory;

    /** Runs a body as the main task of a fresh loop. */
    abstract void run(Action body) throws Exception;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NCAT")
    void theirServerEchoesOverTcp(Peer peer) throws Exception {
        theirServerEchoes(peer, Place.port());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NCAT")
    void theirServerEchoesOverAUnixSocket(Peer peer) throws Exception {
        theirServerEchoes(peer, Place.in(directory));
    }

    @ParameterizedTest
    @EnumSource
    void ourServerEchoesOverTcp(Peer peer) throws Exception {
        ourServerEchoes(peer, Place.port());
    }

    @ParameterizedTest
    @EnumSource
    void ourServerEchoesOverAUnixSocket(Peer peer) throws Exception {
        ourServerEchoes(peer, Place.in(directory));
    }

    @Test
    void serverThatHasEndedItsOutputStillHearsUsOverTcp() throws Exception {
        endedServerHearsUs(Place.port());
    }

    @Test
    void serverThatHasEndedItsOutputStillHearsUsOverAUnixSocket() throws Exception {
        endedServerHearsUs(Place.in(directory));
    }

    private void endedServerHearsUs(Place place) throws Exception {
        try (Program server = Program.start(Peer.NCAT.server(place), BYTES)) {
            run(() -> {
                try (ByteStream stream = place.connectTo(server)) {
                    assertArrayEquals(BYTES, stream.readAll(BYTES.length), server::toString);
                    stream.write(BYTES);
                }
                assertArrayEquals(BYTES, server.output(), server::toString);
                LeftoverCheck.check();
            });
        }
    }

    private void theirServerEchoes(Peer peer, Place place) throws Exception {
        try (Program server = Program.start(peer.server(place), new byte[0])) {
            run(() -> {
                try (ByteStream stream = place.connectTo(server)) {
                    Task<Void> writer = Heddle.spawn(() -> {
                        stream.write(BYTES);
                        stream.closeOutput();
                    });
                    assertArrayEquals(BYTES, stream.readAll(BYTES.length), server::toString);
                    writer.join();
                }
                LeftoverCheck.check();
            });
        }
    }

    private void ourServerEchoes(Peer peer, Place place) throws Exception {
        run(() -> {
            try (Listener listener = place.listen();
                    Program client = Program.start(peer.client(place), BYTES)) {
                try (ByteStream stream = listener.accept()) {
                    byte[] buffer = new byte[64 * 1024];
                    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                        stream.write(buffer, 0, count);
                    }
                }
                assertArrayEquals(BYTES, client.output(), client::toString);
            }
            LeftoverCheck.check();
        });
    }
}
