package dev.heddle.http.robots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A crawler hears what a site allows it, and asks once (RFC 9309). */
final class RobotsTest {

    private final Logger logger = Logger.getLogger("dev.heddle.http");

    private String file = "User-agent: *\nDisallow: /private";
    private int status = 200;
    private int fetches;
    private Duration delay = Duration.ofMillis(100);

    @BeforeEach
    void beQuiet() {
        logger.setFilter(entry -> false);
    }

    @AfterEach
    void leave() {
        logger.setFilter(null);
    }

    // ---- rules ----

    private static boolean allows(String text, String path) {
        return RobotsRules.parse(text.replace(';', '\n')).allows("ExampleBot/2.1", path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "User-agent: *;Disallow: /a | /a | false",
            "User-agent: *;Disallow: /a | /ab | false",
            "User-agent: *;Disallow: /a | /b | true",
            "User-agent: *;Disallow: /a | /A | true",
            "USER-AGENT : examplebot ;DISALLOW:/a # because | /a | false",
            "User-agent: ExampleBot/1.0;Disallow: / | /a | false",
            "User-agent: Example;Disallow: / | /a | true",
            "User-agent: ExampleBotX;Disallow: / | /a | true",
            "User-agent: ExampleBot;Disallow: /b;;User-agent: *;Disallow: /a | /a | true",
            "User-agent: ExampleBot;Disallow:;User-agent: *;Disallow: / | /a | true",
            "User-agent: a;User-agent: ExampleBot;Disallow: /a | /a | false",
            "User-agent: ExampleBot;Disallow: /a;User-agent: x;Disallow: /b;User-agent: examplebot;Disallow: /c"
                    + " | /c | false",
            "User-agent: ExampleBot;Disallow: /a;User-agent: x;Disallow: /b;User-agent: examplebot;Disallow: /c"
                    + " | /a | false",
            "User-agent: ExampleBot;Disallow: /a;User-agent: x;Disallow: /b | /b | true",
            "User-agent: ExampleBot;Sitemap: /s;Disallow: /a | /a | false",
            "User-agent: x;Disallow: /b;Sitemap: /s;Crawl-delay: 5;Disallow: /a;User-agent: *;Disallow: / | /a | false",
            "Disallow: / | /a | true",
            "Disallow: /;User-agent: ExampleBot;Allow: / | /a | true",
            "User-agent: *;Disallow: /;Allow: /public | /public/x | true",
            "User-agent: *;Allow: /public;Disallow: /public/x | /public/x | false",
            "User-agent: *;Disallow: /page;Allow: /page | /page | true",
            "User-agent: *;Allow: /page;Disallow: /page | /page | true",
            "User-agent: *;Disallow: /*.gif$ | /a/b.gif | false",
            "User-agent: *;Disallow: /*.gif$ | /a/b.gif?x | true",
            "User-agent: *;Disallow: /*.gif$ | /a.gif.gif | false",
            "User-agent: *;Disallow: /*/x/*/y | /1/x/2/x/y | false",
            "User-agent: *;Disallow: /*/x/*/y | /x/y | true",
            "User-agent: *;Disallow: /a$b | /a$b | false",
            "User-agent: *;Disallow: /a$ | /a | false",
            "User-agent: *;Disallow: /a$ | /ab | true",
            "User-agent: *;Disallow: * | /ab | false",
            "User-agent: *;Disallow: /a** | /ab | false",
            "User-agent: *;Disallow: /a?x=* | /a?x=1 | false",
            "User-agent: *;Disallow: / | /robots.txt | true",
            "User-agent: *;Disallow: /foo/bar/ツ | /foo/bar/%E3%83%84 | false",
            "User-agent: *;Disallow: /foo/bar/%E3%83%84 | /foo/bar/ツ | false",
            "User-agent: *;Disallow: /foo/bar/%e3%83%84 | /foo/bar/%E3%83%84 | false",
            "User-agent: *;Disallow: /%62%61%7A | /baz | false",
            "User-agent: *;Disallow: /baz | /%62a%7a | false",
            "User-agent: *;Disallow: /a%2Fb | /a/b | true",
            "User-agent: *;Disallow: /a%2fb | /a%2Fb | false",
            "User-agent: *;Disallow: /a%2Ab | /axb | true",
            "User-agent: *;Disallow: /a%2Ab | /a%2Ab | false",
            "User-agent: *;Disallow: /a% | /a% | false",
            "User-agent: *;Disallow: /a%2A | /a* | false",
            "User-agent: *;Disallow: /a%24 | /a$ | false",
            "User-agent: *;Disallow: /a%24 | /a | true",
            "nonsense;User-agent *;Disallow: / | /a | true",
            "<html>;<a href='x:y'> | /a | true"
    })
    void longestRuleOfTheCrawlersGroupDecides(String text, String path, boolean expected) {
        assertEquals(expected, allows(text, path));
        assertEquals(expected, allows("\ufeff" + text.replace(";", "\r\n"), path));
    }

    @Test
    void fileEndsAfterFiveHundredKibibytesWithItsLastWholeLine() {
        String begin = "User-agent: *\nDisallow: /a\n";
        String filler = "#".repeat(RobotsRules.MAX_BYTES - begin.length() - "\nDisallow: /b".length());
        var rules = RobotsRules.parse(begin + filler + "\nDisallow: /bc\nDisallow: /d\n");
        assertFalse(rules.allows("x", "/a"));
        assertTrue(rules.allows("x", "/b"), "half of a rule is none");
        assertTrue(rules.allows("x", "/d"));
        assertFalse(RobotsRules.parse(begin + filler + "\nDisallow: /b").allows("x", "/b"));
    }

