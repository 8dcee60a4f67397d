package dev.heddle.http.server;

import static dev.heddle.http.Through.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.server.ResponseBody;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that has the page gets no other, and one that has seen an older state changes nothing. */
@LeavesNothing
final class ConditionalTest {

    private static final Handler PAGE = r -> Response.html("page").withETag().withHeader("Cache-Control", "no-cache");
    private static final String DATE = "Mon, 06 May 2024 07:08:09 GMT";

    private static String get(Handler handler, String... fields) {
        return Through.ask(Conditional.middleware(), handler, "GET", fields);
    }

    private static int change(String tag, String... fields) {
        return Wire.status(Through.ask((r, next) -> next.handle(r), r -> {
            Conditional.check(r, tag);
            return Response.empty(204);
        }, "PUT", fields));
    }

    @Test
    void pageThatThePeerHasIsNotSentAgain() {
        String tag = field(get(PAGE), "ETag");
        assertTrue(tag.matches("\"[A-Za-z0-9_-]{24}\""), tag);
        for (String same : new String[]{tag, "W/" + tag, "\"x\" , " + tag, "*"}) {
            String answer = get(PAGE, "If-None-Match: " + same);
            assertEquals(304, Wire.status(answer));
            assertEquals("", Wire.body(answer));
            assertEquals(tag, field(answer, "ETag"));
            assertEquals("no-cache", field(answer, "Cache-Control"));
            assertEquals("", field(answer, "Content-Type"));
        }
        assertEquals(200, Wire.status(get(PAGE, "If-None-Match: \"x\"")));
    }

    @Test
    void tagIsOfTheBytes() {
        String one = field(get(r -> Response.text("a").withETag()), "ETag");
        assertEquals(one, field(get(r -> Response.bytes("x/y", new byte[]{'a'}).withETag()), "ETag"));
        assertNotEquals(one, field(get(r -> Response.text("b").withETag()), "ETag"));
        assertThrows(IllegalStateException.class, () -> Response.stream("a/b", out -> {}).withETag());
        assertEquals("\"v7\"", field(get(r -> Response.stream("a/b", out -> {}).withETag("v7")), "ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\"b", "a,b", "\u00e4", "a\r\nb"})
    void tagThatCouldEndEarlyIsRefused(String tag) {
        assertThrows(IllegalArgumentException.class, () -> Response.text("x").withETag(tag));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "If-Modified-Since: Mon, 06 May 2024 07:08:09 GMT|304",
            "If-Modified-Since: Mon, 06 May 2024 07:08:08 GMT|200",
            "If-Modified-Since: junk|200", "If-Unmodified-Since: Mon, 06 May 2024 07:08:08 GMT|412",
            "If-Unmodified-Since: Mon, 06 May 2024 07:08:09 GMT|200", "If-Match: *|200", "If-Match: \"x\"|412"
    })
    void dateIsAConditionToo(String field, int status) {
        assertEquals(status, Wire.status(get(r -> Response.text("x").withHeader("Last-Modified", DATE), field)));
    }

    @Test
    void tagIsAskedBeforeTheDate() {
        Handler both = r -> Response.text("x").withETag("v").withHeader("Last-Modified", DATE);
        assertEquals(200, Wire.status(get(both, "If-None-Match: \"other\"", "If-Modified-Since: " + DATE)));
        assertEquals(304, Wire.status(get(both, "If-None-Match: \"v\"", "If-Modified-Since: junk")));
    }

    @Test
    void errorsAndOtherMethodsAreNotTouched() {
        Handler lost = r -> Response.text("x").withStatus(404).withETag("v");
        assertEquals(404, Wire.status(get(lost, "If-None-Match: \"v\"")));
        Handler done = r -> Response.text("x").withETag("v");
        assertEquals(200, Wire.status(Through.ask(Conditional.middleware(), done, "POST", "If-None-Match: \"v\"")));
        assertEquals(200, Wire.status(get(r -> Response.text("x"), "If-None-Match: *")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "v1|If-Match: \"v1\"|204", "v1|If-Match: \"v0\", \"v1\"|204", "v1|If-Match: \"v0\"|412",
            "v1|If-Match: W/\"v1\"|412", "v1|If-Match: *|204", "v1|If-None-Match: *|412",
            "v1|If-None-Match: \"v1\"|412",
            "v1|If-Match: \"a,*,b\"|412", "v1|If-None-Match: \"x,*,y\"|204", "v1|If-Match: \"a, \"v1\"|412",
            "v1|If-None-Match: \"v0\"|204", "v1|X: y|204", "''|If-Match: *|412", "''|If-Match: \"v1\"|412",
            "''|If-None-Match: *|204", "''|X: y|204", "v1|If-Modified-Since: Mon, 06 May 2024 07:08:09 GMT|204"
    })
    void changeOfAnotherStateThanThePeerHasSeenIsRefused(String tag, String field, int status) {
        assertEquals(status, change(tag, field));
    }

    @Test
    void problemIsAJsonDocument() {
        Response problem = Response.problem(409, "Out of \"stock\"", "only 3\nleft \u00e4");
        assertEquals("application/problem+json", problem.headers().get("Content-Type").orElseThrow());
        byte[] bytes = ((ResponseBody.Bytes) problem.body()).bytes();
        assertEquals("{\"title\":\"Out of \\\"stock\\\"\",\"status\":409,\"detail\":\"only 3\\u000aleft \u00e4\"}",
                new String(bytes, StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> Response.problem(200, "a", "b"));
    }
}
