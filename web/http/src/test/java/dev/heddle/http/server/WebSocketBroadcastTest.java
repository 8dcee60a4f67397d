package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.FramePeer;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.Overflow;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One message to many sockets, fast ones and slow ones, over memory streams in virtual time. */
@LeavesNothing
final class WebSocketBroadcastTest {

    private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT.withPingInterval(Duration.ZERO)
            .withPongTimeout(Duration.ofSeconds(1));

    /** A server with one room, and clients that are raw sockets. */
    private static final class Room {

        final WebSocketBroadcast room;
        final HttpServer server;
        final List<ByteStream> ends = new ArrayList<>();

        Room(int capacity, Overflow policy, WebSocketOptions options) {
            room = WebSocketBroadcast.create(capacity, policy);
            server = HttpServer.builder().webSocket("/", options, (request, socket) -> {
                try (var seat = room.join(socket)) {
                    for (WebSocketMessage message : socket) {
                        room.send(message);
                    }
                    assertEquals(0, seat.waiting());
                }
            }).build();
        }

        /** A client's end over a connection that holds few bytes. */
        WebSocket connect(WebSocketOptions options) {
            MemoryStreams.Pair pair = MemoryStreams.pair(4096);
            ends.add(pair.left());
            Heddle.spawn(() -> server.serve(pair.right()));
            HttpClient http = HttpClient.builder().connector((host, port) -> pair.left()).build();
            return http.webSocket("ws://room/").options(options).connect();
        }

        void end() {
            ends.forEach(ByteStream::abort);
            server.close();
        }
    }

    private static String text(WebSocket socket) {
        return ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
    }

    private static void settle() {
        Heddle.sleep(Duration.ofMillis(1));
    }

    @Test
    void socketOfSomebodyElseCannotJoin() {
        var stranger = (WebSocket) Proxy.newProxyInstance(WebSocket.class.getClassLoader(),
                new Class<?>[]{WebSocket.class},
                (proxy, method, arguments) -> method.getName().equals("toString") ? "stranger" : null);
        Sim.run(() -> {
            WebSocketBroadcast room = WebSocketBroadcast.create(16, Overflow.DISCONNECT);
            assertThrows(IllegalArgumentException.class, () -> room.join(stranger));
            assertEquals(0, room.size());
        });
    }

