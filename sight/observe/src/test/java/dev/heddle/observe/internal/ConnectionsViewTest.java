package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConnectionsViewTest {

    private static final ConnectionSight.Bytes NONE = ConnectionSight.Bytes.NONE;

    /** Public, as records of statistics are. */
    public record Nothing() {}

    private record Inn(Loop loop, Connections<Guest> guests) {

        static final PartKind<Inn> KIND = PartKind.<Inn>of("inn", inn -> new Nothing())
                .named(inn -> "the lamb")
                .connecting(inn -> Map.of(inn.loop, inn.guests));

        Inn(Loop loop, ConnectionSight... sights) {
            this(loop, new Connections<>());
            Arrays.stream(sights).forEach(sight -> guests.add(new Guest(loop, sight)));
        }
    }

    private static class Guest extends Connections.Link {

        private final Loop loop;
        private final ConnectionSight sight;

        Guest(Loop loop, ConnectionSight sight) {
            this.loop = loop;
            this.sight = sight;
        }

        @Override
        protected ConnectionSight sight() {
            if (loop != Heddle.currentLoop()) {
                throw new IllegalStateException("not on the loop");
            }
            return sight;
        }
    }

    private static ConnectionSight sight(String peer) {
        return new ConnectionSight(null, peer, "HTTP/1.1", "idle", null, 0, NONE, -1, List.of());
    }

    private static List<String> seen() throws IOException {
        return seen("connections");
    }

    private static List<String> seen(String request) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new ConnectionsView().write(ViewRequest.parse(request), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void eachConnectionIsALineThatItsLoopTells() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("inn-loop"))) {
            var inn = new Inn(
                    loop,
                    new ConnectionSight(
                            null, "10.0.0.1:5", "HTTP/1.1", "exchange",
                            new ConnectionSight.Held("GET /x", null, 5_000_000), 3_000_000,
                            new ConnectionSight.Bytes(1_000, 2_000, 7, "TLSv1.3 X"), 2_000_000, List.of()),
                    new ConnectionSight(
                            "the barn", "10.0.0.2:5", "HTTP/2", "switched", null, 0, NONE, -1,
                            List.of(new ConnectionSight.Held("stream 1, OPEN", null, -1))));
            Parts.add(Inn.KIND, inn);
            assertEquals(
                    List.of(
                            "{\"kind\":\"connection\",\"of\":\"inn\",\"name\":\"the lamb\",\"loop\":\"inn-loop\","
                                    + "\"peer\":\"10.0.0.1:5\",\"protocol\":\"HTTP/1.1\",\"phase\":\"exchange\","
                                    + "\"request\":\"GET /x\",\"held\":5,\"age\":3,\"in\":1000,\"out\":2000,"
                                    + "\"buffered\":7,\"tls\":\"TLSv1.3 X\",\"deadline\":2}",
                            "{\"kind\":\"connection\",\"of\":\"inn\",\"name\":\"the barn\",\"loop\":\"inn-loop\","
                                    + "\"peer\":\"10.0.0.2:5\",\"protocol\":\"HTTP/2\",\"phase\":\"switched\","
                                    + "\"age\":0,\"in\":0,\"out\":0,\"buffered\":0,\"streams\":[\"stream 1, OPEN\"]}"),
                    seen().stream().filter(line -> line.contains("inn-loop")).toList());
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    @Tag("full")
    void loopThatNobodyDrivesIsNamed() throws IOException {
        try (Loop loop = Loop.create(Config.DEFAULT.withName("still"))) {
            var inn = new Inn(loop);
            var other = new Inn(loop, sight("10.0.0.1:5"));
            Parts.add(Inn.KIND, inn);
            Parts.add(Inn.KIND, other);
            assertEquals(
                    List.of("{\"kind\":\"silent\",\"loop\":\"still\"}"),
                    seen().stream().filter(line -> line.contains("still")).toList(),
                    "once, and then it is not asked any more");
            Reference.reachabilityFence(inn);
            Reference.reachabilityFence(other);
        }
    }

    @Test
    @Tag("full")
    void loopThatIsHeldInTheMidstIsNamedBehindWhatItTold() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("midst"))) {
            var inn = new Inn(loop);
            var release = new AtomicBoolean();
            for (int i = 0; i < 1000; i++) {
                int n = i;
                inn.guests.add(new Guest(loop, sight("10.0.0.1:" + n)) {
                    @Override
                    protected ConnectionSight sight() {
                        if (n == 700) {
                            loop.callSoon(() -> {
                                while (!release.get()) {
                                    Thread.onSpinWait();
                                }
                            });
                        }
                        return super.sight();
                    }
                });
            }
            Parts.add(Inn.KIND, inn);
            List<String> seen = seen().stream().filter(line -> line.contains("midst")).toList();
            release.set(true);
            assertEquals("{\"kind\":\"silent\",\"loop\":\"midst\"}", seen.getLast());
            assertEquals(801, seen.size(), "eight slices of 100, and that");
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    void taskThatHoldsARequestIsToldWithWhatItWaitsForAndTheLine() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("holding"))) {
            Task<Void> holder = loop.spawn("pay", () -> Heddle.sleep(Duration.ofHours(1)));
            Task<Void> ended = loop.spawn("paid", () -> {});
            loop.spawn(() -> {
                ended.join();
                Heddle.sleep(Duration.ofMillis(1));
            }).toCompletableFuture().join();
            var held = new ConnectionSight.Held("GET /x", holder, 2_000_000_000);
            var over = new ConnectionSight.Held("GET /y", ended, 0);
            var inn = new Inn(
                    loop,
                    new ConnectionSight(null, "one", "HTTP/1.1", "exchange", held, 0, NONE, -1, List.of()),
                    new ConnectionSight(null, "two", "HTTP/2", "exchange", over, 0, NONE, -1, List.of(held, over)));
            Parts.add(Inn.KIND, inn);
            List<String> seen = seen().stream().filter(line -> line.contains("holding")).toList();
            String by = "\"task\":" + holder.id() + ",\"by\":\"pay\",\"for\":\"sleeping 1 h\",\"at\":\"";
            assertTrue(seen.getFirst().contains("\"request\":\"GET /x\",\"held\":2000," + by), seen::toString);
            assertTrue(seen.getLast().contains("\"request\":\"GET /y\",\"held\":0,\"age\""), seen::toString);
            assertTrue(
                    seen.getLast().contains("\"GET /x, for 2000 ms by task " + holder.id() + " pay at "),
                    seen::toString);
            assertTrue(seen.getLast().contains(",\"GET /y\"]"), seen::toString);
            holder.cancel();
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    void noMoreConnectionsAreToldThanAskedFor() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("short"))) {
            var inn = new Inn(loop);
            for (int i = 0; i < 1000; i++) {
                inn.guests.add(new Guest(loop, sight("10.0.0.1:" + i)));
            }
            Parts.add(Inn.KIND, inn);
            assertEquals(300, seen("connections max=300").size());
            assertEquals(1000, seen().stream().filter(line -> line.contains("short")).count());
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    void peerWithControlCharactersIsEscaped() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("rude"))) {
            var inn = new Inn(loop, sight("\u001b[31m\n\u0000"));
            Parts.add(Inn.KIND, inn);
            List<String> seen = seen().stream().filter(line -> line.contains("rude")).toList();
            assertEquals(1, seen.size());
            assertTrue(seen.getFirst().contains("\"peer\":\"\\u001b[31m\\u000a\\u0000\""), seen::toString);
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    void oneWhoseTransportCannotSayItsAddressIsLeftOut() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("broken"))) {
            var inn = new Inn(loop, sight("one"));
            inn.guests.add(new Guest(loop, sight("two")) {
                @Override
                protected ConnectionSight sight() {
                    throw new IllegalStateException("no address");
                }
            });
            inn.guests.add(new Guest(loop, sight("three")));
            Parts.add(Inn.KIND, inn);
            assertEquals(2, seen().stream().filter(line -> line.contains("broken")).count());
            Reference.reachabilityFence(inn);
        }
    }
}
