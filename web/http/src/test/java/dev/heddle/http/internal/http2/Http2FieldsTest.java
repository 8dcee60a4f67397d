package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields of HTTP/2 are checked one by one (RFC 9113, sections 8.2 and 8.3), and counted whatever they are. */
final class Http2FieldsTest {

    private static final int MAX_BYTES = 200;
    private static final int MAX_COUNT = 5;

    private final Http2Fields fields = new Http2Fields(MAX_BYTES, MAX_COUNT).clear();

    private Http2Fields read(String... namesAndValues) {
        fields.clear();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.field(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    @Test
    void pseudoFieldsAndOthersAreKeptApart() {
        read(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", "x", "y");
        assertNull(fields.malformed());
        assertNull(fields.repeated());
        assertTrue(fields.hasPseudo());
        assertEquals("GET", fields.method());
        assertEquals("http", fields.scheme());
        assertEquals("/", fields.path());
        assertEquals("a", fields.authority());
        assertNull(fields.status());
        assertEquals(-1, fields.contentLength());
        assertEquals(List.of("y"), fields.headers().all("x"));
        assertSame(fields.headers(), fields.headers());
        assertEquals("200", read(":status", "200").status());
        assertFalse(read("x", "y").hasPseudo());
        assertNull(fields.method());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            ":method|GET|:method|GET", ":status|1|:status|1", ":x|y|a|b", "a|b|:path|/", "|a|b|c", "A|b|c|d", "Z|b|c|d",
            "a b|c|d|e", "a:|b|c|d", "connection|close|a|b", "keep-alive|a|b|c", "proxy-connection|a|b|c",
            "transfer-encoding|chunked|a|b", "upgrade|a|b|c", "te|gzip|a|b", "a|' b'|c|d", "a|'b '|c|d",
            "content-length|x|a|b", "content-length|-1|a|b"})
    void wrongFieldsMakeTheMessageMalformed(String name, String value, String other, String its) {
        assertNotNull(read(name == null ? "" : name, value, other, its).malformed());
        assertNull(read("a", "b").malformed(), "the next block is another one");
    }

    @Test
    void controlCharactersMakeAMessageMalformed() {
        for (String value : List.of("a\0", "a\nb", "a\rb", "\177")) {
            assertNotNull(read("a", value).malformed());
        }
        assertNull(read("a", "").malformed());
        assertNull(read("a", "b\tc").malformed());
    }

    @ParameterizedTest
    @CsvSource({"te, trailers", "te, Trailers", "a0!#$%&'*+-.^_`|~z, b", "content-length, 0",
            "priority, 'u=9, i=?2, ;='"})
    void unusualFieldsAreFine(String name, String value) {
        assertNull(read(name, value).malformed());
        assertEquals(value, fields.headers().get(name).orElseThrow());
    }

    @Test
    void lengthOfTheBodyIsRead() {
        assertEquals(0, read("content-length", "0").contentLength());
        assertEquals(42, read("content-length", "42").contentLength());
        assertEquals(-1, read("a", "b").contentLength());
    }

    @Test
    void fieldThatMayComeOnceIsNamedIfItComesTwice() {
        assertEquals("content-length", read("content-length", "1", "content-length", "1").repeated());
        assertEquals("host", read("host", "a", "host", "a").repeated());
        assertNull(read("accept", "a", "accept", "b").repeated());
        assertEquals(List.of("a", "b"), fields.headers().all("accept"));
    }

    @Test
    void piecesOfCookiesAreOneField() {
        assertEquals(List.of("a=1; b=2"), read("cookie", "a=1", "x", "y", "cookie", "b=2").headers().all("cookie"));
        assertEquals(List.of("a=1"), read("cookie", "a=1").headers().all("cookie"));
        assertFalse(read("x", "y").headers().contains("cookie"));
    }

    @Test
    void sizeIsThatOfNamesAndValuesWith32ForEachField() {
        assertFalse(read("a".repeat(80), "b".repeat(88)).isTooLarge(), "168 and 32");
        assertTrue(read("a".repeat(80), "b".repeat(89)).isTooLarge());
        assertFalse(read("a", "b".repeat(50), "c", "d".repeat(84)).isTooLarge(), "136 and 64");
        assertTrue(read("a", "b".repeat(50), "c", "d".repeat(85)).isTooLarge());
        assertFalse(read("a", "", "b", "", "c", "", "d", "", "e", "").isTooLarge());
        assertTrue(read("a", "", "b", "", "c", "", "d", "", "e", "", "f", "").isTooLarge());
    }

    @Test
    void nothingIsKeptOfWhatIsTooLargeOrMalformed() {
        read("a".repeat(200), "b", "x", "y");
        assertEquals(0, fields.headers().size());
        assertNull(fields.malformed());
        read("A", "b", "x", "y");
        assertEquals(0, fields.headers().size());
        assertEquals("a field's name is malformed", read("A", "b", "upgrade", "y").malformed(), "the first counts");
    }

    @ParameterizedTest
    @CsvSource({
            "connection, true", "Connection, true", "KEEP-ALIVE, true", "transfer-encoding, true", "upgrade, true",
            "proxy-connection, true", "te, false", "date, false", "connectiox, false", "'', false"})
    void fieldsOfAConnectionOfHttp1AreKnownInAnyCase(String name, boolean is) {
        assertEquals(is, Http2Fields.isOfHttp1(name));
    }
}
