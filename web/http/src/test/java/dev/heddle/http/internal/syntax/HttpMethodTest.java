package dev.heddle.http.internal.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The methods are those of IANA's registry (last seen 2026-06) that are for every resource; those of WebDAV and its kin
 * are for applications of their own.
 */
final class HttpMethodTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | true  | true  | false
            HEAD    | true  | true  | false
            OPTIONS | true  | true  | false
            TRACE   | true  | true  | false
            QUERY   | true  | true  | true
            PUT     | false | true  | true
            DELETE  | false | true  | false
            POST    | false | false | true
            PATCH   | false | false | true
            CONNECT | false | false | false
            """)
    void methodIsSafeAndIdempotentAsTheRegistrySays(String method, boolean safe, boolean idempotent, boolean body) {
        assertEquals(safe, HttpMethod.isSafe(method));
        assertEquals(idempotent, HttpMethod.isIdempotent(method));
        assertEquals(body, HttpMethod.hasBody(method));
    }

    @ParameterizedTest
    @CsvSource({"BREW", "get", "PROPFIND", "''"})
    void methodThatIsNotKnownMayChangeAnything(String method) {
        assertFalse(HttpMethod.isSafe(method));
        assertFalse(HttpMethod.isIdempotent(method));
        assertFalse(HttpMethod.hasBody(method));
    }

    @Test
    void resourceMayAnswerAllButATunnel() {
        assertEquals(
                List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"),
                List.copyOf(HttpMethod.ofResources()));
    }
}
