package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a failure says of its subject. */
final class HeddleExceptionTest {

    @Test
    void failureWithoutASubjectSaysAllInItsMessage() {
        HeddleException failure = new BrokenException("the peer is gone");
        assertEquals(Optional.empty(), failure.subject());
        assertEquals("the peer is gone", failure.detail());
        assertEquals("the peer is gone", failure.getMessage());
    }

    @Test
    void subjectStandsBeforeTheDetailAndIsSetOnce() {
        HeddleException failure = new BrokenException("the peer is gone");
        failure.initSubject("GET http://h/");
        assertEquals(Optional.of("GET http://h/"), failure.subject());
        assertEquals("the peer is gone", failure.detail());
        assertEquals("GET http://h/: the peer is gone", failure.getMessage());
        assertEquals("dev.heddle.BrokenException: GET http://h/: the peer is gone", failure.toString());
        assertThrows(IllegalStateException.class, () -> failure.initSubject("GET http://other/"));
    }
}
