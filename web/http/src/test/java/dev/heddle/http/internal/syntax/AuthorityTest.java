package dev.heddle.http.internal.syntax;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host with a port, for all versions of HTTP. */
final class AuthorityTest {

    @ParameterizedTest
    @ValueSource(strings = {
            "a", "a.example", "A-b_c.example.", "127.0.0.1", "a:1", "a:65535", "a:00080", "[::1]", "[::]:80",
            "[2001:db8::1]:8080",
            "[::ffff:1.2.3.4]"
    })
    void hostWithOrWithoutAPortIsValid(String text) {
        assertTrue(Authority.isValid(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", ":80", "a:", "a:0", "a:00000", "a:65536", "a:-1", "a:+1", "a:8o", "a:80:80", "a b", "a/", "user@a",
            "%61",
            "[", "[]", "[:]", "[::1", "::1", "[::1]:0", "[::1]a", "[8:1]", "[1:2:3:4:5:6:7:8:9]", "[::g]", "[::1%lo]",
            "[127.0.0.1]", "[12345::]"
    })
    void anythingElseIsNot(String text) {
        assertFalse(Authority.isValid(text));
    }
}
