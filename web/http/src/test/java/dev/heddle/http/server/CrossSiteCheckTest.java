package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another site's page has a browser send is refused, all else passes. */
@LeavesNothing
final class CrossSiteCheckTest {

    private static final CrossSiteCheck CHECK = CrossSiteCheck.create().trusting("https://login.example");

    private static int status(String method, String... fields) {
        return Wire.status(Through.ask(CHECK, r -> Response.text("done"), method, fields));
    }

    @ParameterizedTest
    @CsvSource({"same-origin,200", "none,200", "same-site,403", "cross-site,403", "junk,403"})
    void browserSaysWhereTheRequestComesFrom(String site, int status) {
        for (String method : new String[]{"POST", "PUT", "DELETE", "PATCH"}) {
            assertEquals(status, status(method, "Sec-Fetch-Site: " + site));
        }
        assertEquals(200, status("GET", "Sec-Fetch-Site: " + site));
        assertEquals(200, status("HEAD", "Sec-Fetch-Site: " + site));
        assertEquals(200, status("QUERY", "Sec-Fetch-Site: " + site));
    }

    @ParameterizedTest
    @CsvSource({"https://a.example,200", "http://A.example,200", "https://evil.example,403", "null,403",
            "https://a.example:8443,403", "a.example,403", "https://a.example.evil,403"})
    void olderBrowsersOriginIsComparedWithTheHost(String origin, int status) {
        assertEquals(status, status("POST", "Origin: " + origin));
    }

    @Test
    void browsersOwnWordCountsMoreThanItsOrigin() {
        assertEquals(403, status("POST", "Sec-Fetch-Site: cross-site", "Origin: https://a.example"));
        assertEquals(200, status("POST", "Sec-Fetch-Site: same-origin", "Origin: https://proxied.example"));
    }

    @Test
    void trustedOriginMayAsk() {
        assertEquals(200, status("POST", "Sec-Fetch-Site: cross-site", "Origin: https://login.example"));
    }

    @Test
    void whatComesFromNoBrowserPasses() {
        assertEquals(200, status("POST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "login.example", "https://login.example/"})
    void onlyOriginsCanBeTrusted(String origin) {
        assertThrows(IllegalArgumentException.class, () -> CHECK.trusting(origin));
    }
}
