package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What URLs the client takes, and what it makes of them. */
final class ClientUrlTest {

    @ParameterizedTest
    @CsvSource({
            "http://example.org, example.org, 80, /, example.org",
            "https://example.org, example.org, 443, /, example.org",
            "HTTP://Example.ORG/A, example.org, 80, /A, example.org",
            "http://example.org:80/, example.org, 80, /, example.org",
            "http://example.org:8080/a?b=c, example.org, 8080, /a?b=c, example.org:8080",
            "https://example.org:80/, example.org, 80, /, example.org:80",
            "http://example.org?q, example.org, 80, /?q, example.org",
            "http://[::1]:8080/x, ::1, 8080, /x, [::1]:8080",
            "http://[2001:DB8::1]/, 2001:db8::1, 80, /, [2001:db8::1]",
            "http://127.0.0.1/, 127.0.0.1, 80, /, 127.0.0.1",
            "http://a/b%2Fc%20d, a, 80, /b%2Fc%20d, a",
    })
    void urlIsTakenApart(String text, String host, int port, String target, String hostField) {
        ClientUrl url = ClientUrl.parse(text);
        assertEquals(host, url.origin().host());
        assertEquals(port, url.origin().port());
        assertEquals(target, url.target());
        assertEquals(hostField, url.hostField());
    }

    @Test
    void fragmentIsNeverSent() {
        assertEquals("/a?b", ClientUrl.parse("http://h/a?b#secret").target());
    }

    @ParameterizedTest
    @CsvSource({
            "http://[0:0:0:0:0:0:0:1]/, ::1",
            "http://[2001:DB8:0:0:1:0:0:1]/, 2001:db8::1:0:0:1",
            "http://[2001:db8:0:1:1:1:1:1]/, 2001:db8:0:1:1:1:1:1",
            "http://4f1c2d3e5a6b:8080/, 4f1c2d3e5a6b", "http://3scale/, 3scale", "http://a.2FA-service/, a.2fa-service",
            "http://my_app_1:80/, my_app_1", "http://_dmarc.a/, _dmarc.a", "http://0xg/, 0xg",
            "http://[::]/, ::",
            "http://[fe80::]/, fe80::",
            "http://[::ffff:127.0.0.1]/, ::ffff:7f00:1",
            "http://[::FFFF:7F00:0001]/, ::ffff:7f00:1",
            "http://EXAMPLE.org./, example.org.",
            "http://\uff11\uff12\uff17.0.0.1/, 127.0.0.1",
            "http://\uff45xample\u3002org/, example.org",
    })
    void hostHasOneFormHoweverItIsWritten(String text, String host) {
        assertEquals(host, ClientUrl.parse(text).origin().host());
    }

    /** WHATWG reads most of them as an address, the JDK some as another, and others take them for names. */
    @ParameterizedTest
    @ValueSource(strings = {
            "2130706433", "0x7f000001", "0x7f.1", "127.1", "017700000001", "0127.0.0.1", "010.0.0.1", "127.0.0.01",
            "127.0.0.1.", "127.0.0.256", "1.2.3.4.5", "example.1", "example.0x1", "example.0x", "%31%32%37.0.0.1",
            "\uff11\uff12\uff17.1", "fa\u00df.example", "\u03b2\u03cc\u03bb\u03bf\u03c2.example", "a\u200db.example"
    })
    void hostThatProgramsReadDifferentlyIsRefused(String host) {
        assertThrows(IllegalArgumentException.class, () -> ClientUrl.parse("http://" + host + "/"));
        ClientUrl base = ClientUrl.parse("http://h/");
        assertThrows(IllegalArgumentException.class, () -> base.resolve("//" + host + "/"));
    }

    @Test
    void internationalHostGoesInItsAsciiForm() {
        ClientUrl url = ClientUrl.parse("http://b\u00fccher.example:81/\u00fc?\u00e4");
        assertEquals("xn--bcher-kva.example", url.origin().host());
        assertEquals(81, url.origin().port());
        assertEquals("/%C3%BC?%C3%A4", url.target());
    }

