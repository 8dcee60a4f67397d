package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.internal.BoundedLog;
import dev.heddle.io.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What a socket of datagrams adds to its engine's: order, bounds and a server. */
final class UdpSocketTest {

    private final ScriptedDatagrams system = new ScriptedDatagrams();
    private final List<String> reports = new ArrayList<>();
    private final ServeOptions options = ServeOptions.DEFAULT
            .withBackoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(40), 0))
            .withOnFailure((what, failure) -> reports.add(what + ": " + failure.getMessage()));

    private UdpSocket socket() {
        return new UdpSocket(system, DatagramOptions.DEFAULT, ScriptedDatagrams.PEER);
    }

    private static void run(Action body) {
        ManualEngine.run(body);
    }

    @Test
    void sendersThatFindNoRoomWaitAndAreServedInOrder() {
        run(() -> {
            UdpSocket socket = socket();
            List<Task<?>> senders = new ArrayList<>();
            for (String text : List.of("a", "b", "c")) {
                senders.add(Heddle.spawn(() -> socket.send(text)));
                Fixtures.letOthersRun();
            }
            assertEquals(List.of(), system.sent);

            system.room = 1;
            system.changed.wake();
            Fixtures.letOthersRun();
            assertEquals(List.of("a"), system.sent);
            system.room = 3;
            system.changed.wake();
            senders.forEach(Task::join);
            socket.send("d");
            assertEquals(List.of("a", "b", "c", "d"), system.sent);
            assertEquals(4, socket.statistics().sent());
        });
    }

    @Test
    void senderThatIsCancelledWhileItWaitsHasSentNothingAndLetsTheNextOneGo() {
        run(() -> {
            UdpSocket socket = socket();
            ByteBuffer payload = ByteBuffer.wrap(Fixtures.bytes("a"));
            Task<?> first = Heddle.spawn(() -> socket.send(payload));
            Fixtures.letOthersRun();
            Task<?> second = Heddle.spawn(() -> socket.send("b"));
            Fixtures.letOthersRun();
            first.cancel("enough");
            assertThrows(TaskCancelledException.class, first::join);
            assertEquals(1, payload.remaining());
            system.room = 2;
            system.changed.wake();
            second.join();
            assertEquals(List.of("b"), system.sent);
        });
    }

    @Test
    void floodOfDatagramsDoesNotKeepTheLoopFromOthers() {
        run(() -> {
            UdpSocket socket = socket();
            for (int i = 0; i < 1_000; i++) {
                system.arrived.add("x");
            }
            system.room = 1_000;
            boolean[] ran = new boolean[1];
            Heddle.spawn(() -> {
                ran[0] = true;
            });
            for (int i = 0; !ran[0]; i++) {
                assertTrue(i < 200, "nobody else had a turn");
                socket.receive();
                socket.send("y");
            }
        });
    }

    @Test
    void serverKeepsItsBoundOfHandlersAndLeavesTheRestInTheSystem() {
        run(() -> {
            UdpSocket socket = socket();
            for (int i = 0; i < 10; i++) {
                system.arrived.add("x");
            }
            int[] most = new int[2];
            Task<?> server = Heddle.spawn(() -> socket.serve(options.withMaxConnections(3), datagram -> {
                most[1] = Math.max(most[1], ++most[0]);
                Heddle.sleep(Duration.ofSeconds(1));
                most[0]--;
            }));
            Fixtures.letOthersRun();
            assertEquals(7, system.arrived.size());
            Heddle.sleep(Duration.ofSeconds(10));
            assertEquals(0, system.arrived.size());
            assertEquals(3, most[1]);
            socket.close();
            server.join();
        });
    }

    @Test
    void handlerThatThrowsIsReportedAndTheServerGoesOn() {
        run(() -> {
            UdpSocket socket = socket();
            system.arrived.addAll(List.of("bad", "good"));
            List<String> good = new ArrayList<>();
            Task<?> server = Heddle.spawn(() -> socket.serve(options, datagram -> {
                if (datagram.text().equals("bad")) {
                    throw new IOException("cannot be read");
                }
                good.add(datagram.text());
            }));
            Fixtures.letOthersRun();
            assertEquals(List.of("good"), good);
            assertEquals(List.of("the handler of a datagram from 192.0.2.2:9 failed: cannot be read"), reports);
            socket.close();
            server.join();
        });
    }

    @Test
    void datagramsThatMakeTheHandlerFailDoNotFillTheLog() {
        List<String> logged = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.heddle.net");
        Filter before = logger.getFilter();
        logger.setFilter(entry -> {
            logged.add(entry.getMessage());
            return false;
        });
        try {
            run(() -> {
                UdpSocket socket = socket();
                for (int i = 0; i < 3 * BoundedLog.MAX_ENTRIES; i++) {
                    system.arrived.add("bad");
                }
                Task<?> server = Heddle.spawn(() -> socket.serve(ServeOptions.DEFAULT, datagram -> {
                    throw new IOException("cannot be read");
                }));
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(0, system.arrived.size());
                assertEquals(BoundedLog.MAX_ENTRIES, logged.size());
                Heddle.sleep(BoundedLog.INTERVAL);
                system.arrived.add("bad");
                system.changed.wake();
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(BoundedLog.MAX_ENTRIES + 2, logged.size());
                String told = logged.get(BoundedLog.MAX_ENTRIES);
                assertTrue(told.startsWith(2 * BoundedLog.MAX_ENTRIES + " more like the next were left out"), told);
                socket.close();
                server.join();
            });
        } finally {
            logger.setFilter(before);
        }
    }

    @Test
    void failureToReceiveIsReportedAndAfterARestTheServerGoesOn() {
        ManualEngine.run(() -> {
            UdpSocket socket = socket();
            system.failures = 4;
            system.arrived.add("x");
            long start = ManualEngine.elapsed().toMillis();
            socket.serve(options, datagram -> socket.close());
            assertEquals(10 + 20 + 40 + 40, ManualEngine.elapsed().toMillis() - start);
            assertEquals(4, reports.size());
            assertEquals(
                    "cannot receive datagrams at 192.0.2.1:7: cannot receive datagrams at 192.0.2.1:7: the system failed",
                    reports.getFirst());
        });
    }

    @Test
    void serverThatIsClosedWhileItRestsEndsAtOnce() {
        ManualEngine.run(() -> {
            UdpSocket socket = socket();
            system.failures = 1;
            ServeOptions slow = options.withBackoff(new Backoff(Duration.ofDays(1), Duration.ofDays(1), 0));
            Task<?> server = Heddle.spawn(() -> socket.serve(slow, datagram -> {}));
            Heddle.sleep(Duration.ofMillis(1));
            socket.close();
            server.join();
            assertTrue(ManualEngine.elapsed().toMillis() < 1_000);
        });
    }

    @Test
    void closedServerWaitsForItsHandlersAndACancelledOneCancelsThem() {
        run(() -> {
            List<String> ended = new ArrayList<>();
            UdpSocket socket = socket();
            system.arrived.add("x");
            Task<?> server = Heddle.spawn(() -> socket.serve(options, datagram -> {
                Heddle.sleep(Duration.ofSeconds(1));
                ended.add("by itself");
            }));
            Fixtures.letOthersRun();
            socket.close();
            server.join();
            assertEquals(List.of("by itself"), ended);
        });
        ScriptedDatagrams other = new ScriptedDatagrams();
        run(() -> {
            UdpSocket socket = new UdpSocket(other, DatagramOptions.DEFAULT);
            other.arrived.add("x");
            boolean[] cleaned = new boolean[1];
            assertFalse(Heddle.moveOnAfter(Duration.ofMillis(5), () -> socket.serve(options, datagram -> {
                try {
                    Heddle.sleep(Duration.ofDays(1));
                } finally {
                    cleaned[0] = true;
                }
            })));
            assertTrue(cleaned[0]);
            assertFalse(socket.isOpen());
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void failureOfOneDatagramLeavesTheSocketInUse() {
        run(() -> {
            UdpSocket socket = socket();
            system.failures = 1;
            assertThrows(BrokenException.class, socket::receive);
            system.arrived.add("x");
            assertEquals("x", socket.receive().text());
            socket.close();
            assertThrows(ClosedException.class, socket::receive);
        });
    }

    @Test
    void unknownHostIsAConnectionThatFailed() {
        run(() -> {
            var failure = assertThrows(ConnectFailedException.class, () -> Udp.connect("nobody.example", 7));
            assertEquals(ConnectFailedException.Phase.RESOLVE, failure.phase());
        });
    }

    @Test
    void datagramReadsWellInALog() {
        Datagram datagram = new Datagram(ByteBuffer.wrap(new byte[]{65, 66}), ScriptedDatagrams.PEER, true);
        assertEquals("Datagram[2 bytes from 192.0.2.2:9, truncated]", datagram.toString());
        assertEquals("AB", datagram.text());
        assertEquals(2, datagram.bytes().length);
        assertEquals(2, datagram.payload().remaining(), "looking moves nothing");
    }
}