    @Test
    void allGetAllInTheSameOrder() {
        Sim.run(() -> {
            var room = new Room(16, Overflow.DISCONNECT, OPTIONS);
            List<WebSocket> clients = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                clients.add(room.connect(OPTIONS));
            }
            settle();
            assertEquals(100, room.room.size());
            clients.get(3).sendText("hello from 3");
            clients.get(3).sendText("again");
            for (WebSocket client : clients) {
                assertEquals("hello from 3", text(client));
                assertEquals("again", text(client));
            }
            clients.get(5).close();
            settle();
            assertEquals(99, room.room.size());
            assertEquals(new WebSocketBroadcast.Statistics(99, 2, 0, 0), room.room.statistics());
            room.end();
        });
    }

    @Test
    void slowPeerIsDisconnectedAndTheOthersMissNothing() {
        Sim.run(() -> {
            var room = new Room(8, Overflow.DISCONNECT, OPTIONS.withCompression(false));
            WebSocket fast = room.connect(OPTIONS);
            WebSocket slow = room.connect(OPTIONS);
            settle();
            for (int i = 0; i < 100; i++) {
                room.room.sendText("x".repeat(1000) + i);
                assertEquals("x".repeat(1000) + i, text(fast));
            }
            assertEquals(1, room.room.statistics().disconnected());
            assertEquals(1, room.room.size());
            Heddle.sleep(Duration.ofSeconds(6));
            assertThrows(BrokenException.class, () -> {
                while (slow.receive().isPresent()) {
                    // what lay between the ends
                }
            });
            room.end();
        });
    }

    @Test
    void slowPeerThatWakesUpIsToldWhyItIsDisconnected() {
        Sim.run(() -> {
            var room = new Room(8, Overflow.DISCONNECT, OPTIONS.withCompression(false));
            WebSocket slow = room.connect(OPTIONS);
            settle();
            for (int i = 0; i < 20; i++) {
                room.room.sendText("x".repeat(1000));
                settle();
            }
            slow.awaitClose();
            assertEquals(1008, slow.closeCode().orElseThrow());
            assertEquals("too slow", slow.closeReason());
            room.end();
        });
    }

    @Test
    void oldestOrTheNewestMessagesOfASlowPeerAreDropped() {
        Sim.run(() -> {
            var oldest = new Room(2, Overflow.DROP_OLDEST, OPTIONS.withCompression(false));
            var newest = new Room(2, Overflow.DROP_NEWEST, OPTIONS.withCompression(false));
            WebSocket first = oldest.connect(OPTIONS);
            WebSocket second = newest.connect(OPTIONS);
            settle();
            for (int i = 0; i < 10; i++) {
                oldest.room.sendText("x".repeat(3000) + i);
                newest.room.sendText("x".repeat(3000) + i);
                settle();
            }
            // One has arrived, one is on its way, two wait; those that were sent next gave way, or took their place.
            assertEquals(List.of('0', '1', '8', '9'), lastLetters(first));
            assertEquals(List.of('0', '1', '2', '3'), lastLetters(second));
            assertEquals(6, oldest.room.statistics().dropped());
            assertEquals(6, newest.room.statistics().dropped());
            oldest.end();
            newest.end();
        });
    }

    private static List<Character> lastLetters(WebSocket socket) {
        List<Character> letters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String text = text(socket);
            letters.add(text.charAt(text.length() - 1));
        }
        return letters;
    }

    @Test
    void compressedOnceAMessageSuitsSocketsWithAndWithoutContext() {
        Sim.run(() -> {
            WebSocketOptions context = OPTIONS.withMinCompressBytes(0).withContextTakeover(true);
            var room = new Room(16, Overflow.DISCONNECT, context);
            WebSocket with = room.connect(context);
            WebSocket without = room.connect(OPTIONS);
            WebSocket plain = room.connect(OPTIONS.withCompression(false));
            settle();
            for (int i = 0; i < 5; i++) {
                String message = "all of them get this, all of them: " + i + "y".repeat(600);
                room.room.sendText(message);
                for (WebSocket socket : List.of(with, without, plain)) {
                    assertEquals(message, text(socket));
                }
            }
            room.end();
        });
    }

    @Test
    void messagesOfOnesOwnBetweenSharedOnesAreReadWithContext() throws Exception {
        FramePeer.talk(OPTIONS.withMinCompressBytes(0).withContextTakeover(true), (request, socket) -> {
            var room = WebSocketBroadcast.create(16, Overflow.DISCONNECT);
            try (var seat = room.join(socket)) {
                for (int i = 0; i < 4; i++) {
                    socket.sendText("own own own own " + i);
                    room.sendText("own own shared shared " + i);
                    settle();
                }
                assertEquals(0, seat.waiting());
            }
        }, peer -> {
            var inflater = new Inflater(true);
            for (int i = 0; i < 4; i++) {
                assertEquals("own own own own " + i, inflated(inflater, peer.next()));
                assertEquals("own own shared shared " + i, inflated(inflater, peer.next()));
            }
            inflater.end();
        }, "Sec-WebSocket-Extensions: permessage-deflate");
    }

    private static String inflated(Inflater inflater, FramePeer.Frame frame) throws Exception {
        assertEquals(0xc1, frame.first());
        inflater.setInput(FramePeer.join(frame.payload(), new byte[]{0, 0, -1, -1}));
        byte[] out = new byte[1000];
        return new String(out, 0, inflater.inflate(out), StandardCharsets.UTF_8);
    }

    @SimTest(seeds = 50)
    void eachGetsAllInOrderAtItsOwnPace() {
        var random = new Random(Heddle.currentLoop().engine().random());
        int count = 40;
        List<String> shared = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shared.add(i + " ".repeat(random.nextInt(12_000)));
        }
        boolean compressed = random.nextBoolean();
        var room = new Room(count, Overflow.DISCONNECT, OPTIONS.withCompression(compressed));
        List<Task<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            WebSocket client = room.connect(OPTIONS.withCompression(compressed));
            int most = i == 0 ? 0 : random.nextInt(40);
            readers.add(Heddle.spawn(() -> {
                for (String each : shared) {
                    Heddle.sleep(Duration.ofMillis(most == 0 ? 0 : random.nextInt(most)));
                    if (most > 0 && random.nextInt(10) == 0) {
                        client.ping();
                    }
                    assertEquals(each, text(client));
                }
            }));
        }
        room.connect(OPTIONS.withCompression(compressed));
        settle();
        assertEquals(9, room.room.size());
        for (String each : shared) {
            room.room.sendText(each);
            Heddle.sleep(Duration.ofMillis(random.nextInt(10)));
            if (each == shared.get(count / 2)) {
                room.ends.getLast().abort();
            }
        }
        readers.forEach(Task::join);
        assertEquals(8, room.room.size());
        room.end();
    }

    @Test
    void seatThatIsLeftGetsNoMoreThoughTheSocketIsOpen() {
        FramePeer.talk(OPTIONS, (request, socket) -> {
            var room = WebSocketBroadcast.create(16, Overflow.DISCONNECT);
            try (var seat = room.join(socket)) {
                room.sendText("in");
                settle();
                assertEquals(0, seat.waiting());
            }
            room.sendText("out");
            assertEquals(0, room.size());
            socket.sendText("end");
        }, peer -> {
            assertEquals("in", peer.next().text());
            assertEquals("end", peer.next().text());
        });
    }

    @Test
    void waitingForTheSlowestIsRefused() {
        Sim.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> WebSocketBroadcast.create(1, Overflow.WAIT));
            assertThrows(IllegalArgumentException.class, () -> WebSocketBroadcast.create(0, Overflow.DISCONNECT));
        });
    }

    /** Over memory, since a process seldom may open so many sockets. */
    @Test
    @Tag("night")
    void tenThousandPeersWithOneSlowAmongThemOnOneLoop() {
        Heddle.run(() -> {
            int count = 10_000;
            var room = new Room(4, Overflow.DISCONNECT, OPTIONS.withCompression(false));
            List<WebSocket> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(room.connect(OPTIONS));
            }
            while (room.room.size() < count) {
                Heddle.checkpoint();
            }
            WebSocket slow = clients.removeLast();
            int[] got = new int[1];
            List<Task<Void>> readers = new ArrayList<>();
            for (WebSocket client : clients) {
                readers.add(Heddle.spawn(() -> {
                    for (int i = 0; i < 10; i++) {
                        assertEquals(1000, text(client).length());
                        got[0]++;
                    }
                }));
            }
            for (int i = 0; i < 10; i++) {
                room.room.sendText("x".repeat(1000));
                while (got[0] < (i + 1) * (count - 1)) {
                    Heddle.checkpoint();
                }
            }
            readers.forEach(Task::join);
            assertEquals(10 * (count - 1), got[0]);
            assertTrue(slow.isOpen());
            assertEquals(1, room.room.statistics().disconnected());
            assertEquals(count - 1, room.room.size());
            room.end();
        });
    }
}
