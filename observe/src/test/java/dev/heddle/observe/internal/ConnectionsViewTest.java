package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConnectionsViewTest {

    /** Public, as records of statistics are. */
    public record Nothing() {}

    private record Inn(Loop loop, List<ConnectionSight> guests) {

        static final PartKind<Inn> KIND = PartKind.<Inn>of("inn", inn -> new Nothing())
                .named(inn -> "the lamb")
                .connecting(inn -> Map.of(inn.loop, inn::asked));

        List<ConnectionSight> asked() {
            if (loop != Heddle.currentLoop()) {
                throw new IllegalStateException("not on the loop");
            }
            return guests;
        }
    }

    private static List<String> seen() throws IOException {
        var bytes = new ByteArrayOutputStream();
        new ConnectionsView().write(Request.parse("connections"), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void eachConnectionIsALineThatItsLoopTells() throws IOException {
        try (Loop loop = Loop.start(Config.DEFAULT.withName("inn-loop"))) {
            var inn = new Inn(loop, List.of(
                    new ConnectionSight("10.0.0.1:5", "HTTP/1.1", "exchange", "GET /x", 7, 2_000_000, List.of()),
                    new ConnectionSight("10.0.0.2:5", "HTTP/2", "switched", null, 0, -1, List.of("stream 1, OPEN"))));
            Parts.add(Inn.KIND, inn);
            assertEquals(
                    List.of(
                            "{\"kind\":\"connection\",\"of\":\"inn\",\"name\":\"the lamb\",\"loop\":\"inn-loop\","
                                    + "\"peer\":\"10.0.0.1:5\",\"protocol\":\"HTTP/1.1\",\"phase\":\"exchange\","
                                    + "\"request\":\"GET /x\",\"buffered\":7,\"deadline\":2}",
                            "{\"kind\":\"connection\",\"of\":\"inn\",\"name\":\"the lamb\",\"loop\":\"inn-loop\","
                                    + "\"peer\":\"10.0.0.2:5\",\"protocol\":\"HTTP/2\",\"phase\":\"switched\","
                                    + "\"buffered\":0,\"streams\":[\"stream 1, OPEN\"]}"),
                    seen().stream().filter(line -> line.contains("inn-loop")).toList());
            Reference.reachabilityFence(inn);
        }
    }

    @Test
    @Tag("full")
    void aLoopThatNobodyDrivesIsNamed() throws IOException {
        try (Loop loop = Loop.create(Config.DEFAULT.withName("still"))) {
            var inn = new Inn(loop, List.of());
            Parts.add(Inn.KIND, inn);
            assertTrue(seen().contains("{\"kind\":\"silent\",\"loop\":\"still\"}"));
            Reference.reachabilityFence(inn);
        }
    }
}
