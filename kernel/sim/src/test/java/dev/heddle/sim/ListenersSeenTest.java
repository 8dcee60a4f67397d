package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ListenerGroup;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What there is to see of listeners without HTTP, and of what they have accepted. */
class ListenersSeenTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static List<Part<?>> parts() {
        return Parts.all().stream()
                .filter(part -> part.type().equals("listener"))
                .filter(part -> part.connections().containsKey(Heddle.currentLoop()))
                .toList();
    }

    private static List<ConnectionSight> seen() {
        List<ConnectionSight> all = new ArrayList<>();
        for (Part<?> part : parts()) {
            Connections<?>.Walk walk = part.connections().get(Heddle.currentLoop()).walk();
            while (!walk.isOver()) {
                all.addAll(walk.next());
            }
        }
        return all;
    }

    @SimTest(seeds = 3)
    @SuppressWarnings("try") // it is closed early
    void servedConnectionTellsItsAgeItsBytesAndItsTaskUntilItEnds() {
        try (Listener listener = Tcp.listen("127.0.0.1", 7)) {
            var server = Heddle.spawn(() -> listener.serve(10, stream -> {
                stream.readExactly(3);
                stream.write("abcde");
                stream.readAll(100);
            }));
            try (ByteStream peer = Tcp.connect("127.0.0.1", 7)) {
                peer.write("xyz");
                Heddle.sleep(SECOND);
                List<ConnectionSight> seen = seen();
                assertEquals(2, seen.size());
                assertEquals("listening, 1 accepted", seen.getFirst().phase());
                ConnectionSight connection = seen.getLast();
                assertEquals(peer.localAddress(), connection.peer());
                assertEquals("TCP", connection.protocol());
                assertEquals("open", connection.phase());
                assertTrue(connection.ageNanos() > 500_000_000, connection::toString);
                assertEquals(new ConnectionSight.Bytes(3, 5, 0, null), connection.bytes());
                String task = Objects.requireNonNull(Objects.requireNonNull(connection.request()).by()).name();
                assertEquals("connection " + peer.localAddress(), task);
                Part.View view = parts().getFirst().view().orElseThrow();
                assertEquals("127.0.0.1:7", view.name());
                assertEquals(new Connections.Figures(1, 1), view.figures());
            }
            Heddle.sleep(SECOND);
            assertEquals(1, seen().size(), "the listener itself");
            listener.close();
            server.join();
        }
        assertEquals(List.of(), seen());
        assertEquals(List.of(), parts());
    }

    @SimTest(seeds = 3)
    @SuppressWarnings("try") // it is closed early
    void acceptedStreamIsToldUntilItIsClosedAndTheListenerUntilThen() {
        try (Listener listener = Tcp.listen("127.0.0.1", 7)) {
            assertEquals(List.of(), seen(), "nobody accepts yet");
            ByteStream peer = Tcp.connect("127.0.0.1", 7);
            ByteStream stream = listener.accept();
            peer.write("xyz");
            Heddle.sleep(SECOND);
            stream.fill(1);
            ConnectionSight seen = seen().getLast();
            assertEquals(stream.remoteAddress(), seen.peer());
            assertEquals(new ConnectionSight.Bytes(3, 0, 3, null), seen.bytes());
            assertNull(seen.request());
            listener.close();
            assertEquals(1, seen().size(), "the stream alone");
            assertEquals(new Connections.Figures(1, 1), parts().getFirst().view().orElseThrow().figures());
            stream.close();
            assertEquals(List.of(), seen());
            peer.close();
        }
    }

    @SimTest(seeds = 3)
    void peerThatIsSilentForeverIsStillSeen() {
        try (Listener listener = Tcp.listen("127.0.0.1", 7); ByteStream peer = Tcp.connect("127.0.0.1", 7)) {
            Heddle.group(group -> {
                group.spawn(() -> listener.serve(10, stream -> stream.readAll(100)));
                Heddle.sleep(Duration.ofDays(1));
                assertTrue(seen().getLast().ageNanos() > Duration.ofHours(23).toNanos());
                assertTrue(peer.isOpen());
                group.cancel("the end");
            });
        }
        assertEquals(List.of(), seen());
    }

    @SimTest(seeds = 3)
    void eachOfSeveralListenersTellsItsOwn() {
        Heddle.group(group -> {
            Listener one = Tcp.listen("127.0.0.1", 7);
            Listener two = Tcp.listen("127.0.0.1", 8);
            ListenerGroup both = ListenerGroup.of(one, two);
            group.spawn(() -> both.serve(ServeOptions.DEFAULT, stream -> stream.readAll(100)));
            ByteStream first = Tcp.connect("127.0.0.1", 7);
            ByteStream second = Tcp.connect("127.0.0.1", 8);
            Heddle.sleep(SECOND);
            List<String> peers = seen().stream().map(ConnectionSight::peer).toList();
            assertEquals(List.of("", first.localAddress(), "", second.localAddress()), peers);
            first.close();
            second.close();
            both.close();
        });
        assertEquals(List.of(), seen());
    }
}
