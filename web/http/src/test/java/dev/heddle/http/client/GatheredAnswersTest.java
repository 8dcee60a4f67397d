package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.ForwardingEngine;
import dev.heddle.Heddle;
import dev.heddle.engine.GatheringEngine;
import dev.heddle.engine.NioEngine;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers to many requests of one connection of HTTP/2 are gathered, if the engine can; those to a few are not. */
@Timeout(30)
final class GatheredAnswersTest {

    /** What was asked of the engine. */
    private static final class Asked extends ForwardingEngine implements GatheringEngine {

        private final List<Long> nanos = new ArrayList<>();

        Asked() {
            super(new NioEngine());
        }

        @Override
        public void gather(long time) {
            nanos.add(time);
        }
    }

    /** Has so many requests under way at once, twice, and gives what that has asked of the engine. */
    private static List<Long> asked(int requests, HttpClient.Builder options) {
        var engine = new Asked();
        Heddle.run(Config.DEFAULT.withEngine(() -> engine), () -> {
            var all = Event.create();
            var come = new ArrayList<Integer>();
            HttpServer server = HttpServer.builder().get("/{n}", request -> {
                come.add(1);
                if (come.size() % requests == 0) {
                    all.set();
                }
                all.await();
                return Response.text(request.path("n"));
            }).build();
            try (var running = server.start("127.0.0.1", 0); HttpClient http = options.build()) {
                for (int round = 0; round < 2; round++) {
                    all.clear();
                    List<Integer> numbers = IntStream.range(0, requests).boxed().toList();
                    List<String> texts = Heddle.map(
                            numbers, requests, n -> http.get("http://127.0.0.1:" + running.port() + "/" + n).text());
                    assertEquals(numbers.stream().map(String::valueOf).toList(), texts);
                }
            }
        });
        return engine.nanos;
    }

    @Test
    void answersToManyRequestsAreGathered() {
        List<Long> asked = asked(50, HttpClient.builder().http2PriorKnowledge());
        assertFalse(asked.isEmpty());
        assertTrue(asked.stream().allMatch(nanos -> nanos > 0 && nanos <= 100_000), asked::toString);
    }

    @Test
    void answersToAFewRequestsAreNot() {
        assertEquals(List.of(), asked(15, HttpClient.builder().http2PriorKnowledge()));
    }

    @Test
    void answersOverConnectionsOfTheirOwnAreNot() {
        assertEquals(List.of(), asked(50, HttpClient.builder()));
    }
}
