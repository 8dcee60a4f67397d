package dev.heddle.net;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several listeners serve as one, under one bound and with one end. */
final class ListenerGroupTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Throwable> reported = new ArrayList<>();
    private final ServeOptions options = ServeOptions.DEFAULT.withOnFailure((what, failure) -> reported.add(failure));
    private final ScriptedAcceptor first = new ScriptedAcceptor();
    private final ScriptedAcceptor second = new ScriptedAcceptor();
    private final ListenerGroup listeners = ListenerGroup.of(new Listener(first), new Listener(second));

    private static void echo(ByteStream stream) {
        byte[] buffer = new byte[100];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            stream.write(buffer, 0, n);
        }
    }

    private static void assertEchoes(ByteStream peer) {
        peer.write("hello");
        assertEquals("hello", text(peer.readExactly(5)));
    }

    private Task<Void> serve(ServeOptions options) {
        return Heddle.spawn(() -> listeners.serve(options, ListenerGroupTest::echo));
    }

    @Test
    void connectionsOfAllAreServed() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options);
            ByteStream one = first.connect();
            ByteStream other = second.connect();
            assertEchoes(other);
            assertEchoes(one);

            one.close();
            other.close();
            listeners.close();
            server.join();
            assertTrue(first.isClosed() && second.isClosed());
        });
    }

    @Test
    void boundIsForAllTogether() {
        ManualEngine.run(() -> {
            serve(options.withMaxConnections(2));
            ByteStream one = first.connect();
            ByteStream other = second.connect();
            assertEchoes(one);
            assertEchoes(other);
            ByteStream third = second.connect();
            letOthersRun();
            assertEquals(1, second.waiting());

            one.close();

            assertEchoes(third);
        });
    }

    @Test
    void oneThatCannotAcceptDoesNotKeepTheOtherFromIt() {
        ManualEngine.run(() -> {
            first.fail(new BrokenException("Too many open files"));
            serve(options.withBackoff(new Backoff(SECOND, SECOND, 0)));
            assertEchoes(second.connect());
            assertEquals(0, ManualEngine.elapsed().toMillis());
            assertEchoes(first.connect());
            assertEquals(1_000, ManualEngine.elapsed().toMillis());
        });
        assertEquals(1, reported.size());
    }

    @Test
    void oneThatIsClosedLeavesTheOtherServing() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options);
            letOthersRun();
            listeners.all().getFirst().close();
            letOthersRun();

            assertFalse(server.isDone());
            assertEchoes(second.connect());
        });
    }

    @Test
    void stopGivesAllHandlersTheSameGrace() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options);
            ByteStream one = first.connect();
            ByteStream other = second.connect();
            assertEchoes(one);
            assertEchoes(other);

            assertFalse(listeners.stop(SECOND));

            assertEquals(1_000, ManualEngine.elapsed().toMillis());
            assertThrows(BrokenException.class, () -> one.readAll(10));
            assertThrows(BrokenException.class, () -> other.readAll(10));
            server.join();
            assertTrue(listeners.stop(SECOND), "a second stop has nothing to do");
        });
    }

    @Test
    void cancelledServerHasClosedAllAndEndedTheHandlers() {
        ManualEngine.run(() -> {
            Task<Void> server = serve(options);
            ByteStream peer = second.connect();
            assertEchoes(peer);

            server.cancel("enough");

            assertThrows(TaskCancelledException.class, server::join);
            assertTrue(first.isClosed() && second.isClosed());
            assertThrows(BrokenException.class, () -> peer.readAll(10));
        });
    }

    @Test
    void oneThatIsBusyOrClosedIsRefusedAndTheOthersAreClosed() {
        ManualEngine.run(() -> {
            Listener busy = new Listener(new ScriptedAcceptor());
            Task<ByteStream> accepting = Heddle.spawn(busy::accept);
            letOthersRun();
            Listener idle = new Listener(new ScriptedAcceptor());

            assertThrows(BusyException.class,
                    () -> ListenerGroup.of(idle, busy).serve(options, ListenerGroupTest::echo));

            assertFalse(idle.isOpen());
            assertTrue(busy.isOpen(), "it belongs to the other task");
            assertThrows(ClosedException.class, () -> ListenerGroup.of(idle).serve(options, ListenerGroupTest::echo));
            busy.close();
            assertThrows(ClosedException.class, accepting::join);
        });
    }

    @Test
    void thereMustBeOne() {
        assertThrows(IllegalArgumentException.class, ListenerGroup::of);
    }

    // ---- a bound for each address ----

    private ByteStream connectFrom(String address) {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        first.arrives(new From(pair.left(), address));
        return pair.right();
    }

    private static final class From extends FilterTransport {
        private final String address;

        From(ByteStream stream, String address) {
            super(stream.transport(), ByteBuffer.allocate(0));
            this.address = address;
        }

        @Override
        public String remoteAddress() {
            return address;
        }
    }

    @Test
    void addressWithTooManyConnectionsIsTurnedAwayAndOthersAreNot() {
        ManualEngine.run(() -> {
            serve(options.withMaxPerAddress(2));
            ByteStream one = connectFrom("10.0.0.1:1001");
            ByteStream two = connectFrom("10.0.0.1:1002");
            assertEchoes(one);
            assertEchoes(two);

            assertThrows(BrokenException.class, () -> connectFrom("10.0.0.1:1003").readAll(10));
            assertEchoes(connectFrom("10.0.0.2:1001"));
            assertEchoes(connectFrom("[::1]:1001"));
            one.close();
            letOthersRun();
            assertEchoes(connectFrom("10.0.0.1:1004"));
        });
        assertThrows(IllegalArgumentException.class, () -> options.withMaxPerAddress(0));
    }
}
