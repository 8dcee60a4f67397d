package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers of streams come to an end (RFC 9113, section 5.1.1). */
final class Http2StreamNumbersTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A client that does no more than it must. */
    private static final class Client implements Http2Role {

        private final List<Http2Connection> connection = new ArrayList<>();

        @Override
        public boolean isServer() {
            return false;
        }

        @Override
        public void opened(Http2Stream stream, Http2Fields fields, boolean end) {}

        @Override
        public void headers(Http2Stream stream, Http2Fields fields, boolean end) {
            connection.getFirst().streams().endBody(stream, fields.headers());
        }

        @Override
        public void goAway(int lastStream, Http2Error error) {}
    }

    private static final class Get implements HeaderBlock {

        @Override
        public int mostBytes() {
            return 1_000;
        }

        @Override
        public void write(FieldWriter hpack, ByteBuffer target) {
            hpack.field(target, ":method", "GET");
            hpack.field(target, ":scheme", "http");
            hpack.field(target, ":authority", "site");
            hpack.field(target, ":path", "/");
        }
    }

    @Test
    void lastNumberIsUsedAndTheConnectionThenEndsBehindIt() {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                var client = new Client();
                var options = new Http2Options(Http2Limits.DEFAULT, 1 << 16, 100, MINUTE, MINUTE, 1, MINUTE, MINUTE,
                        Duration.ofSeconds(1));
                var connection = new Http2Connection(Heddle.currentLoop(), pair.left(),
                        new BufferStack(Http2Batch.BYTES, 4), options, client);
                client.connection.add(connection);
                Task<Void> running = Heddle.spawn(connection::run);
                FrameWire wire = FrameWire.server(pair.right());
                connection.streams().table().skipTo(Integer.MAX_VALUE);
                assertTrue(connection.streams().openable() > 0);

                Http2Stream last = connection.streams().open();
                connection.writer().headNow(last, new Get(), true);
                assertEquals(0, connection.streams().openable());
                assertThrows(ClosedException.class, connection.streams()::open);

                assertEquals(Integer.MAX_VALUE, wire.read(Http2Frame.HEADERS).stream());
                wire.window(Integer.MAX_VALUE, 5).head(Integer.MAX_VALUE, true, ":status", "204");
                Heddle.sleep(Duration.ofMillis(1));
                assertEquals(Http2Stream.State.CLOSED, last.state());
                connection.streams().finished(last, Http2Error.CANCEL);
                assertEquals(Http2Error.NO_ERROR, wire.untilGone());
                pair.right().close();
                running.join();
            }
        });
    }
}
