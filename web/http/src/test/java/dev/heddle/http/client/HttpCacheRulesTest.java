package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.syntax.HttpDate;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules of RFC 9111 one by one: a reply comes, time passes, and the same is asked again. Then the server is not
 * asked (hit), asked whether anything has changed (check), or asked anew (ask).
 */
final class HttpCacheRulesTest {

    private static final Pattern DATE = Pattern.compile("\\{(-?\\d+)}");

    /** Field lines, with dates as seconds from now in braces. */
    private static String fields(String lines) {
        String text = lines == null ? "" : lines.strip().replaceAll("\\s*\\|\\s*", "\r\n") + "\r\n";
        return DATE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
                HttpDate.format(Heddle.currentLoop().engine().now().plusSeconds(Long.parseLong(match.group(1))))));
    }

    private static void request(HttpClient http, String lines) {
        ClientRequest request = http.request("GET", "http://site/page");
        fields(lines).lines().filter(line -> !line.isEmpty()).forEach(line -> {
            int colon = line.indexOf(':');
            request.addHeader(line.substring(0, colon), line.substring(colon + 1).strip());
        });
        assertFalse(request.send().bytes().length == 0);
    }

    /** Plays one row: the status and fields of the first reply, the seconds until then, the fields of both requests. */
    private static void check(String verdict, String status, String reply, int seconds, String first, String second) {
        Sim.run(1, () -> {
            var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send("HTTP/1.1 " + status + " Words\r\n" + fields(reply) + "Content-Length: 4\r\n\r\nbody");
                }
            });
            var cache = HttpCache.inMemory(1_000_000);
            try (server; var http = server.client().cache(cache).followRedirects(false).build()) {
                request(http, first);
                Heddle.sleep(Duration.ofSeconds(seconds));
                request(http, second);
                String asked = server.requests.size() == 1
                        ? "hit"
                        : server.requests.getLast().contains("If-") ? "check" : "ask";
                assertEquals(verdict, asked, () -> server.requests + " " + cache);
                assertEquals(verdict.equals("hit") ? 1 : 0, cache.statistics().hits());
                assertTrue(cache.statistics().bytes() >= 0);
            }
        });
    }

    @ParameterizedTest(name = "{0}: {2} with {3} after {4} s")
    @CsvSource(delimiter = ';', value = {
            // explicit lifetimes (sections 4.2.1, 5.2.2.1, 5.3)
            "max-age is how long it is fresh; hit; 200; Cache-Control: max-age=100; 98",
            "max-age ends; ask; 200; Cache-Control: max-age=100; 100",
            "max-age in quotes; hit; 200; Cache-Control: max-age=\"100\"; 98",
            "max-age of no number; ask; 200; Cache-Control: max-age=soon; 1",
            "max-age of nothing; ask; 200; Cache-Control: max-age=; 1",
            "max-age below nothing; ask; 200; Cache-Control: max-age=-1; 1",
            "max-age with something behind; ask; 200; Cache-Control: max-age=100 200; 1",
            "max-age of many digits is long; hit; 200; Cache-Control: max-age=99999999999999999999999; 100000000",
            "the first max-age counts; ask; 200; Cache-Control: max-age=10, max-age=100; 50",
            "max-age in a second field; hit; 200; Cache-Control: private | Cache-Control: MAX-AGE = 100; 50",
            "max-age inside quotes is none; ask; 200; Cache-Control: x=\"max-age=100, max-age=100; 50",
            "s-maxage is not for private caches; ask; 200; Cache-Control: s-maxage=100, max-age=10; 50",
            "Expires is how long it is fresh; hit; 200; Date: {0} | Expires: {100}; 98",
            "Expires ends; ask; 200; Date: {0} | Expires: {100}; 100",
            "Expires counts from the Date; ask; 200; Date: {50} | Expires: {100}; 60",
            "Expires counts from now without a Date; hit; 200; Expires: {100}; 98",
            "Expires that is no date has passed; ask; 200; Expires: 0; 1",
            "Expires in a far year; hit; 200; Expires: Fri, 31 Dec 9999 23:59:59 GMT; 100000000",
            "a far year of many digits; hit; 200; Expires: Fri, 31 Dec +999999999 23:59:59 GMT; 1",
            "max-age before Expires; ask; 200; Cache-Control: max-age=10 | Expires: {100}; 50",
            // guesses (section 4.2.2)
            "a tenth of the time since the change; hit; 200; Last-Modified: {-1000}; 98",
            "the tenth ends; check; 200; Last-Modified: {-1000}; 101",
            "a day at most; hit; 200; Last-Modified: {-100000000}; 86300",
            "the day ends; check; 200; Last-Modified: {-100000000}; 86401",
            "no guess beside max-age; check; 200; Cache-Control: max-age=0 | Last-Modified: {-1000}; 1",
            "no guess beside Expires; check; 200; Expires: 0 | Last-Modified: {-1000}; 1",
            "no guess for a status that has none; ask; 302; Last-Modified: {-1000}; 1",
            "public allows a guess; hit; 302; Cache-Control: public | Last-Modified: {-1000}; 50",
            "no guess of a change to come; check; 200; Last-Modified: {1000}; 1",
            // age (section 4.2.3)
            "Age counts; ask; 200; Cache-Control: max-age=100 | Age: 60; 50",
            "Age that is no number; hit; 200; Cache-Control: max-age=100 | Age: old; 50",
            "the first Age of several; ask; 200; Cache-Control: max-age=100 | Age: 60, 1 | Age: 2; 50",
            "an old Date counts as age; ask; 200; Cache-Control: max-age=100 | Date: {-60}; 50",
            "a Date to come makes nothing younger; ask; 200; Cache-Control: max-age=100 | Date: {60}; 120",
            "the greater of both; ask; 200; Cache-Control: max-age=100 | Date: {-60} | Age: 10; 50",
            // what may be stored (section 3)
            "nothing that tells how long; ask; 200; X: y; 1",
            "nothing but a validator; check; 200; ETag: \"a\"; 1",
            "no-store; ask; 200; Cache-Control: no-store, max-age=100; 1",
            "no-store with a validator; ask; 200; Cache-Control: no-store | ETag: \"a\"; 1",
            "private; hit; 200; Cache-Control: private, max-age=100; 1",
            "must-understand overrules no-store; hit; 200; Cache-Control: no-store, must-understand, max-age=9; 1",
            "must-understand of what is not; ask; 299; Cache-Control: must-understand, max-age=100; 1",
            "a status that nobody knows; hit; 299; Cache-Control: max-age=100; 1",
            "203; hit; 203; Cache-Control: max-age=100; 1",
            "301; hit; 301; Cache-Control: max-age=100; 1",
            "302; hit; 302; Cache-Control: max-age=100; 1",
            "404; hit; 404; Cache-Control: max-age=100; 1",
            "404 by a guess; hit; 404; Last-Modified: {-1000}; 50",
            "500; hit; 500; Cache-Control: max-age=100; 1",
            "500 without a word; ask; 500; ETag: \"a\"; 1",
            "206; ask; 206; Cache-Control: max-age=100 | Content-Range: bytes 0-3/8; 1",
            // what asks to be asked (sections 5.2.2.2, 5.2.2.4)
            "no-cache; check; 200; Cache-Control: no-cache, max-age=100 | ETag: \"a\"; 1",
            "no-cache of one field; check; 200; Cache-Control: no-cache=\"X, Y\", max-age=100 | ETag: \"a\"; 1",
            "no-cache and no validator; ask; 200; Cache-Control: no-cache, max-age=100; 1",
            "must-revalidate while fresh; hit; 200; Cache-Control: must-revalidate, max-age=100; 98",
            "must-revalidate when stale; check; 200; Cache-Control: must-revalidate, max-age=9 | ETag: \"a\"; 9",
            "stale-while-revalidate allows nothing; check; 200; Cache-Control: max-age=9, stale-while-revalidate=99"
                    + " | ETag: \"a\"; 10"
    })
    void reply(String name, String verdict, String status, String reply, int seconds) {
        check(verdict, status, reply, seconds, null, null);
    }

    @ParameterizedTest(name = "{0}: {2} after {3} s with {4}")
    @CsvSource(delimiter = ';', value = {
            // section 5.2.1
            "max-age of the request; hit; max-age=100; 50; Cache-Control: max-age=60",
            "max-age of the request ends; ask; max-age=100; 60; Cache-Control: max-age=60",
            "max-age=0; ask; max-age=100; 0; Cache-Control: max-age=0",
            "max-age of no number; ask; max-age=100; 1; Cache-Control: max-age=soon",
            "min-fresh; hit; max-age=100; 50; Cache-Control: min-fresh=40",
            "min-fresh that is not left; ask; max-age=100; 50; Cache-Control: min-fresh=60",
            "min-fresh of no number; ask; max-age=100; 50; Cache-Control: min-fresh=x",
            "max-stale of any time; hit; max-age=100; 5000; Cache-Control: max-stale",
            "max-stale; hit; max-age=100; 140; Cache-Control: max-stale=50",
            "max-stale that is over; ask; max-age=100; 160; Cache-Control: max-stale=50",
            "max-stale of no number; ask; max-age=100; 101; Cache-Control: max-stale=x",
            "max-stale against must-revalidate; ask; max-age=100, must-revalidate; 101; Cache-Control: max-stale",
            "max-stale and max-age; ask; max-age=100; 120; Cache-Control: max-stale=50, max-age=110",
            "no-cache; ask; max-age=100; 1; Cache-Control: no-cache",
            "no-cache and max-stale; ask; max-age=100; 1; Cache-Control: no-cache, max-stale",
            "no-store passes by; ask; max-age=100; 1; Cache-Control: no-store",
            "only-if-cached; hit; max-age=100; 1; Cache-Control: only-if-cached",
            "an unknown directive; hit; max-age=100; 1; Cache-Control: no-transform, x=y",
            // requests that the cache does not answer
            "Range; ask; max-age=100; 1; Range: bytes=0-1",
            "conditions of its own; check; max-age=100; 1; If-None-Match: \"x\"",
            "conditions for the server only; check; max-age=100; 1; If-Match: \"x\""
    })
    void request(String name, String verdict, String directives, int seconds, String second) {
        check(verdict, "200", "Cache-Control: " + directives, seconds, null, second);
    }

    @ParameterizedTest(name = "{0}: {2}, {3}, then {4}")
    @CsvSource(delimiter = ';', nullValues = "-", value = {
            // section 4.1
            "the same; hit; Vary: Accept-Language; Accept-Language: en; Accept-Language: en",
            "another; ask; Vary: Accept-Language; Accept-Language: en; Accept-Language: de",
            "one without; ask; Vary: Accept-Language; Accept-Language: en; -",
            "both without; hit; Vary: Accept-Language; -; -",
            "then with; ask; Vary: Accept-Language; -; Accept-Language: en",
            "two fields and one of both; hit; Vary: X; X: a | X: b; X: a, b",
            "what it does not name; hit; Vary: Accept-Language; X: a; X: b",
            "all names count; ask; Vary: A, , b | Vary: c; A: 1 | B: 2 | C: 3; A: 1 | B: 2 | C: 4",
            "names in any case; hit; Vary: ACCEPT-language; accept-LANGUAGE: en; Accept-Language: en",
            "what the client adds; ask; Vary: User-Agent; -; User-Agent: other",
            "what the client adds, said; hit; Vary: User-Agent; -; User-Agent: heddle",
            "the codings that the client adds; ask; Vary: Accept-Encoding; -; Accept-Encoding: br",
            "everything; ask; Vary: *; -; -",
            "everything among others; ask; Vary: X, *; -; -",
            // stricter than section 3.5: it is for one person
            "the same person; hit; X: y; Authorization: Bearer a; Authorization: Bearer a",
            "another person; ask; X: y; Authorization: Bearer a; Authorization: Bearer b",
            "nobody after a person; ask; X: y; Authorization: Bearer a; -",
            "a person after nobody; ask; X: y; -; Authorization: Bearer a",
            "another session; ask; X: y; Cookie: s=1; Cookie: s=2",
            "another host than the URL says; ask; X: y; -; Host: other",
            "no-store of the first request; ask; X: y; Cache-Control: no-store; -",
            "a first request for a part; ask; X: y; Range: bytes=0-3; -",
            "a first request with conditions; hit; X: y; If-None-Match: \"x\"; -"
    })
    void variant(String name, String verdict, String reply, String first, String second) {
        check(verdict, "200", "Cache-Control: max-age=100 | " + reply, 1, first, second);
    }
}
