package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.syntax.CookieDate;
import dev.heddle.sim.SimTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cookies are kept and where they go. */
final class CookieJarTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";

    private final CookieJar jar = CookieJar.create();

    @ParameterizedTest
    @CsvSource({
            "a=1, http://h.example/x/y, http://h.example/x, a=1",
            "a=1; Path=/x, http://h.example/, http://h.example/x/y, a=1",
            "a=1; Path=/x, http://h.example/, http://h.example/x, a=1",
            "a=1; Path=/x, http://h.example/, http://h.example/xy, ''",
            "a=1; Path=/x/, http://h.example/, http://h.example/x, ''",
            "a=1; Path=x, http://h.example/p/q, http://h.example/p/r, a=1",
            "a=1, http://h.example/p/q?/r, http://h.example/p/s, a=1",
            "a=1, http://h.example/p/q, http://h.example/, ''",
            "a=1, http://h.example/, http://sub.h.example/, ''",
            "a=1; Domain=h.example, http://h.example/, http://sub.h.example/, a=1",
            "a=1; Domain=.H.Example, http://sub.h.example/, http://other.h.example/, a=1",
            "a=1; Domain=h.example, http://h.example/, http://evilh.example/, ''",
            "a=1; Domain=sub.h.example, http://h.example/, http://sub.h.example/, ''",
            "a=1; Domain=other.example, http://h.example/, http://other.example/, ''",
            "a=1; Secure, https://h.example/, http://h.example/, ''",
            "a=1; Secure, https://h.example/, https://h.example:8443/, a=1",
            "a=1; Secure, http://h.example/, https://h.example/, ''",
            "a=1; SameSite=None, https://h.example/, https://h.example/, ''",
            "a=1; SameSite=None; Secure, https://h.example/, https://h.example/, a=1",
            "' a = 1 2 ; HttpOnly', http://h.example/, http://h.example/, a=1 2",
            "a=b=c, http://h.example/, http://h.example/, a=b=c",
            "=v, http://h.example/, http://h.example/, v",
            "v, http://h.example/, http://h.example/, v",
            "a=, http://h.example/, http://h.example/, a=",
            "a=1; Domain=127.0.0.1, http://127.0.0.1/, http://127.0.0.1/, a=1",
            "a=1; Domain=0.0.1, http://127.0.0.1/, http://127.0.0.1/, ''",
    })
    void cookieGoesWhereItsRulesSay(String cookie, String from, String to, String sent) {
        jar.add(from, cookie);
        assertEquals(sent, jar.header(to));
    }

    @ParameterizedTest
    @CsvSource({
            "com, shop.com, false",
            "co.uk, shop.co.uk, false",
            "github.io, me.github.io, false",
            "uk, shop.co.uk, false",
            "foo.ck, shop.foo.ck, false",
            "www.ck, a.www.ck, true",
            "shop.co.uk, www.shop.co.uk, true",
            "local, h.local, false",
            "com., shop.com., false",
            "co.uk., shop.co.uk., false",
            "..com, shop.com, false",
    })
    void cookieForAPublicSuffixIsRefused(String domain, String host, boolean taken) {
        assertEquals(taken, jar.add("https://" + host + "/", "a=1; Domain=" + domain));
    }

    @Test
    void hostThatIsAPublicSuffixMaySetCookiesForItselfOnly() {
        assertTrue(jar.add("https://github.io/", "a=1; Domain=github.io"));
        assertEquals("a=1", jar.header("https://github.io/"));
        assertEquals("", jar.header("https://me.github.io/"));
        assertTrue(jar.add("http://localhost/", "b=2; Domain=localhost"));
        assertEquals("b=2", jar.header("http://localhost/"));
    }

    @Test
    void anotherListOfPublicSuffixesCanBePluggedIn() {
        PublicSuffixes list = PublicSuffixes.of(List.of("// ours", "", "cloud.example comment", "*.wide.example",
                "!safe.wide.example", "h\u00fctte.example"));
        assertTrue(list.isPublicSuffix("cloud.example"));
        assertTrue(list.isPublicSuffix("a.wide.example"));
        assertTrue(list.isPublicSuffix("anything"));
        assertTrue(list.isPublicSuffix("xn--htte-0ra.example"));
        assertFalse(list.isPublicSuffix("safe.wide.example"));
        assertFalse(list.isPublicSuffix("b.a.wide.example"));
        assertFalse(CookieJar.create(list).add("https://a.cloud.example/", "a=1; Domain=cloud.example"));
    }

    @Test
    void javaWithoutTheListHasTheShortOne() {
        PublicSuffixes list = new SuffixRules(InstalledSuffixes.read(Path.of("/no/such/list")));
        assertTrue(list.isPublicSuffix("co.uk"));
        assertTrue(list.isPublicSuffix("com"));
        assertTrue(list.isPublicSuffix("foo.ck"));
        assertFalse(list.isPublicSuffix("example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "__Host-a=1", "__Host-a=1; Secure", "__Host-a=1; Secure; Path=/x", "__Host-a=1; Path=/",
            "__Host-a=1; Secure; Path=/; Domain=h.example", "__HOST-a=1", "__Secure-a=1", "__secure-a=1; Path=/",
            "=__Host-a=1", "__Host-a", "=__Secure-a=1", "", "=", "a=1\u0000", "a=1\u0001; Path=/", "a\u007f=1",
            "a=\u20ac",
    })
    void cookieThatBreaksARuleIsDropped(String cookie) {
        assertFalse(jar.add("https://h.example/", cookie));
        assertEquals(0, jar.size());
    }

    @Test
    void prefixesThatAreKeptAreTaken() {
        assertTrue(jar.add("https://h.example/x", "__Host-a=1; Secure; Path=/"));
        assertTrue(jar.add("https://h.example/x", "__Secure-b=2; Secure; Domain=h.example"));
        assertFalse(jar.add("http://h.example/x", "__Secure-c=2; Secure"));
        assertEquals("__Host-a=1; __Secure-b=2", jar.header("https://h.example/"));
    }

    @Test
    void unprotectedConnectionCannotHideASecureCookie() {
        jar.add("https://h.example/", "id=good; Secure; Path=/login; Domain=h.example");
        assertFalse(jar.add("http://h.example/", "id=bad; Path=/login"));
        assertFalse(jar.add("http://sub.h.example/", "id=bad; Path=/login/x; Domain=h.example"));
        assertTrue(jar.add("http://h.example/", "id=other; Path=/"));
        assertEquals("id=good; id=other", jar.header("https://h.example/login"));
    }

    @Test
    void longerPathsComeFirstThenOlderCookies() {
        jar.add("http://h/", "c=3; Path=/");
        jar.add("http://h/", "a=1; Path=/x/y");
        jar.add("http://h/", "b=2; Path=/x/y");
        jar.add("http://h/", "d=4; Path=/x");
        jar.add("http://h/", "a=5; Path=/x/y");
        assertEquals("a=5; b=2; d=4; c=3", jar.header("http://h/x/y"));
        assertEquals(Optional.of("5"), jar.get("http://h/x/y", "a"));
        assertEquals(Optional.empty(), jar.get("http://h/", "a"));
    }

    @SimTest(seeds = 2)
    void cookieEndsWithItsTime() {
        jar.add("http://h/", "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        jar.add("http://h/", "b=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT");
        jar.add("http://h/", "c=3; Max-Age=junk");
        jar.add("http://h/", "d=4; Max-Age=99999999999999999999");
        assertEquals("a=1; b=2; c=3; d=4", jar.header("http://h/"));
        Heddle.sleep(Duration.ofSeconds(61));
        assertEquals("b=2; c=3; d=4", jar.header("http://h/"));
        jar.add("http://h/", "b=; Max-Age=0");
        assertEquals("c=3; d=4", jar.header("http://h/"));
        Heddle.sleep(Duration.ofDays(401));
        assertEquals("c=3", jar.header("http://h/"));
        assertEquals(1, jar.size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "Sun, 06 Nov 1994 08:49:37 GMT | 1994-11-06T08:49:37Z",
            "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
            "Sun Nov  6 08:49:37 1994 | 1994-11-06T08:49:37Z",
            "6-november-69 8:4:7 | 2069-11-06T08:04:07Z",
            "1994 6 Nov 08:49:37 | 1994-11-06T08:49:37Z",
    })
    void datesAreReadInManyForms(String text, String date) {
        assertEquals(Instant.parse(date), CookieDate.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "junk", "Sun, 06 Nov 1994", "Sun, 32 Nov 1994 08:49:37", "06 Nov 1600 08:49:37", "06 Nov 1994 24:00:00",
            "30 Feb 2020 00:00:00", "06 Foo 1994 08:49:37",
    })
    void whatIsNoDateIsNone(String text) {
        assertEquals(null, CookieDate.parse(text));
    }

    @Test
    void domainKeepsFiftyCookiesTheLastUsedOnes() {
        for (int i = 0; i < 60; i++) {
            jar.add("http://h/", "c" + i + "=1; Path=/");
            jar.get("http://h/", "c0");
            jar.header("http://h/none");
        }
        assertEquals(CookieJar.MAX_PER_DOMAIN, jar.size());
        jar.add("http://h/", "last=1; Path=/");
        assertTrue(jar.get("http://h/", "last").isPresent());
    }

    @Test
    void jarKeepsThreeThousandCookies() {
        jar.add("http://first/", "a=1");
        for (int i = 0; i < CookieJar.MAX_COOKIES; i++) {
            jar.add("http://h" + i + "/", "a=1");
            if (i == 2_000) {
                jar.header("http://first/");
            }
        }
        assertEquals(CookieJar.MAX_COOKIES, jar.size());
        assertEquals("a=1", jar.header("http://first/"));
        assertEquals("", jar.header("http://h0/"));
    }

    @Test
    void cookieThatIsTooLongIsDropped() {
        assertTrue(jar.add("http://h/", "a=" + "x".repeat(CookieJar.MAX_BYTES - 1)));
        assertFalse(jar.add("http://h/", "b=" + "x".repeat(CookieJar.MAX_BYTES)));
        jar.add("http://h/p/q", "c=1; Path=/" + "x".repeat(2000));
        assertTrue(jar.header("http://h/p/").contains("c=1"));
    }

    /** CVE-2022-27779 of curl: a name with a dot at its end is in no list of suffixes. */
    @Test
    void hostWithADotAtItsEndKeepsItsCookiesToItself() {
        assertFalse(jar.add("http://evil.com./", "a=1; Domain=com."));
        assertTrue(jar.add("http://shop.com./", "b=2; Domain=shop.com."));
        assertEquals("b=2", jar.header("http://shop.com./"));
        assertEquals("", jar.header("http://www.shop.com./"));
        jar.load("heddle cookies 1\ncom.\t/\t-\t-\tc=3\n");
        assertEquals("", jar.header("http://bank.com./"));
    }

    @Test
    void noCookieMakesASavedJarUnreadable() {
        jar.add("http://h.example/x/y", "a=1; Path=/p\tq");
        jar.add("http://h.example/x/y", "b=1\t2");
        var other = CookieJar.create();
        other.load(jar.save());
        assertEquals("a=1; b=1\t2", other.header("http://h.example/x/z"));
    }

    @Test
    void cookieForOneHostIsNotReplacedByOneForAllBelow() {
        jar.add("https://a.example/", "id=ours");
        jar.add("https://below.a.example/", "id=theirs; Domain=a.example");
        assertEquals("id=theirs", jar.header("https://below.a.example/"));
        assertEquals("id=ours; id=theirs", jar.header("https://a.example/"));
    }

    @Test
    void jarSurvivesAsText() {
        jar.add("https://a.example/", "id=1; Secure; HttpOnly; Path=/; Max-Age=1000");
        jar.add("http://b.example/x/", "q=\u00e4 =\t; Domain=b.example");
        var other = CookieJar.create();
        other.load(jar.save());
        assertEquals(jar.save(), other.save());
        assertEquals("id=1", other.header("https://a.example/"));
        assertEquals("", other.header("http://a.example/"));
        assertEquals("", other.header("https://below.a.example/"));
        assertEquals("q=\u00e4 =", other.header("http://c.b.example/x/"));
        assertEquals("CookieJar[2 cookies]", other.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "junk", "heddle cookies 1\nh\t/\t-\t-", "heddle cookies 1\nh\tp\t-\t-\ta=1",
            "heddle cookies 1\nh\t/\tx\t-\ta=1",
            "heddle cookies 1\nh\t/\t-\tsoon\ta=1", "heddle cookies 1\nh\t/\t-\t-\ta=1\u0007",
            "heddle cookies 1\nh\t/\t-\t-\ta= 1", "heddle cookies 1\nh\t/\t-\t-\ta=1 ",
    })
    void textThatIsNoJarIsRefusedAsAWhole(String text) {
        assertThrows(IllegalArgumentException.class, () -> jar.load(text));
        assertEquals(0, jar.size());
    }

    @SimTest(seeds = 5)
    void clientKeepsCookiesOfEveryAnswerAndSendsThemWhereTheyBelong() {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 Found\r\nLocation: http://b.example/in\r\nSet-Cookie: a=1; Path=/\r\n"
                            + "Set-Cookie: x=9; Domain=b.example\r\nContent-Length: 0\r\n\r\n");
                },
                peer -> {
                    while (peer.hasRequest()) {
                        peer.send(OK + "Set-Cookie: b=2\r\n\r\n");
                    }
                });
                var http = server.client().cookies(jar).build()) {
            http.get("http://a.example/").close();
            http.get("http://b.example/").close();
            http.get("http://a.example/").close();
            http.get("http://a.example/").close();
            http.request("GET", "http://a.example/").header("Cookie", "mine=1").send().close();
            assertFalse(server.requests.get(1).contains("Cookie"), server.requests.get(1));
            assertTrue(server.requests.get(2).contains("\r\nCookie: b=2\r\n"), server.requests.get(2));
            assertTrue(server.requests.get(3).contains("\r\nCookie: a=1\r\n"), server.requests.get(3));
            assertTrue(server.requests.get(4).contains("\r\nCookie: a=1; b=2\r\n"), server.requests.get(4));
            assertTrue(server.requests.get(5).contains("\r\nCookie: mine=1\r\n"), server.requests.get(5));
            assertFalse(server.requests.get(5).contains("a=1"));
        }
    }

    @SimTest(seeds = 2)
    void withoutAJarNoCookieIsKept() {
        try (var server = ScriptedServer.answering(OK + "Set-Cookie: b=2\r\n\r\n");
                var http = server.client().build()) {
            http.get("http://a.example/").close();
            http.get("http://a.example/").close();
            assertFalse(server.requests.get(1).contains("Cookie"));
        }
    }

    @Test
    void suffixesOfAUserMayLookIntoTheJarByAnotherThread() {
        jar.add("http://x.a.example/", "c=3; Domain=a.example");
        var other = new AtomicReference<CookieJar>();
        other.set(CookieJar.create(domain -> {
            // Would wait for ever if somebody had the lock of the jar meanwhile.
            int size = CompletableFuture.supplyAsync(other.get()::size).orTimeout(5, TimeUnit.SECONDS).join();
            return size > 100;
        }));
        other.get().load(jar.save());
        assertEquals("c=3", other.get().header("http://y.a.example/"));
    }
}
