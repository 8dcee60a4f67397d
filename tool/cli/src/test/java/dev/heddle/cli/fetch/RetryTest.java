package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.currentLoop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which failures of a URL are tried again, when, and which must not be. */
final class RetryTest {

    private static final String WITHOUT = "";

    /** The times between the requests for one URL, which is answered in the same way each time. */
    private static List<Duration> pauses(int status, String retryAfter, String... words) {
        List<Long> asked = new ArrayList<>();
        Sim.run(() -> {
            Response answer = Response.text("no").withStatus(status);
            Response answered = retryAfter.isEmpty() ? answer : answer.withHeader("Retry-After", retryAfter);
            HttpServer.Builder routes = HttpServer.builder().any("/", request -> {
                asked.add(currentLoop().nanoTime());
                return answered;
            });
            List<String> all = new ArrayList<>(List.of("-t", "1h"));
            all.addAll(List.of(words));
            all.add("http://127.0.0.1/");
            FetchOptions options = FetchOptions.parse(all);
            try (HttpServer server = routes.start("127.0.0.1", 0);
                    HttpClient http = options.request().client().followRedirects(false).build()) {
                var pages = new PageFetch(http, options, null);
                FetchOutcome outcome = pages.of(FetchJob.of(0, "http://" + server.address() + "/"));
                assertEquals(status, outcome.status(), outcome.error());
            }
        });
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < asked.size(); i++) {
            pauses.add(Duration.ofNanos(asked.get(i) - asked.get(i - 1)));
        }
        return pauses;
    }

    private static int retries(int status, String... words) {
        return pauses(status, WITHOUT, words).size();
    }

    @Test
    void onlyStatusesThatMayChangeAreTriedAgain() {
        for (int status : new int[]{408, 425, 429, 500, 502, 503, 504}) {
            assertEquals(1, retries(status, "--retries", "1"), "" + status);
        }
        for (int status : new int[]{200, 204, 301, 304, 400, 401, 403, 404, 410, 451, 501, 505}) {
            assertEquals(0, retries(status, "--retries", "1"), "" + status);
        }
    }

    @Test
    void brokenConnectionsAreTriedAgainAndWhatStaysAsItIsIsNot() {
        assertTrue(PageFetch.mayPass(new BrokenException("reset"), true));
        assertTrue(PageFetch.mayPass(new TruncatedException("cut off"), true));
        assertFalse(PageFetch.mayPass(new TlsException("expired"), true));
        assertFalse(PageFetch.mayPass(new DeadlineExceededException("too late"), true));
        assertFalse(PageFetch.mayPass(new IllegalArgumentException("no URL"), true));
    }

    @Test
    void whatMustNotArriveTwiceIsTriedAgainOnlyIfItWasNotLookedAt() {
        assertEquals(1, retries(429, "--retries", "1", "-d", "x"));
        assertEquals(1, retries(503, "--retries", "1", "-d", "x"));
        assertEquals(0, retries(500, "--retries", "1", "-d", "x"));
        assertEquals(0, retries(504, "--retries", "1", "-d", "x"));
        assertFalse(PageFetch.mayPass(new BrokenException("reset"), false));
    }

    @Test
    void waitDoublesUpToItsLimitAndIsSpread() {
        List<Duration> pauses = pauses(503, WITHOUT, "--retries", "20");
        assertEquals(20, pauses.size());
        for (int i = 0; i < pauses.size(); i++) {
            long millis = pauses.get(i).toMillis();
            long full = Math.min(10_000, 200L << i);
            assertTrue(millis >= full / 2 && millis <= full + 100, i + ": " + millis);
        }
    }

    @Test
    void serverThatSaysWhenToComeBackIsBelieved() {
        assertEquals(120, pauses(503, "120", "--retries", "1").getFirst().toSeconds());
        assertTrue(pauses(503, "0", "--retries", "1").getFirst().toMillis() < 300);
    }

    @Test
    void serverThatAsksForMoreThanThereIsIsNotWaitedFor() {
        assertEquals(List.of(), pauses(503, "7200", "--retries", "1"));
    }

    @Test
    void strangeTimeToComeBackIsIgnored() {
        for (String value : new String[]{"Fri, 31 Dec 1999 23:59:59 GMT", "-5", "1e9", "9999999999"}) {
            assertTrue(pauses(503, value, "--retries", "1").getFirst().toMillis() < 300, value);
        }
    }
}
