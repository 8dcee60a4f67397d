package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What curl prints is read as an answer, or is a failure. */
final class CurlTest {

    @Test
    void readsTheAnswerAndWhatWasSent() {
        assertEquals(new Curl("1048576", 200, 1_048_576), Curl.parse("1048576\n200 1048576"));
    }

    @Test
    void answerWithoutABodyIsEmpty() {
        assertEquals(new Curl("", 201, 7), Curl.parse("\n201 7"));
    }

    @Test
    void outputWithoutNumbersIsAFailure() {
        assertThrows(IllegalArgumentException.class, () -> Curl.parse("could not connect"));
        assertThrows(IllegalArgumentException.class, () -> Curl.parse("two\nwords here or more"));
    }
}