    /** CVE-2024-47081, among others. */
    @ParameterizedTest
    @ValueSource(strings = {
            "", "/", "example.org", "//example.org/", "http:", "http:/", "http://", "http:///path", "http:example.org",
            "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "ws://example.org/",
            "http://user@example.org/", "http://user:word@example.org/", "http://a:b@evil/", "http://@example.org/",
            "http://good@evil:80/", "http://example.org:/", "http://example.org:0/", "http://example.org:65536/",
            "http://example.org:-1/", "http://example.org:x/", "http://example.org:80:80/", "http://[::1/",
            "http://::1/",
            "http://[fe80::1%25eth0]/", "http://exa mple.org/", "http://example.org/a b", "http://example.org/\r\nX: y",
            "http://example.org\r\n/", "http://example.org/\u0000", "http://example.org/%zz", "http://example.org/%",
            "http://example.org/\\evil", "http://example.org\\@evil/", "http://exa_mple..org/", "http://-a.b/",
            "http://ex\u00fcm ple.org/", "http://\u2100.example/", " http://example.org/", "http://example.org/ ",
            "http://%65xample.org/", "http://example.org/<a>", "http://example.org/{a}", "http://\uff10.\uff10\r/"
    })
    void urlThatIsNotStrictlyHttpIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ClientUrl.parse(text));
    }

    @Test
    void urlOfExcessiveLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ClientUrl.parse("http://h/" + "a".repeat(70_000)));
    }

    @Test
    void hostIsNoLongerThanAServerTakesIt() {
        String longest = "a.".repeat(127) + "b";
        for (String scheme : new String[]{"http://", "HTTP://"}) {
            assertEquals(longest, ClientUrl.parse(scheme + longest + ":80/").hostField());
            assertThrows(IllegalArgumentException.class, () -> ClientUrl.parse(scheme + "a" + longest + "/"));
        }
        ClientUrl base = ClientUrl.parse("http://h/");
        assertThrows(IllegalArgumentException.class, () -> base.resolve("//a" + longest + "/"));
    }

    @Test
    void errorRepeatsNoSecretsAndNoControlCharacters() {
        for (String text : new String[]{
                "http://user:word@example.org/", "http://user:wo rd@example.org/", "ftp://u:word@h/?k=word",
                "http://h/ ?k=word",
                "http://u:word@b\u00fccher.example/", "http://h/\r\n?k=word", "http://u:word@h:x/#word"
        }) {
            String message = assertThrows(IllegalArgumentException.class, () -> ClientUrl.parse(text)).getMessage();
            assertFalse(message.contains("word"), message);
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7f), message);
        }
    }

    @Test
    void logFormHidesTheQuery() {
        assertEquals("http://h/a?...", ClientUrl.parse("http://h/a?token=x").forLog());
        assertEquals("https://h:81/a", ClientUrl.parse("https://h:81/a#f").forLog());
    }

    @ParameterizedTest
    @CsvSource({
            "http://h/a/b?q, c, http://h/a/c",
            "http://h/a/b?q, /c?d, http://h/c?d",
            "http://h/a/b?q, ?x=y, http://h/a/b?x=y",
            "http://h/a/b?q, '#f', http://h/a/b?q",
            "http://h/a/b, ../c, http://h/c",
            "http://h/a/b, //other/x, http://other/x",
            "https://h/a/b, //other/x, https://other/x",
            "http://h:81/a, https://h/b, https://h/b",
            "http://h, b, http://h/b",
            "http://h/a, http://h2, http://h2/",
            "http://h/a/b, c//d, http://h/a/c//d",
            "http://h/a/b, http://h/c//d, http://h/c//d",
            "http://h/a/b, ./c/./d/.., http://h/a/c/",
            "http://h/a/b, ../../../c, http://h/c",
            "http://h/a/b, ., http://h/a/",
            "http://h/a/b, .., http://h/",
            "http://h/a/b, /../.., http://h/",
            "http://h/a/b, /c/.d/..e, http://h/c/.d/..e",
            "http://h/a/b, c%2F..%2Fd, http://h/a/c%2F..%2Fd",
            "http://h/a/b, http://h/secure/../evil?q/../r, http://h/evil?q/../r",
            "http://h/a/b, //g/secure/../evil, http://g/evil",
            "http://h/a/b, http://g/.., http://g/",
            "http://h/a/b, /secure/%2e%2E/evil/.%2E/x/%2e/y/%2e, http://h/x/y/",
            "http://h/a/b, /a%2e/%2e%2e%2e/.%2e.%2e, http://h/a%2e/%2e%2e%2e/.%2e.%2e",
    })
    void locationIsResolvedAgainstTheUrl(String base, String location, String expected) {
        assertEquals(expected, ClientUrl.parse(base).resolve(location).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
            "/b?q=a|b /b?q=a%7Cb", "/{x}/[id] /%7Bx%7D/%5Bid%5D", "/?q=100% /?q=100%25", "/%7c%zz /%7c%25zz",
            "http://g/^` http://g/%5E%60", "//g:81/<> //g:81/%3C%3E", "?\" ?%22", "http://[::1]/[ http://[::1]/%5B",
            "/app#/items/{id}#a|b /app", "?q#` ?q"
    })
    void whatBrowsersSendIsEscaped(String text, String escaped) {
        assertEquals(escaped, ClientUrl.escaped(text));
        assertEquals("/b%20c", ClientUrl.escaped("/b c"));
        ClientUrl.parse("http://h/").resolve(escaped);
    }

    @Test
    void sameOriginIsSchemeHostAndPort() {
        var origin = ClientUrl.parse("http://h/a").origin();
        assertEquals(origin, ClientUrl.parse("http://H:80/b").origin());
        for (String other : new String[]{"https://h/", "http://h:81/", "http://g/", "http://www.h/"}) {
            assertFalse(origin.equals(ClientUrl.parse(other).origin()), other);
        }
    }
}
