package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which host a URL counts for, and what of it may be shown. */
final class JobTest {

    @Test
    void schemeHostAndPortAreCountedTogether() {
        assertEquals("http://example.org:81", FetchJob.of(0, "HTTP://Example.org:81/a?b#c").host());
        assertEquals("https://[::1]", FetchJob.of(0, "https://[::1]/").host());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "example.org",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http:",
            "http:///path",
            "http://",
            "http://a b/",
            "http://h/a b",
            "http://h/%zz",
            "http://[::1/",
            "mailto:a@b",
            "\u0000",
            "http://h/\u001b[31m"
    })
    void whatIsNoHttpUrlIsRefused(String line) {
        String message = assertThrows(IllegalArgumentException.class, () -> FetchJob.of(0, line)).getMessage();

        assertTrue(message.startsWith("invalid URL: "), message);
    }

    @Test
    void passwordIsRefusedAndNeverShown() {
        String line = "http://anna:s3cret@host/path?x=a@b";
        String message = assertThrows(IllegalArgumentException.class, () -> FetchJob.of(0, line)).getMessage();

        assertEquals("invalid URL: a name or password in it is not accepted", message);
        assertEquals("http://***@host/path?x=a@b", FetchJob.shown(line));
        assertEquals("http://***@host", FetchJob.shown("http://a:p@ss@host"));
    }

    @Test
    void passwordInABrokenUrlIsNotShownEither() {
        String line = "http://anna:s3 cret@host/";
        String message = assertThrows(IllegalArgumentException.class, () -> FetchJob.of(0, line)).getMessage();

        assertEquals(-1, message.indexOf("s3"));
        assertEquals("http://***@host/", FetchJob.shown(line));
    }

    @Test
    void anythingElseIsShownAsItIs() {
        for (String line : new String[]{"http://h/@b", "x@y", "//", "http://h?a@b", ""}) {
            assertEquals(line, FetchJob.shown(line));
        }
    }

    @Test
    void endlessLineIsShownInPart() {
        assertEquals(2048 + 3, FetchJob.shown("x".repeat(5000)).length());
    }
}
