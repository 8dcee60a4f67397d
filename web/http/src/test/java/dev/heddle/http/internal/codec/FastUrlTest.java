package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Usual URLs are read in one pass, with the same outcome as others; these are left to {@code java.net.URI}. */
final class FastUrlTest {

    private static final String[] STARTS = {"http://", "https://", "HTTP://", "http:/", ""};
    private static final String[] PARTS = {
            "a", "b", "Z", "-", ".", ".", "1", "127", "255", "256", "0", "127.0.0.1", "example.org", ":", ":80", ":443",
            ":8080",
            ":65535", ":65536", "/", "/", "?", "#", "@", "%41", "%", "[::1]", "_", "~", "!$&'()*+,;=", "|", " ",
            "\u00e4"
    };

    private final SplittableRandom random = new SplittableRandom(Long.getLong("heddle.fuzz.seed", 1));

    @ParameterizedTest
    @ValueSource(strings = {
            "http://example.org", "https://example.org/", "http://127.0.0.1:8080/page/1", "http://a", "http://a:80/",
            "https://a:80/", "http://3com.example-1.org/a/../B?c=d&e=?/:@", "http://1.2.3.4.example:1/-._~!$&'()*+,;="
    })
    void usualUrlIsReadInOnePass(String url) {
        assertEquals(ClientUrl.parseAny(url), FastUrl.read(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "http:", "http://", "http:///", "http://:80/", "http://a:", "http://a:/", "http://a:0/",
            "http://a:080/",
            "http://a:65536/", "http://a:100000/", "http://a:-1/", "HTTP://a/", "http://A/", "ftp://a/", "http://a?b",
            "http://a#b",
            "http://a/b#c", "http://a/%41", "http://a/ ", "http://a/\u00e4", "http://\u00e4/", "http://a/|",
            "http://a/[",
            "http://u@a/", "http://a@b", "http://a:b@c/", "http://[::1]/", "http://a_b/", "http://-a/", "http://a-/",
            "http://a..b/", "http://a./", "http://.a/", "http://1/", "http://1.2.3/", "http://1.2.3.4.5/",
            "http://256.0.0.1/", "http://0001.0.0.1/", "http://a.1/", "http://a.1b/", "http://a\\b/", "http://a\n/"
    })
    void anyOtherIsLeftToTheUri(String url) {
        assertNull(FastUrl.read(url));
    }

    @Test
    void urlOfTheSameOriginTakesItOver() {
        ClientUrl first = ClientUrl.parse("http://example.org:8080/a");
        ClientUrl second = first.parseLike("http://example.org:8080/b?c");
        assertEquals(ClientUrl.parseAny("http://example.org:8080/b?c"), second);
        assertSame(first.origin(), second.origin());
        assertSame(first.hostField(), second.hostField());
        assertEquals("/", first.parseLike("http://example.org:8080").target());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "http://a.example/x", "http://a/x", "http://a:80/x", "http://a:8080/x", "http://ab/x", "http://a",
            "https://a/x", "https://a:443/x", "http://a./x", "http://a?x", "http://a#x", "http://A/x", "HTTP://a/x",
            "http://a/%41", "http://a/x#y", "http://[::1]/x", "http://[::1]:8080/", "http://\u00e4/x",
            "http://1.2.3.4/x"
    })
    void urlIsReadTheSameWhateverOriginIsExpected(String url) {
        for (String other : List.of(
                "http://a/", "http://a:80/", "http://a:8080/", "https://a/", "https://a:443/", "http://[::1]/",
                "http://[::1]:8080/", "http://\u00e4/", "http://1.2.3.4/", url)) {
            assertEquals(ClientUrl.parseAny(url), ClientUrl.parse(other).parseLike(url), other);
        }
    }

    @Test
    @Tag("full")
    void whatIsUsualIsReadAsOthersAre() {
        int usual = 0;
        for (int i = 0; i < 200_000; i++) {
            var url = new StringBuilder(random.nextInt(4) == 0 ? UsualFields.any(random, STARTS) : "http://a");
            for (int parts = random.nextInt(6); parts > 0; parts--) {
                url.append(UsualFields.any(random, PARTS));
            }
            CodecFuzz.clientUrl(url.toString());
            usual += FastUrl.read(url.toString()) == null ? 0 : 1;
        }
        assertTrue(usual > 5_000, "usual URLs: " + usual);
    }
}