    @Test
    @Tag("full")
    void fileThatIsMadeToCostMuchDoesNot() {
        var many = RobotsRules.parse("User-agent: x\n".repeat(15_000) + "Disallow: /a\n".repeat(15_000));
        assertFalse(many.allows("x", "/a"));
        String stars = "Disallow: /" + "*a".repeat(1_000) + "b\n";
        var slow = RobotsRules.parse("User-agent: *\n" + stars.repeat(250));
        assertFalse(slow.allows("x", "/" + "a".repeat(60_000)), "nobody can tell in ten million steps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "/1.0", " bot", "1bot"})
    void crawlerHasAName(String name) {
        var rules = RobotsRules.parse("");
        assertThrows(IllegalArgumentException.class, () -> rules.allows(name, "/"));
        assertThrows(IllegalArgumentException.class, () -> rules.allows("bot", "x"));
    }

    // ---- sites ----

    private interface Body {
        void run(Robots robots, String base) throws Exception;
    }

    private void site(Body body) {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/robots.txt", request -> {
                        fetches++;
                        Heddle.sleep(delay);
                        return status == 302
                                ? Response.redirect(302, "/elsewhere")
                                : Response.text(file).withStatus(status);
                    })
                    .get("/elsewhere", request -> Response.text("User-agent: *\nDisallow: /moved"))
                    .start("127.0.0.1", 0);
            try (var http = HttpClient.create()) {
                body.run(Robots.of(http), "http://127.0.0.1:" + server.port());
            } finally {
                server.stop(Duration.ZERO);
            }
        });
    }

    private static boolean allows(Robots robots, String url) {
        return robots.allows("bot", URI.create(url));
    }

    @Test
    void siteIsAskedOnceADayHoweverManyWantToKnow() {
        site((robots, base) -> {
            Heddle.map(IntStream.range(0, 50).boxed().toList(), 50, i -> {
                assertFalse(allows(robots, base + "/private/" + i));
                assertTrue(allows(robots, base));
                return i;
            });
            assertEquals(1, fetches);
            file = "";
            Heddle.sleep(Duration.ofHours(23));
            assertFalse(allows(robots, base + "/private"));
            Heddle.sleep(Duration.ofHours(1));
            assertTrue(allows(robots, base + "/private"));
            assertEquals(2, fetches);
            assertEquals("Robots[1 sites]", robots.toString());
        });
    }

    @Test
    void redirectIsFollowed() {
        site((robots, base) -> {
            status = 302;
            assertFalse(allows(robots, base + "/moved"));
            assertTrue(allows(robots, base + "/private"));
        });
    }

    @Test
    void siteWithoutTheFileAllowsAllAndOneThatFailsNothing() {
        for (int none : List.of(400, 401, 403, 404, 410, 429)) {
            site((robots, base) -> {
                status = none;
                assertTrue(allows(robots, base + "/private"));
            });
        }
        for (int failing : List.of(500, 503, 599)) {
            site((robots, base) -> {
                status = failing;
                assertFalse(allows(robots, base + "/a"), failing + "");
                assertTrue(allows(robots, base + "/robots.txt"));
            });
        }
        site((robots, base) -> assertFalse(allows(robots, "http://127.0.0.1:9/a"), "nobody is there"));
    }

    @Test
    void siteThatFailsIsAskedAgainAfterAMinuteAndItsOldRulesGoOnCounting() {
        site((robots, base) -> {
            status = 500;
            assertFalse(allows(robots, base + "/a"));
            assertFalse(allows(robots, base + "/a"));
            assertEquals(1, fetches);
            Heddle.sleep(Duration.ofMinutes(1));
            status = 200;
            assertTrue(allows(robots, base + "/a"));
            assertFalse(allows(robots, base + "/private"));
            Heddle.sleep(Duration.ofDays(2));
            status = 500;
            assertTrue(allows(robots, base + "/a"));
            assertFalse(allows(robots, base + "/private"));
            assertEquals(3, fetches);
            Heddle.sleep(Duration.ofMinutes(1));
            delay = Duration.ofMinutes(5);
            long start = Heddle.currentLoop().nanoTime();
            assertTrue(allows(robots, base + "/a"));
            assertEquals(30, (Heddle.currentLoop().nanoTime() - start) / 1_000_000_000);
        });
    }

    @Test
    void cancelledCallLeavesTheFetchToTheOthers() {
        site((robots, base) -> {
            Task<?> first = Heddle.spawn(() -> allows(robots, base + "/"));
            Heddle.sleep(Duration.ofMillis(10));
            Task<Boolean> second = Heddle.spawn(() -> allows(robots, base + "/private"));
            Heddle.sleep(Duration.ofMillis(10));
            first.cancel();
            assertFalse(second.join());
            assertEquals(1, fetches);
        });
    }

    @Test
    void longFileIsReadToItsBoundAndSitesAreForgotten() {
        site((robots, base) -> {
            delay = Duration.ZERO;
            file = "User-agent: *\nDisallow: /a\n#" + "x".repeat(2 * RobotsRules.MAX_BYTES) + "\nDisallow: /b";
            assertFalse(allows(robots, base + "/a"));
            assertTrue(allows(robots, base + "/b"));
            for (int i = 1; i <= Robots.MAX_SITES; i++) {
                assertFalse(allows(robots, "http://127.0.0.1:" + i + "/a"));
            }
            assertEquals("Robots[" + Robots.MAX_SITES + " sites]", robots.toString());
            assertFalse(allows(robots, base + "/a"));
            assertEquals(2, fetches, "it was the first to be forgotten");
        });
    }
}
