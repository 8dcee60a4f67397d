package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Events leave one by one, silence is filled, and a peer that has gone is noticed. In virtual time. */
@LeavesNothing
final class EventStreamTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static HttpServer.Builder sending(EventWriter writer) {
        return HttpServer.builder().get("/", r -> Response.events(writer));
    }

    private static String head(ByteStream peer) {
        return Wire.text(peer.readUntil(Wire.latin1("\r\n\r\n"), 10_000));
    }

    private static String chunk(ByteStream peer) {
        int size = Integer.parseInt(peer.readLine(10).orElseThrow(), 16);
        String text = Wire.text(peer.readExactly(size));
        peer.readExactly(2);
        return text;
    }

    @Test
    void headLeavesBeforeTheFirstEvent() {
        Wire.play(sending(events -> new Waiter("never").await()), (peer, connection) -> {
            peer.write(GET);
            String head = head(peer);
            assertTrue(head.contains("Content-Type: text/event-stream\r\n"), head);
            assertTrue(head.contains("Cache-Control: no-store\r\n"), head);
            peer.abort();
            connection.cancel();
        });
    }

    @Test
    void eachEventLeavesAtOnceAndTheConnectionGoesOn() {
        Wire.play(sending(events -> {
            events.send("a");
            Heddle.sleep(Duration.ofSeconds(1));
            events.send(ServerSentEvent.of("b\nc").withName("n").withId("7").withRetry(Duration.ofSeconds(2)));
            events.comment("bye\nbye");
        }), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            long start = Heddle.currentLoop().nanoTime();
            assertEquals("data: a\n\n", chunk(peer));
            assertEquals(0, (Heddle.currentLoop().nanoTime() - start) / 1_000_000_000);
            assertEquals("id: 7\nevent: n\nretry: 2000\ndata: b\ndata: c\n\n", chunk(peer));
            assertEquals(": bye\n: bye\n\n", chunk(peer));
            assertEquals("", chunk(peer));
            peer.write("GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(404, Wire.status(Wire.response(peer)));
        });
    }

    @Test
    void silenceIsFilledWithComments() {
        Wire.play(sending(events -> {
            Heddle.sleep(Duration.ofSeconds(40));
            events.send("a");
            Heddle.sleep(Duration.ofSeconds(10));
            events.send("b");
            Heddle.sleep(Duration.ofSeconds(10));
        }), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            var chunks = new ArrayList<String>();
            for (String next = chunk(peer); !next.isEmpty(); next = chunk(peer)) {
                chunks.add(next);
            }
            assertEquals(List.of(":\n\n", ":\n\n", "data: a\n\n", "data: b\n\n"), chunks);
        });
    }

    @Test
    void writerThatIsSilentIsCancelledWhenThePeerHasGone() {
        var seen = new ArrayList<String>();
        Wire.play(sending(events -> {
            try {
                new Waiter("never").await();
            } catch (CancelledException e) {
                seen.add(e.getMessage());
                throw e;
            }
        }), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            peer.abort();
            connection.join();
        });
        assertEquals(1, seen.size());
        assertTrue(seen.getFirst().contains("has gone"), seen.getFirst());
    }

    @Test
    void nextSendToAPeerThatHasGoneFails() {
        var seen = new ArrayList<Class<?>>();
        Wire.play(sending(events -> {
            Heddle.sleep(Duration.ofSeconds(1));
            for (int i = 0; i < 2; i++) {
                seen.add(assertThrows(ClosedException.class, () -> events.send("a")).getClass());
            }
        }), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            peer.abort();
            connection.join();
        });
        assertEquals(2, seen.size());
    }

    @Test
    void writerThatFailsHasNoGoodEnd() {
        Wire.play(sending(events -> {
            events.send("a");
            throw new IllegalStateException("on purpose");
        }), (peer, connection) -> {
            peer.write(GET);
            assertThrows(BrokenException.class, () -> peer.readAll(10_000));
            connection.join();
        });
    }

    @Test
    void severalTasksSendInTurn() {
        Wire.play(sending(events -> Heddle.group(group -> {
            for (int i = 0; i < 10; i++) {
                String text = "x".repeat(5_000) + i;
                group.spawn(() -> events.send(text));
            }
        })), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            var seen = new TreeSet<Integer>();
            for (int i = 0; i < 10; i++) {
                String event = chunk(peer);
                assertTrue(event.matches("data: x{5000}\\d\n\n"), "not one whole event");
                seen.add(event.charAt(5_006) - '0');
            }
            assertEquals(10, seen.size());
            assertEquals("", chunk(peer));
        });
    }

    @Test
    void sendThatIsCutOffEndsTheStream() {
        var seen = new ArrayList<Object>();
        Wire.play(sending(events -> {
            seen.add(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> events.send("x".repeat(5_000_000))));
            assertThrows(ClosedException.class, () -> events.send("b"));
        }), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            Heddle.sleep(Duration.ofSeconds(2));
            assertThrows(BrokenException.class, () -> peer.readAll(10_000_000));
            connection.join();
        });
        assertEquals(List.of(false), seen);
    }

    @Test
    void nobodySendsAfterTheEnd() {
        var kept = new ArrayList<EventStream>();
        Wire.play(sending(kept::add), (peer, connection) -> {
            peer.write(GET);
            head(peer);
            assertEquals("", chunk(peer));
            assertThrows(ClosedException.class, () -> kept.getFirst().send("a"));
        });
    }

    @Test
    void serverThatStopsCutsAWriterThatDoesNotEndAfterTheGrace() {
        Sim.run(() -> {
            HttpServer server = sending(events -> Heddle.shield(() -> Heddle.sleep(Duration.ofSeconds(10)))).build();
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                Task<Void> serving = Heddle.spawn(() -> server.serve(pair.right()));
                pair.left().write(GET);
                head(pair.left());
                server.stop(Duration.ofSeconds(3));
                assertThrows(BrokenException.class, () -> pair.left().readAll(1_000));
                serving.cancel();
            }
        });
    }

    @Test
    void heartbeatTakesTime() {
        assertThrows(IllegalArgumentException.class, () -> Response.events(Duration.ZERO, events -> {}));
        assertFalse(Response.events(events -> {}).headers().contains("Content-Length"));
    }
}
