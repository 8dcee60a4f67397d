package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.LimitExceededException;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many requests in one call: all of them in order, or each when it is done. */
final class FetchManyTest {

    /** Answers {@code /n} with n after n times 100 ms, and cuts {@code /bad}. */
    private static ScriptedServer server() {
        return ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String path = peer.lastRequest().split(" ", 3)[1].substring(1);
                if (path.equals("bad")) {
                    return;
                }
                Heddle.sleep(Duration.ofMillis(100L * Integer.parseInt(path)));
                peer.send("HTTP/1.1 " + (path.equals("4") ? "404 X" : "200 OK") + "\r\nContent-Length: " + path.length()
                        + "\r\n\r\n" + path);
            }
        });
    }

    private static List<ClientRequest> requests(HttpClient http, String... paths) {
        return Stream.of(paths).map(path -> http.request("GET", "http://h/" + path)).toList();
    }

    @SimTest(seeds = 5)
    void allComeInTheOrderOfTheRequestsAndAFailureStopsNoOther() {
        List<String> failures = new ArrayList<>();
        try (var server = server();
                var http = server.client().build()) {
            List<RequestOutcome> all = Http.mapAll(requests(http, "3", "bad", "1", "4", "2"), 2,
                    (request, failure) -> failures
                            .add(request + " " + failure.getClass().getSimpleName()));
            assertEquals(
                    List.of("3", "!", "1", "4", "2"),
                    all.stream().map(each -> each.isAnswered() ? each.reply().text() : "!").toList());
            assertEquals(404, all.get(3).reply().status());
            assertThrows(BrokenException.class, all.get(1)::reply);
            assertEquals("http://h/bad", all.get(1).request().url().toString());
            assertEquals(List.of("GET http://h/bad BrokenException"), failures);
            assertTrue(server.mostOpen <= 2);
            assertEquals(0, http.statistics().connections() - http.statistics().idle());
        }
    }

    @SimTest(seeds = 5)
    void whatIsNotDoneInTimeIsCancelledAndTheRestIsKept() {
        try (var server = server();
                var http = server.client().build()) {
            List<RequestOutcome> all = Http.mapAllWithin(Duration.ofSeconds(1),
                    requests(http, "1", "50", "2", "bad", "60"),
                    9);
            assertEquals(
                    List.of("Success", "Cancelled", "Success", "Failure", "Cancelled"),
                    all.stream().map(each -> each.outcome().getClass().getSimpleName()).toList());
            assertEquals("2", all.get(2).reply().text());
            assertThrows(TaskCancelledException.class, all.get(1)::reply);
            assertEquals(0, http.statistics().connections() - http.statistics().idle());
        }
    }

    @SimTest(seeds = 5)
    void eachIsHandedOverWhenItIsDone() {
        List<String> order = new ArrayList<>();
        try (var server = server();
                var http = server.client().build()) {
            Http.asCompleted(requests(http, "3", "bad", "1", "2"), 4, each -> order.add(
                    each.outcome() instanceof Outcome.Success<Reply>(Reply reply) ? reply.text() : "!"));
            assertEquals(List.of("!", "1", "2", "3"), order);
        }
    }

    @SimTest(seeds = 3)
    void endlessSourceIsTakenNoFasterThanItsResults() {
        try (var server = server();
                var http = server.client().build()) {
            List<Integer> taken = new ArrayList<>();
            Stream<ClientRequest> endless = IntStream.iterate(0, i -> i + 1).peek(taken::add)
                    .mapToObj(i -> http.request("GET", "http://h/1"));
            List<RequestOutcome> seen = new ArrayList<>();
            var e = assertThrows(GroupException.class, () -> Http.asCompleted(endless::iterator, 3, each -> {
                seen.add(each);
                assertTrue(taken.size() <= seen.size() + 4, taken.size() + " taken, " + seen.size() + " seen");
                if (seen.size() == 10) {
                    throw new IllegalStateException("enough");
                }
            }));
            assertEquals("enough", e.failures().getFirst().getMessage());
            assertEquals(10, seen.size());
            assertEquals(0, http.statistics().connections() - http.statistics().idle());
        }
    }

    @SimTest(seeds = 3)
    void cancelEndsAllThatIsUnderWay() {
        try (var server = server();
                var http = server.client().build()) {
            Task<List<RequestOutcome>> task = Heddle.spawn(() -> Http.mapAll(requests(http, "90", "91", "92"), 2));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(2, http.statistics().connections());
            task.cancel();
            assertInstanceOf(Outcome.Cancelled.class, task.awaitOutcome());
            assertEquals(0, http.statistics().connections());
            assertEquals(2, server.requests.size());
        }
    }

    @SimTest(seeds = 2)
    void shortVerbsFitMethodReferences() {
        try (var server = server();
                var http = server.client().baseUrl("http://h/").build()) {
            List<Reply> replies = Heddle.map(List.of("1", "2"), 2, http::get);
            assertEquals(List.of("1", "2"), replies.stream().map(Reply::text).toList());
            List<RequestOutcome> fetched = Heddle.map(requests(http, "2", "1"), 2, RequestOutcome::of);
            assertEquals("2", fetched.getFirst().reply().text());
        }
    }

    @SimTest(seeds = 2)
    void bodyBeyondTheLimitIsAFailureOfItsRequest() {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789");
                var http = server.client().limits(ClientLimits.DEFAULT.withMaxBodyBytes(8)).build()) {
            RequestOutcome only = Http.mapAll(requests(http, "x"), 1).getFirst();
            assertFalse(only.isAnswered());
            assertThrows(LimitExceededException.class, only::reply);
        }
    }
}
